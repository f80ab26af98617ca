"""What counts as a document of the corpus, and what is new in it."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.catalogue import Known
from assistant.errors import NoSuchFolder
from ingest.changes import find_changes, fingerprint_of, scan
from ingest.folder import look
from ingest.watch import watch

_CHECK = 20.0
"""Seconds after which a watch that has missed what it waits for goes on all the same."""


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


def test_a_folder_is_read_where_it_lies_and_a_file_under_each_of_its_names(tmp_path: Path) -> None:
    _put(tmp_path, "mappe/a.md")
    os.link(tmp_path / "mappe" / "a.md", tmp_path / "mappe" / "b.md")
    (tmp_path / "lenke").symlink_to(tmp_path / "mappe")
    (tmp_path / "mappe" / "opp").symlink_to(tmp_path)
    before = _known(tmp_path)
    assert sorted(known.path for known in before.values()) == ["mappe/a.md", "mappe/b.md"]
    (tmp_path / "mappe" / "a.md").write_text("annet")
    changes = find_changes(tmp_path, before, anew=False)
    assert [found.path for found in changes.changed] == ["mappe/a.md", "mappe/b.md"]


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
    watching = watch(tmp_path, 0.05, _CHECK, poll_seconds)
    assert next(watching) is False, "what came before the watch had begun"
    (tmp_path / "a.md").write_text("nytt")
    assert next(watching) is False, "not the check of everything"


def test_everything_is_checked_now_and_then(tmp_path: Path) -> None:
    watching = watch(tmp_path, 0.05, 0.5, 0.0)
    assert [next(watching), next(watching)] == [False, True]


def test_a_folder_that_comes_again_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.watch._AWAY", 0.05)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    watching = watch(corpus, 0.05, _CHECK, 0.05)
    next(watching)
    corpus.rename(tmp_path / "away")
    assert next(watching) is False, "that it is gone is told"
    corpus.mkdir()
    assert next(watching) is False, "what lies there now"
    (corpus / "a.md").write_text("nytt")
    assert next(watching) is False


@contextmanager
def _writing(file: Path, most: float) -> Iterator[list[float]]:
    """Somebody who writes on and on, for `most` seconds: when that was."""
    wrote: list[float] = []
    stop = threading.Event()

    def write() -> None:
        until = time.monotonic() + most
        with file.open("a") as stream:
            while time.monotonic() < until and not stop.wait(0.02):
                stream.write("mer ")
                stream.flush()
                wrote.append(time.monotonic())

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield wrote
    finally:
        stop.set()
        thread.join()


def test_a_writer_who_goes_on_is_waited_for(tmp_path: Path) -> None:
    watching = watch(tmp_path, 0.4, _CHECK, 0.0)
    next(watching)
    with _writing(tmp_path / "a.md", 1.2) as wrote:
        next(watching)
        told = time.monotonic()
    assert told - max(at for at in wrote if at <= told) >= 0.4


def test_a_writer_without_end_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.watch._LONGEST", 0.5)
    watching = watch(tmp_path, 0.4, 2 * _CHECK, 0.0)
    next(watching)
    with _writing(tmp_path / "a.md", _CHECK) as wrote:
        next(watching)
        told = time.monotonic()
        assert told - wrote[0] < _CHECK
    assert wrote[-1] > told - 0.4


def test_who_writes_what_is_no_document_is_not_waited_for(tmp_path: Path) -> None:
    watching = watch(tmp_path, 0.3, 2 * _CHECK, 0.0)
    next(watching)
    with _writing(tmp_path / "b.pdf.part", _CHECK):
        begun = time.monotonic()
        (tmp_path / "a.md").write_text("nytt")
        next(watching)
        assert time.monotonic() - begun < _CHECK


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
    assert [(path, error.code) for path, error in changes.wrong] == [("mappe", "folder_unreadable")]

    def gone(path: str) -> object:
        raise OSError(116, "Stale file handle", path)

    monkeypatch.setattr(os, "scandir", gone)
    with pytest.raises(NoSuchFolder):
        find_changes(tmp_path, before, anew=False)


@pytest.mark.parametrize("code", [errno.EIO, errno.ESTALE, errno.EACCES])
def test_a_file_that_cannot_be_looked_at_is_not_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    _put(tmp_path, "a.md", "mappe/b.md", "mappe/c.md", "mappe2/d.md")
    before = _known(tmp_path)
    (tmp_path / "mappe2" / "d.md").unlink()
    lstat = os.lstat

    def failing(path: str, **more: object) -> object:
        if str(path).endswith("/b.md"):
            raise OSError(code, os.strerror(code), path)
        return lstat(path)

    monkeypatch.setattr(os, "lstat", failing)
    changes = find_changes(tmp_path, before, anew=False)
    assert {before[id].path: code for id, code in changes.hidden.items()} == {"mappe/b.md": "file_unreadable"}
    assert [before[id].path for id in changes.removed] == ["mappe2/d.md"]
    assert [(path, error.code) for path, error in changes.wrong] == [("mappe/b.md", "file_unreadable")]
    assert changes.changed == ()


def test_a_folder_that_is_taken_for_a_file_hides_its_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system lists names alone, whether one is a folder has to be asked for, too."""
    _put(tmp_path, "a.md", "mappe/b.md", "mappe2/c.md")
    before = _known(tmp_path)
    lstat, walk = os.lstat, os.walk

    def failing(path: str, **more: object) -> object:
        if str(path).endswith("/mappe"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return lstat(path)

    def unsure(root: str, **more: object) -> object:
        for folder, subfolders, names in walk(root):
            if "mappe" in subfolders:
                subfolders.remove("mappe")
                names.append("mappe")
            yield folder, subfolders, names

    monkeypatch.setattr(os, "lstat", failing)
    monkeypatch.setattr(os, "walk", unsure)
    changes = find_changes(tmp_path, before, anew=False)
    assert [before[id].path for id in changes.hidden] == ["mappe/b.md"]
    assert changes.removed == ()


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
