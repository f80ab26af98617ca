"""What counts as a document of the corpus, and what is new in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import NoSuchFolder
from ingest.changes import find_changes, fingerprint, scan
from ingest.watch import watch


def _put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def _scanned(root: Path) -> list[str]:
    return [found.path for found in scan(root)]


def test_hidden_temporary_and_half_copied_files_are_passed_over(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "mappe/b.txt", ".skjult.md", ".git/c.md", "mappe/.cache/d.md", "~$rapport.docx", "e.md~",
         "f.pdf.part", "g.pdf.crdownload", "h.TMP", ".i.md.swp")  # fmt: skip
    assert _scanned(tmp_path) == ["a.md", "mappe/b.txt"]


def test_a_sidecar_is_no_document_but_a_lone_yaml_is_told_of(tmp_path: Path) -> None:
    _put(tmp_path, "a.pdf", "a.yaml", "b.docx", "b.docx.yml", "alene.yaml")
    found = {f.path: f.sidecar.name if f.sidecar else None for f in scan(tmp_path)}
    assert found == {"a.pdf": "a.yaml", "b.docx": "b.docx.yml", "alene.yaml": None}


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    corpus, outside = tmp_path / "corpus", tmp_path / "outside"
    _put(corpus, "a.md")
    _put(outside, "hemmelig.md")
    (corpus / "lenke.md").symlink_to(outside / "hemmelig.md")
    (corpus / "mappe").symlink_to(outside)
    (corpus / "død.md").symlink_to(outside / "nobody.md")
    (corpus / "inne.md").symlink_to(corpus / "a.md")
    os.mkfifo(corpus / "rør.md")
    assert _scanned(corpus) == ["a.md", "inne.md"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    with pytest.raises(NoSuchFolder, match="fil"):
        list(scan(tmp_path / "fil"))


def test_changes_are_found_by_content(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "b.md", "c.md", "c.yaml")
    before = {found.id: fingerprint(found) for found in scan(tmp_path)}
    assert not find_changes(tmp_path, before, anew=False)
    os.utime(tmp_path / "a.md", (1, 1))
    assert not find_changes(tmp_path, before, anew=False)

    (tmp_path / "b.md").write_text("annet")
    (tmp_path / "c.yaml").write_text("title: annet")
    (tmp_path / "a.md").unlink()
    _put(tmp_path, "d.md")
    changes = find_changes(tmp_path, before, anew=False)
    assert [f.path for f in changes.added] == ["d.md"]
    assert [f.path for f in changes.changed] == ["b.md", "c.md"]
    assert len(changes.removed) == 1
    assert changes.unchanged == ()


def test_anew_keeps_nothing(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "b.md")
    before = {found.id: fingerprint(found) for found in scan(tmp_path)}
    changes = find_changes(tmp_path, before, anew=True)
    assert [f.path for f in changes.changed] == ["a.md", "b.md"]


def test_both_ways_of_writing_å_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "a\u030a.md").write_text("x")
    (found,) = scan(tmp_path)
    before = {found.id: fingerprint(found)}
    (tmp_path / "a\u030a.md").rename(tmp_path / "å.md")
    assert not find_changes(tmp_path, before, anew=False)


def test_watching_yields_when_a_file_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.watch._SETTLE_MS", 50)
    monkeypatch.setattr("ingest.watch._CHECK_MS", 100)
    watching: Iterator[None] = watch(tmp_path)
    next(watching)  # the full check now and then, which also shows that the watch has begun
    monkeypatch.undo()
    (tmp_path / "a.md").write_text("nytt")
    next(watching)
    assert (tmp_path / "a.md").exists()
    watching.close()  # type: ignore[attr-defined]
