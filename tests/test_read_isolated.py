"""A file is read in a process of its own: what goes wrong there has a name here, and the next file is read.

The readers that misbehave are real ones: they crash, hang and fill the memory in a real process."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import BadSidecar, FileCrashed, FileError, FileTooHeavy, FileTooSlow, NoText
from assistant.types import Block, Box, Document, Source, Word
from ingest.read import isolated, read_document
from ingest.read.isolated import IsolatedReader
from ingest.read.wire import from_plain, pack, to_plain, unpack

DATA = Path(__file__).parent / "data"
LONG = 600.0  # a limit that no test waits for

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="limits need fork")


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    """Each test's readers end with it."""
    yield
    isolated.stop()


def misbehaving(body: str, seconds: float = LONG, megabytes: int = 2000, forks: bool = True) -> IsolatedReader:
    """A reader that runs `body` for files named bad.md, and reads the others."""
    program = (
        "import os, signal, subprocess, sys, time\n"
        "from ingest.read.documents import read\n"
        "from ingest.read.worker import serve\n"
        "def reader(data, path, sidecar, max_mb, seconds):\n"
        f"    if path == 'bad.md':\n        {body}\n"
        "    return read(data, path, sidecar, max_mb, seconds)\n"
        f"serve(reader, {forks})\n"
    )
    return IsolatedReader(seconds, megabytes, program)


def failure(reader: IsolatedReader) -> FileError:
    with pytest.raises(FileError) as caught:
        reader.read(b"Tekst.", "bad.md", None, 50)
    # The next file is none the worse. It gets all the time it wants: a busy machine is not what is tested.
    next_one = IsolatedReader(LONG, 2000, reader._program)
    assert next_one.read(b"Tekst.", "good.md", None, 50)[0].text == "Tekst."
    for language in ("nb", "nn", "en"):
        assert "bad.md" in caught.value.message(language)
    return caught.value


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "slides.pptx", "notice.html", "figures.xlsx"])
def test_a_document_is_the_same_as_read_here(name: str) -> None:
    data = (DATA / name).read_bytes()
    sidecar = b"title: Et annet navn"
    assert IsolatedReader(LONG, 2000).read(data, name, sidecar, 50) == read_document(data, name, sidecar, 50)


def test_an_error_of_the_reader_is_the_same() -> None:
    reader = IsolatedReader(LONG, 2000)
    with pytest.raises(NoText) as caught:
        reader.read(b"   ", "a.md", None, 50)
    assert caught.value.values == {"path": "a.md"}
    with pytest.raises(BadSidecar):
        reader.read(b"Tekst.", "a.md", b"tittel: feil", 50)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("os.abort()", "SIGABRT"),
        ("os._exit(3)", "exit 3"),
        ("{}['nøkkel']", "KeyError: 'nøkkel'"),
        ("sys.exit(0)", "exit 0"),
    ],
)
def test_a_crash(body: str, detail: str) -> None:
    error = failure(misbehaving(body))
    assert isinstance(error, FileCrashed)
    assert error.values["detail"] == detail


@pytest.mark.parametrize("body", ["time.sleep(1000)", "signal.pause()", "subprocess.run(['sleep', '1000'])"])
def test_a_reader_that_hangs(body: str) -> None:
    error = failure(misbehaving(body, seconds=0.2))
    assert isinstance(error, FileTooSlow)
    assert "ASSISTANT_READ_SECONDS" in str(error)


@pytest.mark.parametrize("body", ["x = [bytearray(1_000_000) for _ in range(10_000)]", "bytearray(10**12)"])
def test_a_reader_that_fills_the_memory(body: str) -> None:
    error = failure(misbehaving(body, megabytes=200))
    assert isinstance(error, FileTooHeavy)
    assert "200 MB" in str(error)


def test_what_a_parser_prints_is_not_taken_for_a_document() -> None:
    reader = misbehaving("print('x' * 100_000); os.write(1, b'y' * 100_000)")
    assert reader.read(b"Tekst.", "bad.md", None, 50)[0].text == "Tekst."


def test_a_worker_that_ended_is_started_again() -> None:
    reader = IsolatedReader(LONG, 2000)
    reader.read(b"Tekst.", "a.md", None, 50)
    ((_, worker),) = isolated._workers.items()
    worker.process.kill()
    worker.process.wait()
    assert reader.read(b"Mer.", "a.md", None, 50)[0].text == "Mer."


def test_a_worker_that_dies_of_a_file_is_not_asked_for_ever() -> None:
    error = failure(misbehaving("os.kill(os.getppid(), signal.SIGKILL)"))
    assert isinstance(error, FileCrashed)


def test_without_fork_a_hang_is_ended_as_well() -> None:
    error = failure(misbehaving("time.sleep(1000)", seconds=0.2, forks=False))
    assert isinstance(error, FileTooSlow)


def test_without_fork_files_are_read() -> None:
    data = (DATA / "report.pdf").read_bytes()
    reader = misbehaving("pass", forks=False)
    assert reader.read(data, "report.pdf", None, 50) == read_document(data, "report.pdf", None, 50)
    with pytest.raises(NoText):
        reader.read(b"   ", "a.md", None, 50)


def test_nothing_is_started_before_the_first_file() -> None:
    IsolatedReader(LONG, 2000)
    assert isolated._workers == {}


def test_the_job_imports_no_parser() -> None:
    """They take half a second, and memory, in a process that reads nothing."""
    import subprocess

    code = "import sys, ingest.job; print([m for m in ('docx', 'pptx', 'openpyxl', 'selectolax') if m in sys.modules])"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_a_document_comes_through_whole() -> None:
    source = Source("d", "a.pdf", "0", "application/pdf", "T", "nb", None, None, None, None, 2, 5)
    words = (Word(0, 5, (Box(1, 0.1, 0.2, 0.3, 0.4), Box(2, 0.0, 0.0, 1.0, 1.0))),)
    made = Document(source, "Tekst", (Block("table_row", 0, 5, 1, ("A", "B"), 7),), words, ("i", "ii"))
    assert from_plain(to_plain(made, ("w",))) == (made, ("w",))
    assert from_plain(to_plain(replace(made, words=()), ())) == (replace(made, words=()), ())


def test_nothing_else_is_built_from_what_a_reader_sends() -> None:
    with pytest.raises(pickle.UnpicklingError):
        unpack(pickle.dumps(("read", Path("/"))))
    with pytest.raises(TypeError):
        from_plain((1, 2, 3, 4, 5, 6, 7))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("assistant.errors", "Path"),
        ("assistant.errors.base", "Language"),
        ("assistant.errors.files", "ClassVar"),
        ("assistant.errors.files", "EmptyFile.__init__"),
        ("assistant.errors.base", "EmptyFile"),
        ("assistant.errors", "base"),
    ],
)
def test_of_the_errors_nothing_but_errors_is_built(module: str, name: str) -> None:
    pickled = b"\x80\x04\x8c" + bytes([len(module)]) + module.encode() + b"\x8c" + bytes([len(name)]) + name.encode()
    with pytest.raises(pickle.UnpicklingError, match="not expected"):
        unpack(pickled + b"\x93.")  # STACK_GLOBAL


def test_an_error_that_a_reader_sends_arrives_as_it_was() -> None:
    told, error = unpack(pack(("refused", NoText("a.md"))))
    assert (told, type(error), str(error)) == ("refused", NoText, str(NoText("a.md")))
