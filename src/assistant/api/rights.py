"""What each address takes: the whole table. tests/test_rights.py holds it against the routes there are, and
tries every row with every role."""

from __future__ import annotations

from dataclasses import dataclass
from re import Pattern

from starlette.routing import compile_path

from assistant.access import Permission

OPEN = None
"""For everybody, key or not; it tells nothing of the documents."""

_API = "/api/v1"
_READ: dict[str, Permission | None] = {"GET": "read"}

NEEDS: dict[str, dict[str, Permission | None]] = {
    "/": {"GET": OPEN},
    "/static/{path:path}": {"GET": OPEN},
    "/widget.js": {"GET": OPEN},
    "/desk.js": {"GET": OPEN},
    "/openapi.json": {"GET": OPEN},
    "/healthz": {"GET": OPEN},
    "/readyz": {"GET": OPEN},
    "/metrics": {"GET": "operate"},
    f"{_API}/session": {"GET": OPEN, "POST": OPEN, "DELETE": OPEN},
    f"{_API}/ask": {"POST": "read"},
    f"{_API}/search": _READ,
    f"{_API}/questions": _READ,
    f"{_API}/documents": {"GET": "read", "POST": "edit"},
    f"{_API}/documents/{{id}}": {"GET": "read", "DELETE": "edit"},
    f"{_API}/documents/{{id}}/file": _READ,
    f"{_API}/documents/{{id}}/pages/{{page}}.png": _READ,
    "/source/{id}": _READ,
    f"{_API}/conversations": _READ,
    f"{_API}/conversations/{{id}}": {"GET": "read", "DELETE": "read"},
    f"{_API}/conversations/{{id}}/export": _READ,
    f"{_API}/overview": {"GET": "read", "POST": "read"},
    f"{_API}/overview/{{id}}": {"GET": "read", "DELETE": "read"},
    f"{_API}/overview/{{id}}/resume": {"POST": "read"},
    f"{_API}/overview/{{id}}/stop": {"POST": "read"},
    f"{_API}/overview/{{id}}/export": _READ,
    f"{_API}/feedback": {"POST": "read", "GET": "operate"},
    f"{_API}/ingest": {"GET": "edit", "POST": "edit"},
    f"{_API}/ingest/rollback": {"POST": "edit"},
    "/v1/models": _READ,
    "/v1/models/{id}": _READ,
    "/v1/chat/completions": {"POST": "read"},
    "/mcp": {"GET": "read", "POST": "read", "DELETE": "read"},
}

UPLOAD = f"{_API}/documents"
"""Where a body may be as large as a document."""


@dataclass(frozen=True, slots=True)
class Row:
    """An address of the table, `path` with its parameters' names; "" for one that is not in it."""

    path: str
    needs: Permission | None


_COMPILED: tuple[tuple[Pattern[str], str], ...] = tuple((compile_path(path)[0], path) for path in NEEDS)


def methods_of(path: str) -> tuple[str, ...]:
    """What an address can be used with; none where it is not in the table, or says so itself."""
    return next((tuple(NEEDS[one]) for pattern, one in _COMPILED if pattern.match(path) and one != "/mcp"), ())


def row_of(method: str, path: str) -> Row:
    """What a request takes. An address that is not in the table takes what reading does, if only to be told
    that it is not there; a method that is not, what the most careful of roles may."""
    for pattern, template in _COMPILED:
        if pattern.match(path):
            methods = NEEDS[template]
            return Row(template, methods.get("GET" if method == "HEAD" else method, "operate"))
    return Row("", "read")
