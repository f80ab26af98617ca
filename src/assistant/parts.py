"""A question that asks two things at once, taken apart: "Hvem kjøpte anlegget, og når?" Pure functions.

Only where each part has a question word of its own. What joins things asked of alike ("Hva er mål og
midler?") is one question."""

from __future__ import annotations

import re

MOST = 3

_ASKING = (
    r"(?:hva|hvem|hvor|hvorfor|hvordan|hvilken|hvilket|hvilke|når|kva|kven|kvar|kor|korleis|kvifor|korfor|kva tid|"
    r"what|who|whom|whose|where|when|why|how|which)"
)
_PREPOSITION = r"(?:(?:i|på|til|fra|frå|for|ved|med|av|in|at|by|from|to) )?"
_JOINED = re.compile(
    rf"(?:,? (?:og|samt|and)|[,;]|(?<=[?.])) (?:(?:og|and) )?(?={_PREPOSITION}{_ASKING}\b)", re.IGNORECASE
)
_BEGINS = re.compile(rf"^{_PREPOSITION}{_ASKING}\b", re.IGNORECASE)
_BARE = re.compile(rf"{_PREPOSITION}{_ASKING}", re.IGNORECASE)


def parts(question: str) -> tuple[str, ...]:
    """The questions in a question, in order; one where it asks one thing. A part is as it stands there, but
    for a question word that waits for the sentence of the next ("når og hvor ble ...")."""
    if not _BEGINS.match(question):
        return (question,)
    found: list[str] = []
    begin = 0
    for joint in _JOINED.finditer(question):
        if not _BEGINS.match(question[begin : joint.start()].strip()):
            continue
        found.append(question[begin : joint.start()])
        begin = joint.end()
    found.append(question[begin:])
    if len(found) == 1 or len(found) > MOST:
        return (question,)
    for at in range(len(found) - 1):
        if _BARE.fullmatch(found[at]):
            found[at] += _BEGINS.sub("", found[at + 1])
    return tuple(f"{part.strip(' ?.,')}?" for part in found)
