"""A folder that is empty all at once is more often a share that is not mounted than one that was meant to be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import CorpusEmptied
from ingest.__main__ import DONE, NOTHING_PUBLISHED, main
from ingest.job import run
from tests.fakes import Workshop


def _paths(workshop: Workshop) -> set[str]:
    with workshop.reading() as generation:
        return {source.path for source in generation.sources.values()}


def _empty(corpus: Path) -> None:
    shutil.rmtree(corpus)
    corpus.mkdir()


@pytest.fixture
def filled(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    workshop.as_settings(monkeypatch)
    workshop.put("a.md", "Vannverket koster fire millioner.")
    workshop.put("mappe/b.md", "Noe annet.")
    workshop.run()
    return workshop


@pytest.mark.parametrize("left", ["", ".hidden", "Thumbs.db"])
def test_an_empty_folder_removes_nothing(filled: Workshop, left: str) -> None:
    before = filled.folders.current_name()
    _empty(filled.corpus)
    if left:
        filled.put(left, "x")
    with pytest.raises(CorpusEmptied, match="2 documents"):
        filled.run()
    assert filled.folders.current_name() == before
    assert _paths(filled) == {"a.md", "mappe/b.md"}
    filled.put("a.md", "Vannverket koster fire millioner.")
    assert filled.run().removed == 1, "one document is left: no empty folder"


def test_what_is_read_anew_is_kept_too(filled: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.split.VERSION", 99)
    _empty(filled.corpus)
    with pytest.raises(CorpusEmptied):
        filled.run()
    assert _paths(filled) == {"a.md", "mappe/b.md"}


def test_an_empty_folder_that_is_meant_removes_all(filled: Workshop) -> None:
    _empty(filled.corpus)
    outcome = run(replace(filled.options, allow_empty=True), lambda step: None)
    assert (outcome.removed, outcome.documents) == (2, 0)
    assert filled.run().generation == outcome.generation, "nothing is left that could be lost"


@pytest.mark.parametrize(("language", "words"), [("nb", "er tom"), ("nn", "tømd med vilje"), ("en", "is empty")])
def test_the_command_says_what_to_do(
    filled: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE", language)
    _empty(filled.corpus)
    assert main(["--json-lines"]) == NOTHING_PUBLISHED
    printed = capsys.readouterr()
    assert words in printed.err
    assert "--allow-empty" in printed.err
    assert json.loads(printed.out)["code"] == "corpus_emptied"
    assert main(["--allow-empty"]) == DONE
    assert _paths(filled) == set()


def test_watching_waits_for_a_share_that_is_mounted_later(
    filled: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def changes(corpus: Path, *seconds: float) -> Iterator[bool]:
        yield True
        seen.append(_paths(filled))
        filled.put("a.md", "Vannverket koster fem millioner.")
        filled.put("c.md", "Noe nytt.")
        yield False
        seen.append(_paths(filled))
        _empty(filled.corpus)
        yield True
        seen.append(_paths(filled))

    monkeypatch.setattr("ingest.__main__.watch", changes)
    _empty(filled.corpus)
    assert main(["--watch"]) == DONE
    assert seen == [{"a.md", "mappe/b.md"}, {"a.md", "c.md"}, {"a.md", "c.md"}]
    assert capsys.readouterr().err.count("--allow-empty") == 3
