"""Follow-ups made whole: "og når var det?" becomes a question that can be searched for. Pure functions.

By rules, in this order: what is put in the place of something of the same kind ("hva med Danmark?"), what asks
anew of the same ("hvorfor det?"), what points back ("når ble det lansert?"), and for the rest the topic in
front ("Om veikartet: ..."). Each gives a question that can be shown. The question before is never put in
whole beside the new one: its answer would then pass for an answer to the new one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.about import inquiry
from assistant.conversation.antecedents import Before, latest
from assistant.conversation.clauses import Clause, clause_of
from assistant.conversation.dependence import Pointer, depends, pointers
from assistant.conversation.nounphrases import cores, phrases
from assistant.conversation.replacing import in_its_place
from assistant.conversation.smallwords import ADVERBIAL, shape_of
from assistant.text import language_of, stems, telling_words, words
from assistant.types import Answer, Near, Turn

LONGEST = 300
"""Characters that may be added; where it would be more, only the topic is, or nothing."""

_SAYS_NOTHING = frozenset(
    "det da då så akkurat er var ble blir vart vert blei skal skulle vil ville har skjedde skjer skje skjedd disse "
    "desse dette dei de nettopp this that it is was were did do will would does happen happened be been exactly so "
    "these those then".split()
)
_MEASURES = frozenset("hvor kor how mye mykje much og and men but hva kva med blir".split())
_UNITS = re.compile(
    r"\b(?:i|in) (?:norske |danske |norwegian |danish )?"
    r"(?:kroner|euro|dollar|prosent|percent|tonn|tonnes|meter|metres|antall|tal)\b",
    re.IGNORECASE,
)
_MEASURING = re.compile(r"^(?:hvor|kor|how) (?P<degree>\w+)", re.IGNORECASE)
_TELL = re.compile(
    r"^(?:\w+ [^:]+: )?(?:fortell|fortel|forklar|utdyp|utdjup|beskriv|vis|list|tell|explain|elaborate|describe|show)\b",
    re.IGNORECASE,
)
_OF_SEVERAL = {"was": "were", "is": "are", "has": "have", "does": "do"}
_DOING = frozenset("do does did done gjør gjorde gjøre gjort gjer gjere".split())
_HANGING = frozenset("bak med om for til i på behind for with about in".split())
_OF_THEM = re.compile(r"\b(?:av|blant|of|among) (?:dem|dei|de|disse|desse|them|these|those)\b", re.IGNORECASE)
_THE_OTHERS = re.compile(r"\b(?:hvem|hvilke|kven|who|which|what) (?:andre|else|other)\b", re.IGNORECASE)


def whole(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves unsaid taken from the turns before it, oldest first; the question
    itself where it stands by itself or nothing was said."""
    before = latest(history)
    if before is None or inquiry(question) or not depends(question):
        return question
    said = [turn.whole for turn in history] + [turn.answer_text for turn in history]
    made = (
        _in_another_unit(question, before)
        or in_its_place(question, before, said)
        or _asked_anew(question, before)
        or _picked_out(question, before)
        or _pointed_out(question, before)
        or _hung_on(question, before)
    )
    longest = len(question) + LONGEST
    if not made or len(made) > longest:
        made = _about(question, before)
    return _as_question(made) if len(made) <= longest else question


def with_topic(question: str, history: Sequence[Turn]) -> str:
    """The question with what the turn before was about in front."""
    before = latest(history)
    return question if before is None else _as_question(_about(question, before))


def turn_of(answer: Answer) -> Turn:
    """What is remembered of an answer."""
    cited = {citation.document_id: Near(citation.document_id, citation.title) for citation in answer.citations}
    return Turn(answer.question, answer.understood_as or answer.question, answer.text, tuple(cited.values()))


