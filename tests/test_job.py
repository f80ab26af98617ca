"""The job from a folder to a published generation: what it counts, what it survives, what it says."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import BadSources, ModelUnavailable, NoSuchFolder, VectorStoreUnavailable
from assistant.index import Folders
from assistant.search import search
from assistant.vectors import drop
from ingest import job
from ingest.__main__ import DONE, NOTHING_PUBLISHED, SOME_FAILED, main
from ingest.job import Outcome, Step, run
from ingest.texts import TEXTS
from tests.fakes import Workshop
from tests.stores import ChromaServer, collections, everywhere
from tests.weights import FakeModel


def _counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.added, outcome.changed, outcome.unchanged, outcome.removed


def _texts(workshop: Workshop) -> dict[str, str]:
    with workshop.reading() as generation:
        return {s.path: generation.document(s.id).text for s in generation.sources.values()}


def _titles(workshop: Workshop) -> dict[str, str]:
    with workshop.reading() as generation:
        return {s.path: s.title for s in generation.sources.values()}


def _marks(workshop: Workshop) -> dict[str, str | None]:
    with workshop.reading() as generation:
        return {s.path: s.unread for s in generation.sources.values()}


# --- what changes -------------------------------------------------------------------------------


@everywhere
def test_added_changed_unchanged_and_removed_are_told_apart(workshop: Workshop) -> None:
    for name in "abc":
        workshop.put(f"{name}.md", f"Dokumentet heter {name}.")
    first = workshop.run()
    assert _counts(first) == (3, 0, 0, 0)
    assert (first.documents, first.passages, first.embedded) == (3, 3, 3)

    workshop.put("b.md", "Dokumentet er endret.")
    workshop.put("mappe/d.txt", "Dokumentet er nytt.")
    (workshop.corpus / "c.md").unlink()
    second = workshop.run()
    assert _counts(second) == (1, 1, 1, 1)
    assert (second.documents, second.passages, second.embedded) == (3, 3, 2)
    assert second.generation != first.generation
    assert _texts(workshop) == {
        "a.md": "Dokumentet heter a.", "b.md": "Dokumentet er endret.", "mappe/d.txt": "Dokumentet er nytt.",
    }  # fmt: skip


@everywhere
def test_nothing_new_publishes_and_embeds_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.put("a.md", "Noe om vekst.")
    first = workshop.run()
    monkeypatch.setattr("ingest.job.open_passages", None)
    os.utime(workshop.corpus / "a.md", (1, 1))
    second = workshop.run()
    assert _counts(second) == (0, 0, 1, 0)
    assert (second.generation, second.documents, second.embedded) == (first.generation, 1, 0)


def test_a_moved_file_is_removed_and_added(workshop: Workshop) -> None:
    file = workshop.put("a.md", "Noe om vekst.")
    workshop.run()
    file.rename(workshop.corpus / "b.md")
    assert _counts(workshop.run()) == (1, 0, 0, 1)
    assert list(_texts(workshop)) == ["b.md"]


@everywhere
def test_the_same_text_in_two_files_is_found_in_both(workshop: Workshop) -> None:
    workshop.put("a.md", "Et avsnitt som står i begge.")
    workshop.put("b.md", "Et avsnitt som står i begge.")
    outcome = workshop.run()
    assert (outcome.documents, outcome.passages) == (2, 2)
    question = "Hvilket avsnitt står i begge?"
    with workshop.reading() as generation:
        hits = search(generation, question, FakeModel().query(question), 10)
    assert {hit.source.path for hit in hits} == {"a.md", "b.md"}


def test_a_sidecar_is_part_of_its_document(workshop: Workshop) -> None:
    workshop.put("a.txt", "Noe om vekst.")
    workshop.run()
    sidecar = workshop.put("a.yaml", "title: Vekstplan\ndate: 2021-02\n")
    assert _counts(workshop.run()) == (0, 1, 0, 0)
    assert _titles(workshop) == {"a.txt": "Vekstplan"}
    sidecar.write_text("title: Ny plan\n")
    assert _counts(workshop.run()) == (0, 1, 0, 0)
    assert _titles(workshop) == {"a.txt": "Ny plan"}
    sidecar.unlink()
    assert _counts(workshop.run()) == (0, 1, 0, 0)
    assert _titles(workshop) == {"a.txt": "a"}


@everywhere
def test_another_model_reads_everything_again(workshop: Workshop) -> None:
    workshop.put("a.md", "Noe om vekst.")
    workshop.run()
    outcome = run(replace(workshop.options, embedding_model="other"), lambda step: None)
    assert (outcome.changed, outcome.embedded) == (1, 1)
    assert Folders(workshop.data).manifest(outcome.generation or "").embedding_model == "other"


def test_an_index_of_an_older_version_is_made_again(workshop: Workshop) -> None:
    workshop.put("a.md", "Noe om vekst.")
    name = workshop.run().generation or ""
    manifest = workshop.folders.generation(name) / "generation.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0, "more": True}))
    assert workshop.run().added == 1
    assert _texts(workshop) == {"a.md": "Noe om vekst."}


def test_many_rounds_do_not_make_the_index_grow(workshop: Workshop) -> None:
    workshop.put("b.md", "Dette dokumentet blir stående.")
    sizes = []
    for number in range(8):
        workshop.put("a.md", f"# Utgave {number}\n\n" + f"Dette er utgave nummer {number}. " * 60)
        name = workshop.run().generation or ""
        sizes.append(sum(f.stat().st_size for f in workshop.folders.generation(name).rglob("*") if f.is_file()))
    assert sizes[-1] < 2 * sizes[1]


# --- what fails ---------------------------------------------------------------------------------

_BROKEN = {
    "tom.md": b"",
    "blank.txt": b"  \n\t ",
    "ikke.docx": b"this is no zip file",
    "kuttet.pdf": b"%PDF-1.7\n1 0 obj\n<<",
    "bilde.xyz": b"\x00\x01\x02",
    "stor.txt": b"a" * 1_000_001,
}


def test_each_file_that_fails_is_named_and_the_rest_is_published(workshop: Workshop) -> None:
    for name, content in _BROKEN.items():
        workshop.put(name, content)
    workshop.put("god.md", "Noe om vekst.")
    workshop.put("latin1.txt", "Blåbær på Østlandet.".encode("latin-1"))
    outcome = workshop.run()
    assert {f.path for f in outcome.failed} == set(_BROKEN)
    assert {f.path: f.error.code for f in outcome.failed} == {
        "tom.md": "file_empty",
        "blank.txt": "file_no_text",
        "ikke.docx": "file_damaged",
        "kuttet.pdf": "file_damaged",
        "bilde.xyz": "file_unsupported",
        "stor.txt": "file_too_large",
    }
    assert all(f.path in str(f.error) for f in outcome.failed)
    assert _texts(workshop) == {"god.md": "Noe om vekst.", "latin1.txt": "Blåbær på Østlandet."}


@everywhere
def test_a_file_that_breaks_keeps_its_last_good_version(workshop: Workshop) -> None:
    workshop.put("a.md", "Prosjektet koster fire millioner.")
    workshop.put("b.md", "Noe annet.")
    first = workshop.run()
    workshop.put("a.md", b"")
    second = workshop.run()
    assert [(f.path, f.kept) for f in second.failed] == [("a.md", True)]
    assert _marks(workshop) == {"a.md": "file_empty", "b.md": None}
    assert workshop.run().generation == second.generation != first.generation, "the mark was published once"
    workshop.put("b.md", "Noe helt annet.")
    third = workshop.run()
    assert [f.path for f in third.failed] == ["a.md"]
    assert _texts(workshop) == {"a.md": "Prosjektet koster fire millioner.", "b.md": "Noe helt annet."}
    workshop.put("a.md", "Prosjektet koster fem millioner.")
    assert _counts(workshop.run()) == (0, 1, 1, 0)
    assert _texts(workshop)["a.md"] == "Prosjektet koster fem millioner."
    assert _marks(workshop) == {"a.md": None, "b.md": None}


def test_a_broken_sidecar_is_named_and_the_document_kept(workshop: Workshop) -> None:
    workshop.put("a.md", "Noe om vekst.")
    workshop.run()
    workshop.put("a.yaml", "tittel: feil felt")
    outcome = workshop.run()
    assert [f.error.code for f in outcome.failed] == ["sidecar_invalid"]
    assert "a.yaml" in str(outcome.failed[0].error)
    assert list(_texts(workshop)) == ["a.md"]


def test_a_file_that_cannot_be_opened_is_named(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.put("a.md", "Noe om vekst.")
    workshop.put("b.md", "Noe annet.")
    workshop.run()
    workshop.put("c.md", "Noe nytt.")
    opened = Path.open

    def refused(self: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if self.name in ("a.md", "c.md"):
            raise PermissionError(13, "Permission denied")
        return opened(self, mode, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    outcome = workshop.run()
    monkeypatch.undo()
    assert sorted(f.path for f in outcome.failed) == ["a.md", "c.md"]
    assert "Permission denied" in str(outcome.failed[0].error)
    assert sorted(_texts(workshop)) == ["a.md", "b.md"]


def test_a_file_name_that_is_not_unicode(workshop: Workshop) -> None:
    file = os.fsencode(workshop.corpus) + b"/bl\xe5b\xe6r.md"
    with open(file, "wb") as stream:
        stream.write("Blåbær er blå.".encode())
    workshop.put("a.md", "Noe om vekst.")
    outcome = workshop.run()
    json.dumps([f.path for f in outcome.failed]).encode()
    (path,) = [path for path in _texts(workshop) if path != "a.md"]
    path.encode()
    assert path.startswith("bl")


@everywhere
def test_nothing_is_published_when_the_model_fails(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.put("a.md", "Noe om vekst.")
    first = workshop.run()

    def failing(model: str) -> FakeModel:
        raise ModelUnavailable(model, "no such folder")

    monkeypatch.setattr("ingest.job.open_passages", failing)
    workshop.put("a.md", "Noe nytt.")
    with pytest.raises(ModelUnavailable, match="'fake'"):
        workshop.run()
    assert _texts(workshop) == {"a.md": "Noe om vekst."}
    assert [p.name for p in workshop.folders.generations.iterdir()] == [first.generation]


def test_a_folder_that_is_not_there_is_named(workshop: Workshop) -> None:
    with pytest.raises(NoSuchFolder, match="nowhere"):
        run(replace(workshop.options, corpus=workshop.corpus / "nowhere"), lambda step: None)


def test_an_empty_folder_publishes_nothing(workshop: Workshop) -> None:
    outcome = workshop.run()
    assert (outcome.generation, outcome.documents) == (None, 0)
    assert workshop.folders.current_name() is None


def test_progress_is_told_from_beginning_to_end(workshop: Workshop) -> None:
    for name in "abc":
        workshop.put(f"{name}.md", f"Dokumentet heter {name}.")
    steps: list[Step] = []
    run(workshop.options, steps.append)
    stages = list(dict.fromkeys(step.stage for step in steps))
    assert set(stages) == {"read", "model", "embed", "publish"}
    assert stages[-1] == "publish"
    assert [s.documents for s in steps if s.stage == "read"] == [1, 2, 3]
    assert all(s.documents <= s.documents_total == 3 and s.passages <= s.passages_total <= 3 for s in steps)


@everywhere
def test_a_long_run_is_embedded_in_rounds(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "_BATCH", 4)
    for number in range(10):
        workshop.put(f"{number}.md", f"Dokument nummer {number} handler om noe.")
    steps: list[Step] = []
    outcome = run(workshop.options, steps.append)
    assert (outcome.added, outcome.embedded, outcome.passages) == (10, 10, 10)
    embedded = [(s.documents, s.passages, s.passages_total) for s in steps if s.stage == "embed"]
    assert embedded == [(4, 0, 4), (4, 4, 4), (8, 4, 8), (8, 8, 8), (10, 8, 10), (10, 10, 10)]


def test_web_sources_are_fetched_only_when_they_are_asked_for(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest import web

    def renew(corpus: Path, folder: Path, max_mb: int) -> list[web.Unfetched]:
        (folder / "a.example").mkdir(parents=True, exist_ok=True)
        (folder / "a.example" / "side.md").write_text("Noe fra nettet.")
        return [web.Unfetched("https://b.example", BadSources("x"), kept=True)]

    monkeypatch.setattr(web, "renew", renew)
    workshop.put("a.md", "Noe om vekst.")
    workshop.put("sources.yaml", "- url: https://a.example/side\n")
    outcome = workshop.run()
    assert (outcome.documents, outcome.failed) == (1, [])
    workshop.options = replace(workshop.options, web_sources=True)
    outcome = workshop.run()
    assert [(f.path, f.kept) for f in outcome.failed] == [("https://b.example", True)]
    assert _texts(workshop) == {"@web/a.example/side.md": "Noe fra nettet.", "a.md": "Noe om vekst."}
    workshop.options = replace(workshop.options, web_sources=False)
    assert workshop.run().removed == 1


@pytest.mark.parametrize("store", ["server"], indirect=True)
def test_what_a_server_has_lost_is_put_in_again_and_not_embedded_again(
    workshop: Workshop, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        workshop.put(f"{name}.md", f"Dokumentet heter {name}.")
    first = workshop.run()
    assert workshop.run().generation == first.generation
    monkeypatch.setattr("ingest.job.open_passages", None)
    drop(store, first.generation or "")
    second = workshop.run()
    assert _counts(second) == (0, 0, 3, 0)
    assert collections(store) == [second.generation]
    with workshop.reading() as generation:
        assert generation.vectors.count() == 3


@pytest.mark.parametrize("store", ["server"], indirect=True)
def test_from_a_folder_to_a_server_and_back(workshop: Workshop, store: str) -> None:
    workshop.put("a.md", "Noe om vekst.")
    for place, embedded in (("", 1), (store, 0), ("", 0)):
        workshop.options = replace(workshop.options, chroma_url=place)
        outcome = workshop.run()
        assert (outcome.documents, outcome.embedded, outcome.failed) == (1, embedded, [])
        with workshop.reading() as generation:
            assert generation.vectors.count() == 1


def test_a_server_that_is_gone_is_named_and_nothing_is_published(workshop: Workshop, tmp_path: Path) -> None:
    server = ChromaServer(tmp_path)
    server.start()
    workshop.options = replace(workshop.options, chroma_url=server.url)
    workshop.put("a.md", "Noe om vekst.")
    first = workshop.run().generation
    server.stop()
    for _ in range(2):
        workshop.put("a.md", "Noe om noe annet.")
        with pytest.raises(VectorStoreUnavailable, match=server.url):
            workshop.run()
    assert workshop.folders.current_name() == first
    server.start()
    assert _counts(workshop.run()) == (0, 1, 0, 0)
    assert _texts(workshop) == {"a.md": "Noe om noe annet."}
    assert collections(server.url) == sorted(path.name for path in workshop.folders.generations.iterdir())
    server.stop()


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def command(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    workshop.as_settings(monkeypatch)
    monkeypatch.setenv("ASSISTANT_LANGUAGE", "en")
    return workshop


Captured = pytest.CaptureFixture[str]


def test_exit_0_and_the_json_of_the_contract(command: Workshop, capsys: Captured) -> None:
    command.put("a.md", "Noe om vekst.")
    assert main(["--json"]) == DONE == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result.keys() >= {
        "generation", "added", "changed", "unchanged", "removed", "failed", "passages", "embedded", "seconds",
    }  # fmt: skip
    assert (result["added"], result["passages"], result["failed"]) == (1, 1, [])
    assert result["generation"] == command.folders.current_name()
    assert "1 added, 0 changed, 0 unchanged, 0 removed, 0 failed" in printed.err


def test_exit_1_when_some_files_fail(command: Workshop, capsys: Captured) -> None:
    command.put("god.md", "Noe om vekst.")
    command.put("dårlig.docx", b"no zip")
    assert main(["--json"]) == SOME_FAILED == 1
    printed = capsys.readouterr()
    (failed,) = json.loads(printed.out)["failed"]
    assert failed["path"] == "dårlig.docx"
    assert "dårlig.docx" in failed["error"]
    assert "dårlig.docx" in printed.err
    assert command.folders.current_name()


def test_exit_2_when_nothing_is_published(command: Workshop, capsys: Captured) -> None:
    command.put("dårlig.docx", b"no zip")
    assert main(["--json"]) == NOTHING_PUBLISHED == 2
    assert json.loads(capsys.readouterr().out)["generation"] is None


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "finnes ikke"), ("nn", "finst ikkje"), ("en", "does not exist")]
)
def test_a_missing_folder_is_told_in_the_language_set(
    command: Workshop, capsys: Captured, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE", language)
    assert main([str(command.corpus / "nowhere")]) == NOTHING_PUBLISHED
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.out == ""


def test_another_folder_can_be_given(command: Workshop, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "annet").mkdir()
    (tmp_path / "annet" / "x.md").write_text("Noe annet.")
    assert main([str(tmp_path / "annet")]) == DONE
    assert list(_texts(command)) == ["x.md"]


def test_only_the_paths_given_are_looked_at(command: Workshop, capsys: Captured) -> None:
    first, second = command.put("a.md", "Gammel a."), command.put("mappe/b.md", "Gammel b.")
    assert main([]) == DONE
    first.write_text("Ny a.")
    second.write_text("Ny b.")
    assert main([str(second.parent)]) == DONE
    assert _texts(command) == {"a.md": "Gammel a.", "mappe/b.md": "Ny b."}
    assert main([str(first), str(second)]) == DONE
    assert _texts(command) == {"a.md": "Ny a.", "mappe/b.md": "Ny b."}


def test_a_path_outside_the_corpus_is_refused(command: Workshop, tmp_path: Path, capsys: Captured) -> None:
    outside = tmp_path / "utenfor.md"
    outside.write_text("Noe.")
    assert main([str(outside)]) == NOTHING_PUBLISHED
    assert "utenfor.md" in capsys.readouterr().err
    assert command.folders.current_name() is None


def test_status_and_rollback(command: Workshop, capsys: Captured) -> None:
    assert main(["--status"]) == DONE
    assert main(["--rollback"]) == NOTHING_PUBLISHED
    assert "no earlier generation" in capsys.readouterr().err
    for number in range(2):
        command.put("a.md", f"Dette er utgave {number}.")
        main([])
    capsys.readouterr()
    assert main(["--rollback"]) == DONE
    assert _texts(command) == {"a.md": "Dette er utgave 0."}
    capsys.readouterr()
    assert main(["--status"]) == DONE
    printed = capsys.readouterr()
    first, second = printed.out.splitlines()
    assert printed.err == ""
    assert first.startswith("* ") and second.startswith("  ")
    assert "1 documents  1 passages  fake" in first


def test_the_status_as_json(command: Workshop, capsys: Captured) -> None:
    assert main(["--status", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out) == {"current": None, "generations": []}
    command.put("a.md", "Noe om vekst.")
    main([])
    capsys.readouterr()
    assert main(["--status", "--json"]) == DONE
    status = json.loads(capsys.readouterr().out)
    assert status["current"] == command.folders.current_name() == status["generations"][0]["name"]
    assert status["generations"][0].items() >= {"documents": 1, "passages": 1, "unread": 0}.items()
    assert main(["--status", "--json-lines"]) == DONE
    assert json.loads(capsys.readouterr().out) == {"event": "status", **status}


def test_the_status_names_a_generation_of_another_version(command: Workshop, capsys: Captured) -> None:
    command.put("a.md", "Noe om vekst.")
    main([])
    old = command.folders.current_name() or ""
    manifest = command.folders.generation(old) / "generation.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    main([])
    capsys.readouterr()
    assert main(["--status"]) == DONE
    first, second = capsys.readouterr().out.splitlines()
    assert (old in first, "another version" in first, second[0]) == (True, True, "*")
    assert main(["--status", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["generations"][0]["code"] == "index_of_other_version"


def test_a_wrong_setting_is_named_with_its_value(
    command: Workshop, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_KEEP_GENERATIONS", "none")
    assert main([]) == NOTHING_PUBLISHED
    assert "ASSISTANT_KEEP_GENERATIONS = 'none'" in capsys.readouterr().err


def test_watching_reads_what_changes_and_survives_an_error(
    command: Workshop, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, str]] = []

    def changes(corpus: Path, *seconds: float) -> Iterator[None]:
        command.put("b.md", "Noe nytt.")
        yield
        seen.append(_texts(command))
        command.corpus.rename(command.corpus.with_name("away"))
        yield
        command.corpus.with_name("away").rename(command.corpus)
        command.put("a.md", "Noe endret.")
        yield
        seen.append(_texts(command))

    monkeypatch.setattr("ingest.__main__.watch", changes)
    command.put("a.md", "Noe om vekst.")
    assert main(["--watch"]) == DONE
    assert seen == [
        {"a.md": "Noe om vekst.", "b.md": "Noe nytt."},
        {"a.md": "Noe endret.", "b.md": "Noe nytt."},
    ]
    assert "does not exist" in capsys.readouterr().err


def test_progress_as_json_lines_with_the_result_last(command: Workshop, capsys: Captured) -> None:
    command.put("a.md", "Noe om vekst.")
    command.put("b.md", "Noe annet.")
    assert main(["--json-lines"]) == DONE
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["event"] for one in told] == ["progress"] * (len(told) - 1) + ["result"]
    assert {one["stage"] for one in told[:-1]} == {"read", "model", "embed", "publish"}
    assert [(one["done"], one["documents_total"]) for one in told if one.get("stage") == "read"] == [(1, 2), (2, 2)]
    assert (told[-1]["added"], told[-1]["generation"]) == (2, command.folders.current_name())
    command.corpus.rename(command.corpus.with_name("away"))
    assert main(["--json-lines"]) == NOTHING_PUBLISHED
    assert json.loads(capsys.readouterr().out)["code"] == "corpus_missing"


def test_a_kept_version_is_told_in_the_result_and_in_the_status(command: Workshop, capsys: Captured) -> None:
    command.put("a.md", "Noe om vekst.")
    main([])
    command.put("a.md", b"")
    capsys.readouterr()
    assert main(["--json"]) == SOME_FAILED
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert (result["unread"], result["failed"][0]["kept"], result["documents"]) == (1, True, 1)
    assert "the last readable version stays" in printed.err
    main(["--status"])
    assert "1 as last readable" in capsys.readouterr().out


def test_a_stop_is_told_and_publishes_nothing(
    command: Workshop, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.put("a.md", "Noe om vekst.")

    def stopped(model: str) -> FakeModel:
        os.kill(os.getpid(), signal.SIGTERM)
        return FakeModel()

    monkeypatch.setattr("ingest.job.open_passages", stopped)
    before = signal.getsignal(signal.SIGTERM)
    assert main([]) == NOTHING_PUBLISHED
    assert "Stopped" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before
    assert command.folders.current_name() is None
    assert list(command.folders.generations.iterdir()) == []


def test_every_message_exists_in_every_language() -> None:
    assert all(texts.keys() == TEXTS["en"].keys() for texts in TEXTS.values())
