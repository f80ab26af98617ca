"""The component as one file: `/widget.js` for any page, `/desk.js` for the page at `/`, which has more around it."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

import assistant as package
from assistant.widget import WIDGET, joined

router = APIRouter(include_in_schema=False)

_DESK = Path(package.__file__).parent / "page" / "desk.js"


@router.get("/widget.js")
def widget(accept_encoding: Annotated[str, Header()] = "", if_none_match: Annotated[str, Header()] = "") -> Response:
    return _script(WIDGET, accept_encoding, if_none_match)


@router.get("/desk.js")
def desk(accept_encoding: Annotated[str, Header()] = "", if_none_match: Annotated[str, Header()] = "") -> Response:
    return _script(_DESK, accept_encoding, if_none_match)


@cache
def _packed(entry: Path) -> tuple[bytes, bytes, str]:
    """A script as it is, compressed, and the tag that changes when it does."""
    plain = joined(entry).encode()
    return plain, gzip.compress(plain, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:16]}"'


def _script(entry: Path, accept_encoding: str, if_none_match: str) -> Response:
    plain, packed, tag = _packed(entry)
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",  # asked for each time, sent when it has changed
        "Vary": "Accept-Encoding",
        "Cross-Origin-Resource-Policy": "cross-origin",  # any page may load it, none may read by it
    }
    if tag in if_none_match:
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding:
        return Response(packed, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
    return Response(plain, media_type="text/javascript", headers=headers)
