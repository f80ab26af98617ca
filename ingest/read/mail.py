"""E-mail (.eml): who wrote what to whom and when. Attachments are named, not read."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime

from assistant.errors import DamagedFile
from ingest.read.decoding import decode
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.html import html_blocks
from ingest.read.language import language_of
from ingest.read.normalise import clean
from ingest.read.text import text_blocks

_ERRORS = (MessageError, ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)
"""What the parser raises on headers and parts that are broken."""
_HEADERS = ("From", "Date", "Subject", "To", "Message-ID")
_NORWEGIAN = {"From": "Fra", "To": "Til", "Cc": "Kopi", "Date": "Sendt", "Subject": "Emne", "Files": "Vedlegg:"}
_ENGLISH = {"From": "From", "To": "To", "Cc": "Cc", "Date": "Sent", "Subject": "Subject", "Files": "Attachments:"}
_QUOTED = re.compile(r"(?:> ?)+")
_MOST_ATTACHMENTS = 100


def read(data: bytes, path: str) -> Extract:
    """The subject as a heading, a line of sender and receivers, the text, the attachments' names. Raises
    DamagedFile where it is no message."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        if not isinstance(message, EmailMessage) or not any(message.get(name) for name in _HEADERS):
            raise DamagedFile(path, "e-mail", "it has none of a message's headers")
        return _read_message(message)
    except _ERRORS as error:
        raise DamagedFile(path, "e-mail", "its headers or parts are broken") from error


def _read_message(message: EmailMessage) -> Extract:
    body = _body(message)
    written = " ".join(block.text for block in body)
    names = _ENGLISH if language_of(None, written) == "en" else _NORWEGIAN
    subject = clean(message.get("Subject", ""))
    sent = _date(message)
    senders = _people(message, "From")
    said = {
        "From": ", ".join(senders),
        "To": ", ".join(_people(message, "To")),
        "Cc": ", ".join(_people(message, "Cc")),
        "Date": "" if sent is None else sent.isoformat(" ", "minutes")[:16],
        "Subject": subject,
    }
    blocks = [RawBlock("heading", subject)] if subject else []
    line = "; ".join(f"{names[name]}: {value}" for name, value in said.items() if value)
    blocks += [RawBlock("table_row", line)] if line else []
    blocks += body
    files = _attachments(message)
    if files:
        blocks.append(RawBlock("paragraph", names["Files"]))
        blocks += [RawBlock("list_item", name) for name in files]
    first = getaddresses([str(message.get("From", ""))])
    return Extract(
        tuple(blocks),
        Metadata(
            title=subject or None,
            date=None if sent is None else sent.date().isoformat(),
            publisher=clean(first[0][0] or first[0][1]) or None if first else None,
        ),
        warnings=(f"{len(files)} attachments were named but not read",) if files else (),
    )


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError):
        return None


def _people(message: EmailMessage, name: str) -> list[str]:
    found = getaddresses([str(value) for value in message.get_all(name, [])])
    return [clean(f"{who} <{address}>" if who and address else who or address) for who, address in found]


def _body(message: EmailMessage) -> list[RawBlock]:
    """The plain text, or the HTML where there is none. A message has no headings of its own."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return []
    payload = part.get_payload(decode=True)
    text = decode(payload, part.get_content_charset())[0] if isinstance(payload, bytes) else ""
    if part.get_content_type() == "text/html":
        return html_blocks(text)
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    return [
        RawBlock("paragraph", block.text) if block.kind == "heading" else block
        for lines in _by_depth(text)
        for block in text_blocks(_unfolded(lines) if flowed else "\n".join(lines))
    ]


def _by_depth(text: str) -> list[list[str]]:
    """The lines without their `>`, those of one depth of quoting together."""
    groups: list[list[str]] = []
    for _, lines in itertools.groupby(text.splitlines(), key=_depth):
        groups.append([_QUOTED.sub("", line, count=1) if line.startswith(">") else line for line in lines])
    return groups


def _depth(line: str) -> int:
    quoted = _QUOTED.match(line)
    return quoted[0].count(">") if quoted else 0


def _unfolded(lines: list[str]) -> str:
    """Lines that end in a space go on in the next one (RFC 3676)."""
    return "".join(line if line.endswith(" ") and line != "-- " else line + "\n" for line in lines)


def _attachments(message: EmailMessage) -> list[str]:
    names = (clean(part.get_filename() or "") for part in message.iter_attachments())
    return [name for name in itertools.islice(names, _MOST_ATTACHMENTS) if name]
