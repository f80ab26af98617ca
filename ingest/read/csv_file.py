"""CSV: text in columns, whatever parts them."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter

from assistant.errors import DamagedFile
from ingest.read.decoding import decode, encoding_warning
from ingest.read.extract import Extract
from ingest.read.sheets import MOST_COLUMNS, MOST_ROWS, Row, sheet_blocks
from ingest.read.tables import cell

_DELIMITERS = ";\t,|"
_SAMPLE_ROWS = 100
_SAMPLE = 200_000
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read(data: bytes, path: str) -> Extract:
    """The rows of a CSV file. Raises DamagedFile for bytes that are no text, or no rows."""
    text, encoding, guessed = decode(data)
    if "\0" in text:
        raise DamagedFile(path, "CSV", "it holds binary data")
    warnings = [encoding_warning(encoding)] if guessed else []
    said = _SAID.match(text)
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else delimiter_of(text)
    try:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [
            Row(number, tuple(cell(field) for field in record[:MOST_COLUMNS]))
            for number, record in enumerate(itertools.islice(records, MOST_ROWS), 2 if said else 1)
        ]
        if next(records, None) is not None:
            warnings.append(f"only the first {MOST_ROWS} rows were read")
    except (csv.Error, TypeError, ValueError) as error:
        raise DamagedFile(path, "CSV", "its rows cannot be told apart") from error
    return Extract(tuple(sheet_blocks(rows, always_named=True)), warnings=tuple(warnings))


def delimiter_of(text: str) -> str:
    """What parts the columns: the character that gives most rows the same number of them."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        score = _evenness(text[:_SAMPLE], delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(text: str, delimiter: str) -> float:
    """The share of rows with the usual number of columns, a little more for many columns; 0 for one."""
    try:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = [len(record) for record in itertools.islice(records, _SAMPLE_ROWS) if record]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    ((usual, count),) = Counter(widths).most_common(1)
    return count / len(widths) + min(usual, 50) / 1000 if usual > 1 else 0.0
