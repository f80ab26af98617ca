"""A question that asks two things at once, taken apart: "Hvem kjøpte anlegget, og når?" Pure functions.

Only where each part has a question word of its own, or where one figure or another is asked about ("Er det 40 eller
60 ansatte?"): sources that say the one and the other are both wanted. What joins things asked of alike ("Hva er mål
og midler?") is one question. What a part leaves unsaid is taken from the others, as a follow-up's is from the turn
before."""

from __future__ import annotations

import re

from assistant import conversation
from assistant.conversation.clauses import Clause, clause_of
from assistant.types import Turn

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
_EITHER = re.compile(r"(?P<one>\d[\d ,.]*(?<! )) (?:eller|or) (?P<other>\d[\d ,.]*(?<! ))(?= )")
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


def whole_parts(question: str) -> tuple[str, ...]:
    """The questions in a question, each so that it can be searched for by itself."""
    first, *rest = parts(question)
    if not rest:
        return _either(first)
    first = _with_its_tail(clause_of(first), clause_of(rest[-1])) or first
    said = Turn(first, first, "", ())
    return (first, *(_whole(part[:1].upper() + part[1:], said) for part in rest))


def _either(question: str) -> tuple[str, ...]:
    """ "Var det 8. eller 9. mai?" asks of each of them."""
    match = _EITHER.search(question)
    if not match:
        return (question,)
    return tuple(f"{question[: match.start()]}{one}{question[match.end() :]}" for one in match.groups())


def _whole(part: str, said: Turn) -> str:
    first = clause_of(said.question)
    made = _asked_alike(first, clause_of(part)) or conversation.whole(part, [said])
    return conversation.with_topic(part, [said]) if made == part and _names_nothing(clause_of(part)) else made


def _with_its_tail(first: Clause, last: Clause) -> str:
    """ "Hva var omsetningen og hva var eksporten i 2021?" asks for the turnover in 2021 too."""
    alike = first.verb is not None and first.between(0, first.after).lower() == last.between(0, last.after).lower()
    if not alike or any(first.is_preposition(i) or first.is_name(i) for i in range(first.after, len(first.tokens))):
        return ""
    at = next((i for i in range(last.after + 1, len(last.tokens)) if last.is_preposition(i)), None)
    return "" if at is None else f"{first.text} {last.between(at, len(last.tokens))}?"


def _asked_alike(first: Clause, part: Clause) -> str:
    """ "Hvor mange tiltak har veikartet, og hvor mange har satsingen?" counts the same things; "hvor mange
    arbeider der ifølge LMI, og hvor mange ifølge SSB?" asks the same of another."""
    if not part.asks or not first.asks.lower().startswith(part.asks.lower()):
        return ""
    rest = part.between(part.asking, len(part.tokens))
    at = next((i for i in range(first.after, len(first.tokens)) if first.lower(i) == part.lower(part.asking)), None)
    if at is not None and (part.is_preposition(part.asking) or part.lower(part.asking) == "according"):
        return f"{first.between(0, at)} {rest}?"
    counts_the_same = part.verb is not None and len(first.asks) > len(part.asks)
    return f"{first.asks} {rest}?" if counts_the_same else ""


def _names_nothing(part: Clause) -> bool:
    """Whether a part is about a thing that is known ("utvidelsen", "the plant") without a name or a year."""
    after = range(part.asking, len(part.tokens))
    named = any(part.is_name(i) or part.tokens[i].is_number for i in after)
    return not named and any(part.is_definite(i) or part.lower(i - 1) == "the" for i in after if part.is_content(i))
