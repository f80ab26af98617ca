"""Files that are sent in: what they are called, what is in them, where they come to lie."""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from assistant.errors import (
    AssistantError,
    BadUploadName,
    CorpusNotWritable,
    DocumentExists,
    EmptyFile,
    FileTooLarge,
    NoSuchFolder,
    UnsupportedFile,
    UploadMismatch,
)
from assistant.uploads import LOOKS, check_content, place_of, remove, save
from ingest.read import FORMATS

_DATA = Path(__file__).parent / "data"
_TEXT = b"# Notat\n\nEn setning."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return out.getvalue()


def test_every_format_that_is_read_can_be_sent() -> None:
    assert set(LOOKS) == set(FORMATS)


@pytest.mark.parametrize(
    ("folder", "name", "path"),
    [
        ("", "notat.md", "notat.md"),
        ("hr", "lønn 2024 (utkast).md", "hr/lønn 2024 (utkast).md"),
        ("a/b/c", "x.pdf", "a/b/c/x.pdf"),
        ("", "a\u030arsrapport.md", "\u00e5rsrapport.md"),
        ("", "文書.txt", "文書.txt"),
    ],
)
def test_ordinary_names_are_taken(folder: str, name: str, path: str) -> None:
    assert place_of(folder, name) == path


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("", ""), ("", "."), ("", ".."), ("..", "a.md"), ("hr/..", "a.md"), ("/etc", "a.md"), ("hr/", "a.md"),
        ("hr//b", "a.md"), ("", "../a.md"), ("", "a/b.md"), ("", "a\\b.md"), ("..\\", "a.md"), ("", ".skjult.md"),
        (".git", "a.md"), ("", "~$a.docx"), ("", "a.md~"), ("", "a.md."), ("", " a.md"), ("", "a.md "), ("", "a\0.md"),
        ("", "a\n.md"), ("", "C:a.md"), ("", "a\u202egpj.md"), ("", "a\u200b.md"), ("", "x" * 200 + ".md"),
        ("a/a/a/a/a/a/a/a", "a.md"), ("", "a*.md"), ("", "\ud800.md"),
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_or_are_passed_over_are_refused(folder: str, name: str) -> None:
    with pytest.raises(BadUploadName):
        place_of(folder, name)


@pytest.mark.parametrize("name", ["chromium.pdf", "report.docx", "slides.pptx", "figures.xlsx", "answer.eml",
                                  "towns.csv", "notice.html", "exports.tsv"])  # fmt: skip
def test_real_files_look_like_what_they_are(name: str) -> None:
    check_content(name, (_DATA / name).read_bytes(), 50)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", _TEXT),
        ("a.pdf", _zip("word/document.xml", "[Content_Types].xml")),
        ("a.docx", b"%PDF-1.7\n"),
        ("a.docx", _zip("a.txt")),
        ("a.docx", _zip("xl/workbook.xml", "[Content_Types].xml")),
        ("a.xlsx", b"PK\x03\x04 not whole"),
        ("a.pptx", _TEXT),
        ("a.md", b"%PDF-1.7\n"),
        ("a.txt", b"MZ\x90\0\x03"),
        ("a.html", b"\x89PNG\r\n\x1a\n"),
        ("a.csv", _zip("a")),
        ("a.txt", b"\xff\xfe\0"),
        ("a.eml", b"text\0text"),
    ],
)
def test_content_is_looked_at_and_not_the_name(name: str, data: bytes) -> None:
    with pytest.raises(UploadMismatch, match=name):
        check_content(name, data, 50)


def test_a_document_with_a_password_is_left_to_the_job_which_says_so() -> None:
    check_content("a.docx", b"\xd0\xcf\x11\xe0" + b"x" * 100, 50)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.exe", _TEXT, UnsupportedFile), ("a", _TEXT, UnsupportedFile), ("a.yaml", _TEXT, UnsupportedFile),
        ("a.md", b"", EmptyFile), ("a.md", b"x" * 1_000_001, FileTooLarge),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(corpus: Path, name: str, data: bytes, error: type[AssistantError]) -> None:
    with pytest.raises(error):
        save(corpus, "", name, data, 1, False)
    assert list(corpus.iterdir()) == []


