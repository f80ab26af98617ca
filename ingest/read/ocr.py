"""Text recognition by Tesseract, where it is installed. A program of its own: nothing here imports it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

_PROGRAM = "tesseract"
_WANTED = ("nor", "eng")
_COLUMNS = 12
_WORD_LEVEL = "5"
_LEAST_SURE = 25.0
"""Below this of 100 Tesseract mostly reads specks and the edges of pictures."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word and its box in pixels from the picture's top left corner. `line` is the same for the words
    of one line, and no others."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    line: tuple[str, ...]


class RecognitionFailed(Exception):
    """Tesseract took too long, or ended with an error."""


def is_installed() -> bool:
    return shutil.which(_PROGRAM) is not None


def recognise(picture: bytes, dots_per_inch: int, seconds: float) -> list[ReadWord]:
    """The words in a picture (any format Tesseract reads). Raises RecognitionFailed."""
    command = [_PROGRAM, "stdin", "stdout", "--dpi", str(dots_per_inch), "--psm", "3"]
    languages = _languages()
    if languages:
        command += ["-l", "+".join(languages)]
    return _words(_run([*command, "tsv"], picture, seconds).decode("utf-8", "replace"))


@cache
def _languages() -> tuple[str, ...]:
    try:
        listed = set(_run([_PROGRAM, "--list-langs"], b"", 10).decode("utf-8", "replace").split())
    except RecognitionFailed:
        return ()
    return tuple(language for language in _WANTED if language in listed)


def _run(command: list[str], given: bytes, seconds: float) -> bytes:
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # its threads wait for each other on a busy machine
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise RecognitionFailed from error
    return done.stdout


def _words(table: str) -> list[ReadWord]:
    """Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, sureness, text."""
    words: list[ReadWord] = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL:
            continue
        text = "".join(cells[11].split())
        try:
            left, top, width, height = (int(cell) for cell in cells[6:10])
            sureness = float(cells[10])
        except ValueError:
            continue
        if text and width > 0 and height > 0 and sureness >= _LEAST_SURE:
            words.append(ReadWord(text, left, top, left + width, top + height, tuple(cells[1:5])))
    return words