def looks_within(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The documents that were cited for what "hvem av dem" picks from, by id. To be preferred, not to be
    kept to: the list may stand in one document, and what is asked of its members in another."""
    picks = _OF_THEM.search(question) or _THE_OTHERS.search(question)
    if not history or not picks or not depends(question):
        return ()
    return tuple(dict.fromkeys(one.document_id for one in history[-1].cited))


def vouched(rewritten: str, question: str, history: Sequence[Turn]) -> str | None:
    """A language model's version of a follow-up, or None where it cannot be trusted: it must be one short
    line, keep the question's own figures and words that say something, and use no such word that is
    neither in the question nor in the conversation."""
    text = " ".join(rewritten.split()).strip("\"'«»“” ")
    if not text or len(text) > LONGEST or "\n" in rewritten.strip() or not text.endswith("?"):
        return None
    said = " ".join([question, *(part for turn in history for part in (turn.whole, turn.answer_text))])
    made, own, known = _telling(text), _telling(question), set(stems(said))
    figures = {word for word, _, _ in words(question) if word[0].isdigit()}
    kept = figures <= {word for word, _, _ in words(text)} and len(own & made) >= 0.5 * len(own)
    return text if kept and made <= known and made - own else None


def _telling(text: str) -> set[str]:
    return set(stems(" ".join(telling_words(text))))


# --- the ways to make a question whole ----------------------------------------------------------


def _in_another_unit(question: str, before: Before) -> str:
    """ "Hvor mye i kroner?", "i prosent?"."""
    unit = _UNITS.search(question)
    if not unit or before.clause.verb is None:
        return ""
    rest = {word for word, _, _ in words(question[: unit.start()] + question[unit.end() :])}
    return "" if rest - _SAYS_NOTHING - _MEASURES else f"{before.clause.text}, {unit.group()}"


def _asked_anew(question: str, before: Before) -> str:
    """Another question phrase to the same sentence: "hvorfor det?", "og når var det?", "in which places?"."""
    asked, said = clause_of(question), before.clause
    if not asked.asking or before.given_topic or said.verb is None or asked.english != said.english:
        return ""
    if any(token.lower not in _SAYS_NOTHING for token in asked.tokens[asked.asking :] if token.is_word):
        return ""
    phrase = _capital(asked.asks)
    word = asked.lower(1 if asked.tokens[0].is_preposition and asked.asking > 1 else 0)
    if (word in ADVERBIAL and not _MEASURING.match(asked.asks)) or asked.tokens[0].is_preposition:
        return _adverbially(phrase, before)
    noun = [token for token in asked.tokens[: asked.asking] if token.is_content]
    if noun and asked.verb is None and before.asked_noun:
        return f"{phrase} {said.between(said.verb, len(said.tokens))}"
    return ""


def _adverbially(phrase: str, before: Before) -> str:
    """The sentence of the turn before, asked for its time, place, cause or manner."""
    said = before.clause
    assert said.verb is not None
    verb, rest = said.between(said.verb, said.verb + 1), said.rest
    measured = _MEASURING.match(said.asks)
    if not said.asking:
        return f"{phrase} {_small(said.text, said)}"
    if (said.lower(0) in ADVERBIAL and not measured) or said.tokens[0].is_preposition:
        return f"{phrase} {verb} {rest}"
    if said.english:
        return _adverbially_in_english(phrase, before)
    nynorsk = language_of(said.text) == "nn"
    if before.asks_who:
        return f"{phrase} {verb} {'dei' if nynorsk else 'de'} {rest}" if before.asks_for_the_subject and rest else ""
    if before.asked_noun and before.asks_for_the_subject:
        return f"{phrase} {verb} {before.asked_noun} {rest}"
    if measured:
        return f"{phrase} {verb} {rest} så {said.between(1, said.asking)}"
    if before.asked_noun:
        return f"{phrase} {verb} {rest} {before.asked_noun}"
    if not phrases(said):
        return ""
    return f"{phrase} {verb} {rest}" if said.auxiliary in ("er", "var") else f"{phrase} {verb} {_with_it(said)}"


def _with_it(said: Clause) -> str:
    """The rest of "hva produserer Vistin Pharma i Grenland?" with "det" for what was asked for."""
    end = len(said.tokens)
    first = phrases(said)[0]
    at = end if said.lower(end - 1) in _HANGING else said.after if first.preposition else cores(said)[0].last
    return " ".join(part for part in (said.between(said.after, at), "det", said.between(at, end)) if part)


def _adverbially_in_english(phrase: str, before: Before) -> str:
    said = before.clause
    assert said.verb is not None
    verb, rest, who = said.between(said.verb, said.verb + 1), said.rest, before.asked_noun or "they"
    if before.asks_for_the_subject:
        is_past = verb.endswith("ed")
        verb = _OF_SEVERAL.get(verb, verb) if who == "they" else verb
        return f"{phrase} {verb if said.auxiliary else 'was it that' if is_past else 'is it that'} {who} " + (
            rest if said.auxiliary else f"{verb} {rest}"
        )
    if not said.auxiliary:
        return ""
    measure = f"so {said.between(1, said.asking)}" if _MEASURING.match(said.asks) else before.asked_noun
    return f"{phrase} {verb} {rest} {measure}"


def _picked_out(question: str, before: Before) -> str:
    """ "Hvem er med i fellesskapet?" and then "hvem av dem er kommuner?": which of a kind are."""
    asked, said = clause_of(question), before.clause
    is_picking = asked.verb is not None and _OF_THEM.search(asked.between(0, asked.verb)) and asked.auxiliary
    if not is_picking or not before.asks_who or not before.asks_for_the_subject or said.verb is None:
        return ""
    kind = [token for token in asked.tokens[asked.after :] if token.is_word]
    if len(kind) != 1 or not kind[0].is_content or shape_of(kind[0].text) != "plural" or before.given_topic:
        return ""
    which = "Which" if said.english else "Kva" if language_of(said.text) == "nn" else "Hvilke"
    return f"{which} {kind[0].text} {said.between(said.verb, said.verb + 1)} {said.rest}"


def _pointed_out(question: str, before: Before) -> str:
    """The words that point back, replaced by what they point at."""
    asked = clause_of(question)
    found = pointers(asked)
    if any(one.kind == "thing" and asked.lower(one.at - 1) in _DOING for one in found):
        return ""  # "hvorfor gjorde de det?" asks of what was done
    has_content = any(asked.is_content(i) for i in range(len(asked.tokens)))
    if not has_content and (asked.verb is None or all(one.kind in ("place", "time") for one in found)):
        return ""  # "disse?", "hvem var der?" ask of more than the one thing
    meant: list[tuple[Pointer, str]] = []
    for pointer in found:
        of_them = bool(_OF_THEM.search(asked.text)) and pointer.kind == "plural"
        stands_for = "" if _fills_in(asked, pointer) else before.stands_for(pointer, of_them)
        if stands_for and not any(stands_for in other or other in stands_for for _, other in meant):
            meant.append((pointer, stands_for))
    text = asked.text if meant else ""
    for pointer, stands_for in reversed(meant):  # from the end: what stands before keeps its place
        text = _with(asked, text, pointer, stands_for)
    return text


def _fills_in(asked: Clause, pointer: Pointer) -> bool:
    """ "Det" in "hvor mange kommuner er det?" stands for nothing that could take its place."""
    if pointer.kind != "thing":
        return False
    noun = any(asked.is_content(i) for i in range(asked.asking))
    return noun and pointer.at == len(asked.tokens) - 1 and asked.auxiliary in ("er", "var", "are", "is", "was")


def _with(asked: Clause, text: str, pointer: Pointer, meant: str) -> str:
    start, end = asked.tokens[pointer.at].start, asked.tokens[pointer.end - 1].end
    if pointer.possessive:
        after_noun = pointer.at > 0 and asked.is_definite(pointer.at - 1)
        if after_noun:
            meant = f"til {meant}"  # "telefonnummeret hennes"
        else:
            meant += ("'" if asked.english else "") + ("" if meant[-1] in "sxz" and not asked.english else "s")
    if re.match(r"(?:de|dei|dem) (?:.+ )?som ", meant) and text[end:].strip():
        meant += ","
    if pointer.kind == "place" and asked.is_preposition(pointer.at - 1):
        meant = meant.split(" ", 1)[1]
    if asked.lower(pointer.at) == "dit":
        meant = "til " + meant.split(" ", 1)[1]
    return text[:start] + meant + text[end:]


def _hung_on(question: str, before: Before) -> str:
    """ "Hvem sto bak?": the topic after the word that waits for it."""
    asked = clause_of(question)
    if pointers(asked) or asked.verb is None or not asked.tokens or asked.lower(len(asked.tokens) - 1) not in _HANGING:
        return ""
    joint = "på " if asked.lower(len(asked.tokens) - 1) == "med" and not asked.english else ""
    return f"{asked.text} {joint}{before.topic}"


def _about(question: str, before: Before) -> str:
    asked = clause_of(question)
    english = language_of(question, "en" if before.clause.english else "nb") == "en"
    return f"{'About' if english else 'Om'} {before.whole_topic}: {_small(asked.text, asked)}"


# --- spelling -----------------------------------------------------------------------------------


def _as_question(text: str) -> str:
    return _capital(" ".join(text.split()).rstrip(" ?.!,")) + ("." if _TELL.match(text) else "?")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str, clause: Clause) -> str:
    """Without the capital of a beginning, unless the first word is a name."""
    return text if clause.tokens and clause.is_name(0) else text[:1].lower() + text[1:]
