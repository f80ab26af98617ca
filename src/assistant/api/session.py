"""Who one is, and a key for a browser: it is sent once, and then comes along with pictures and links, which
carry no header."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from assistant.access import Permission
from assistant.api.caller import COOKIE, key_of
from assistant.api.dependencies import ThePrincipal
from assistant.api.description import PROBLEMS
from assistant.errors import KeyRequired, KeyUnknown

router = APIRouter(prefix="/api/v1/session", tags=["session"], responses=PROBLEMS)

_SECONDS = 30 * 24 * 3600


class Session(BaseModel):
    """What one may do here (`read`, `edit`, `operate`), and the groups one sees; null is all of them."""

    may: list[Permission]
    groups: list[str] | None
    keyed: bool


@router.get("")
def who(principal: ThePrincipal) -> Session:
    groups = None if principal.groups is None else sorted(principal.groups)
    return Session(may=sorted(principal.may), groups=groups, keyed=principal.keyed)


@router.post("", status_code=204)
def begin(request: Request, response: Response, principal: ThePrincipal) -> None:
    """Send the key as `Authorization: Bearer`; it is kept in a cookie that no script reads and no other site
    sends."""
    key = key_of(request, cookies=False)
    if key is None:
        raise KeyRequired
    if not principal.keyed:
        raise KeyUnknown
    response.set_cookie(
        COOKIE, key, max_age=_SECONDS, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )


@router.delete("", status_code=204)
def end(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
