"""What counts as a document of the corpus, and what is new in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.catalogue import Known
from assistant.errors import NoSuchFolder
from ingest.changes import find_changes, fingerprint_of, scan
from ingest.folder import look
from ingest.watch import watch


def _put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def _scanned(root: Path) -> list[str]:
    return [found.path for found in scan(root)]


def _known(root: Path) -> dict[str, Known]:
    return {found.id: Known(found.path, *fingerprint_of(found)) for found in scan(root)}


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
    (corpus / "ring.md").symlink_to(corpus / "ring.md")
    os.mkfifo(corpus / "rør.md")
    assert _scanned(corpus) == ["a.md", "inne.md"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    with pytest.raises(NoSuchFolder, match="fil"):
        list(scan(tmp_path / "fil"))


def test_changes_are_found_by_content(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "b.md", "c.md", "c.yaml")
    before = _known(tmp_path)
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
    before = _known(tmp_path)
    changes = find_changes(tmp_path, before, anew=True)
    assert [f.path for f in changes.changed] == ["a.md", "b.md"]


def test_both_ways_of_writing_å_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "a\u030a.md").write_text("x")
    before = _known(tmp_path)
    (tmp_path / "a\u030a.md").rename(tmp_path / "å.md")
    assert not find_changes(tmp_path, before, anew=False)


@pytest.mark.parametrize("poll_seconds", [0.0, 0.05])
def test_watching_yields_when_a_file_has_changed(tmp_path: Path, poll_seconds: float) -> None:
    watching: Iterator[bool] = watch(tmp_path, 0.05, 0.1, poll_seconds)
    next(watching)  # the full check now and then, which also shows that the watch has begun
    (tmp_path / "a.md").write_text("nytt")
    next(watching)
    watching.close()  # type: ignore[attr-defined]


def test_a_change_is_told_once_it_has_settled_and_a_folder_that_comes_again_is_watched(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    watching: Iterator[bool] = watch(corpus, 0.05, 30.0, 0.05)
    told = threading.Event()

    def listen() -> None:
        for _ in watching:
            told.set()

    threading.Thread(target=listen, daemon=True).start()
    for number in range(2):
        for attempt in range(200):
            (corpus / f"{number}-{attempt}.md").write_text("nytt")
            if told.wait(0.1):
                break
        assert told.is_set(), "long before the full check"
        if number == 0:
            corpus.rename(tmp_path / "away")
            corpus.mkdir()
            told.clear()


# --- names and folders that are not as they should be -------------------------------------------


def test_more_that_is_no_document(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "Thumbs.db", "desktop.ini", "b.md.filepart", "c.pdf.opdownload", ".~lock.d.odt#",
         "e.docx.TEMP")  # fmt: skip
    assert _scanned(tmp_path) == ["a.md"]


def test_names_that_differ_in_case_are_two_documents(tmp_path: Path) -> None:
    _put(tmp_path, "Årsmelding.md", "årsmelding.md")
    assert len(_known(tmp_path)) == 2
    before = _known(tmp_path)
    (tmp_path / "Årsmelding.md").rename(tmp_path / "ÅRSMELDING.md")
    changes = find_changes(tmp_path, before, anew=False)
    assert [f.path for f in changes.added] == ["ÅRSMELDING.md"]
    assert (len(changes.removed), changes.moved) == (1, 1)


@pytest.mark.parametrize("same", [True, False])
def test_one_name_written_in_two_ways_is_read_once_and_told_where_it_differs(tmp_path: Path, same: bool) -> None:
    (tmp_path / "a\u030a.md").write_text("x")
    (tmp_path / "å.md").write_text("x" if same else "y")
    listing = look(tmp_path)
    assert [f.path for f in listing.found] == ["å.md"]
    told = [] if same else [("a\u030a.md", "file_name_twice")]
    assert [(path, error.code) for path, error in listing.wrong] == told
    assert not find_changes(tmp_path, _known(tmp_path), anew=False), "the same one at every run"


def test_a_sidecar_is_found_however_its_name_is_written(tmp_path: Path) -> None:
    _put(tmp_path, "blåbær.md", "bla\u030abær.YAML", "c.pdf", "c.yaml", "c.yml")
    found = {f.path: f.sidecar.name if f.sidecar else None for f in scan(tmp_path)}
    assert found == {"blåbær.md": "bla\u030abær.YAML", "c.pdf": "c.yaml"}


def test_a_folder_that_cannot_be_listed_hides_its_documents_and_removes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(tmp_path, "a.md", "mappe/b.md", "mappe/under/c.md", "mappe2/d.md")
    before = _known(tmp_path)
    listed = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("/mappe"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refused)
    changes = find_changes(tmp_path, before, anew=False)
    assert {before[id].path for id in changes.hidden} == {"mappe/b.md", "mappe/under/c.md"}
    assert (changes.removed, len(changes.unchanged)) == ((), 2)
    assert [(path, error.code) for path, error in changes.wrong] == [("mappe/", "folder_unreadable")]

    def gone(path: str) -> object:
        raise OSError(116, "Stale file handle", path)

    monkeypatch.setattr(os, "scandir", gone)
    with pytest.raises(NoSuchFolder):
        find_changes(tmp_path, before, anew=False)


def test_a_path_that_is_asked_for_and_gone_is_removed_and_nothing_else_is(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "mappe/b.md", "mappe/c.md", "mappe2/d.md")
    before = _known(tmp_path)
    for name in ("a.md", "mappe/b.md", "mappe2/d.md"):
        (tmp_path / name).unlink()
    changes = find_changes(tmp_path, before, False, [tmp_path / "mappe"])
    assert [before[id].path for id in changes.removed] == ["mappe/b.md"]
    assert {before[id].path for id in changes.apart} == {"a.md", "mappe2/d.md"}
    changes = find_changes(tmp_path, before, False, [tmp_path / "a.md"])
    assert [before[id].path for id in changes.removed] == ["a.md"]


def test_moved_files_are_counted_by_content(tmp_path: Path) -> None:
    _put(tmp_path, "a.md", "b.md")
    before = _known(tmp_path)
    (tmp_path / "ny").mkdir()
    (tmp_path / "a.md").rename(tmp_path / "ny" / "a.md")
    (tmp_path / "b.md").unlink()
    _put(tmp_path, "c.md")
    changes = find_changes(tmp_path, before, anew=False)
    assert (len(changes.added), len(changes.removed), changes.moved) == (2, 2, 1)
