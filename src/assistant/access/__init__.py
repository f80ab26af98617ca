"""Who may do what, and which documents they see. Pure.

A document's group is the top folder that it lies in. What a principal may see is decided in one place: the
view of a generation that `Index.seen_by` gives out holds its documents and no others, and everything that
answers, lists, shows or counts documents reads such a view."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["reader", "editor", "admin"]
Permission = Literal["read", "edit", "operate"]

ROLES: tuple[Role, ...] = get_args(Role)

TOP = "."
"""The group of what lies directly in the documents' folder."""

Groups = frozenset[str] | None
"""The groups that are seen; None for all there are, also those that come later."""

_MAY: dict[Role, frozenset[Permission]] = {
    "reader": frozenset({"read"}),
    "editor": frozenset({"read", "edit"}),
    "admin": frozenset({"read", "edit", "operate"}),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever a request comes from. `owner` is whose conversations and overviews it makes: a key's id, or one
    of the names below; `keyed` says that it showed a key."""

    owner: str
    may: frozenset[Permission] = frozenset()
    groups: Groups = frozenset()
    keyed: bool = False

    @property
    def lists(self) -> bool:
        """Whether it may ask which conversations and overviews it has. Those without a key are many, and share an
        owner: each must know the ids of its own."""
        return self.keyed or self.owner == ""

    @property
    def limited(self) -> bool:
        """Whether limits on how often and how much at once hold for it."""
        return self.owner != ""

    def sees(self, path: str) -> bool:
        """Whether the document at `path`, relative to the documents' folder, is of its groups."""
        return self.groups is None or group_of(path) in self.groups


NOBODY = Principal("nobody")
"""Without a key, where that allows nothing. It sees no document."""

LOCAL = Principal("", frozenset({"read", "operate"}), None)
"""Without a key, on this machine: everything but editing. The command line is the same one."""


def anonymous(groups: Groups) -> Principal:
    """Without a key, from elsewhere, where that is allowed."""
    return Principal("anonymous", frozenset({"read"}), groups)


def holder(id: str, role: Role, groups: Groups) -> Principal:
    """Who holds the key `id`."""
    return Principal(id, _MAY[role], groups, keyed=True)


def group_of(path: str) -> str:
    """The group of the document at `path`, which is relative to the documents' folder, with `/`."""
    top, slash, _ = path.partition("/")
    return unicodedata.normalize("NFC", top) if slash else TOP


def covers(groups: Groups, wanted: Groups) -> bool:
    """Whether who sees `groups` sees all that who sees `wanted` does."""
    return groups is None or (wanted is not None and wanted <= groups)