def test_a_file_is_put_where_it_belongs(corpus: Path) -> None:
    assert save(corpus, "hr/2024", "notat.md", _TEXT, 1, False) == ("hr/2024/notat.md", False)
    assert (corpus / "hr/2024/notat.md").read_bytes() == _TEXT
    assert [file.name for file in (corpus / "hr/2024").iterdir()] == ["notat.md"]


def test_nothing_is_lost_unasked(corpus: Path) -> None:
    save(corpus, "", "notat.md", _TEXT, 1, False)
    with pytest.raises(DocumentExists, match=r"notat\.md"):
        save(corpus, "", "notat.md", b"annet", 1, False)
    assert (corpus / "notat.md").read_bytes() == _TEXT
    assert save(corpus, "", "notat.md", b"annet", 1, True) == ("notat.md", True)
    assert (corpus / "notat.md").read_bytes() == b"annet"
    assert save(corpus, "", "nytt.md", _TEXT, 1, True) == ("nytt.md", False)
    assert {file.name for file in corpus.iterdir()} == {"notat.md", "nytt.md"}


def test_a_name_in_other_code_points_is_the_same_name(corpus: Path) -> None:
    (corpus / unicodedata.normalize("NFD", "årsplan.md")).write_bytes(_TEXT)
    with pytest.raises(DocumentExists):
        save(corpus, "", unicodedata.normalize("NFC", "årsplan.md"), b"annet", 1, False)
    save(corpus, "", "årsplan.md", b"annet", 1, True)
    assert len(list(corpus.iterdir())) == 1


def test_links_are_not_followed(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/notat.md").write_bytes(_TEXT)
    (corpus / "out").symlink_to(tmp_path / "secret")
    for replace in (False, True):
        with pytest.raises(BadUploadName):
            save(corpus, "out", "notat.md", b"annet", 1, replace)
    (corpus / "lenke.md").symlink_to(tmp_path / "secret/notat.md")
    save(corpus, "", "lenke.md", b"annet", 1, True)
    remove(corpus, "out/notat.md")
    assert (tmp_path / "secret/notat.md").read_bytes() == _TEXT


def test_a_file_does_not_take_a_folders_place_nor_lie_below_a_file(corpus: Path) -> None:
    (corpus / "a.md").mkdir()
    (corpus / "b.md").write_bytes(_TEXT)
    for folder, name in (("", "a.md"), ("b.md", "c.md")):
        with pytest.raises(BadUploadName):
            save(corpus, folder, name, _TEXT, 1, True)


def test_a_document_goes_with_what_stands_beside_it(corpus: Path) -> None:
    for name in ("a.pdf", "a.yaml", "b.pdf", "b.docx", "b.yaml", "b.pdf.yml", "c.md"):
        (corpus / name).write_bytes(_TEXT)
    remove(corpus, "a.pdf")
    remove(corpus, "b.pdf")
    assert {file.name for file in corpus.iterdir()} == {"b.docx", "b.yaml", "c.md"}
    assert not remove(corpus, "a.pdf"), "gone already"
    assert not remove(corpus, "not/there.md")
    assert not remove(corpus, "b.docx")
    (corpus / ".skjult").write_bytes(_TEXT)
    assert remove(corpus, "c.md"), "it was the last"
    assert not remove(corpus, "c.md"), "it was not there"


def test_a_folder_that_cannot_be_written_is_told(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(CorpusNotWritable, match="No space left"):
        save(corpus, "", "notat.md", _TEXT, 1, False)
    assert list(corpus.iterdir()) == []
    with pytest.raises(NoSuchFolder):
        save(corpus / "gone", "", "notat.md", _TEXT, 1, False)
