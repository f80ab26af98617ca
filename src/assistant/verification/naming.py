"""Which words of a text are names, by how they are written: no list of persons or of organisations. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.verification.wording import FUNCTION, Token, is_known, is_number, is_within


@dataclass(frozen=True, slots=True)
class Name:
    """`text[start:end]`, a run of capitalised words; `words` as they are compared. A name that is not
    `sure` opens the sentence and may be an ordinary word. `titled`: capitalised words that are ordinary
    ones, as in "National Export Council". `adjective`: a country's, as in "Danish"."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    sure: bool = True
    titled: bool = False
    adjective: bool = False


_TITLES = (
    "minister direktør leder leiar sjef rådgiver rådgjevar forsker forskar president fører førar ordførar mester "
    "formann representant politiker politikar trener trenar spiller spelar forfatter forfattar kunstner skuespiller "
    "sekretær professor advokat prest biskop general redaktør journalist kommissær dommer ingeniør konsulent "
    "mann kvinne kone sønn datter bror søster konge dronning prins prinsesse keiser pave"
).split()


_COMPANIES = frozenset("AS ASA ANS BA DA HF IKS KF NUF RHF SA SE AB Oyj ApS GmbH Inc Ltd LLC plc".split())
"""What a company's name ends with: the words before it are its name, also where they open a sentence."""
_NUMERALS = frozenset("IVX")
"""Of one letter: Elizabeth I, Harald V."""
_ALSO_FIRST_NAMES = frozenset({"hans", "per"})
"""Small words that are persons' first names too."""


def names_in(found: Sequence[Token], english: bool, taken: Sequence[tuple[int, int]]) -> Iterator[Name]:
    """Every name of a text in its order; not what stands within `taken`, such as a month."""
    at = 0
    while at < len(found):
        token = found[at]
        if token.kind != "word" or not _is_capitalised(token) or is_within(token, taken):
            if country := _adjectives().get(token.lower):
                yield Name(token.start, token.end, token.text, (country,), adjective=True)
            at += 1
            continue
        length, known = _alias(found, at)
        if length:
            end = at + length
            text = " ".join(t.text for t in found[at:end])
            adjective = known.startswith("|")
            yield Name(token.start, found[end - 1].end, text, (known.lstrip("|"),), adjective=adjective)
            at = end
        elif _is_skipped(found, at, english):
            if token.lower not in FUNCTION and not is_number(token.lower, english):
                yield Name(token.start, token.end, token.text, (_head(token),), sure=False, titled=True)
            at += 1
        else:
            end = _run_end(found, at, english)
            names = list(_run(found[at:end], english))
            if names and names[-1].sure and (place := _place_after(found, end)):
                names[-1] = _joined(names[-1], place)
                end += 1
            yield from names
            at = end


def _is_capitalised(token: Token) -> bool:
    return token.text[0].isupper() or any(c.isupper() or c.isdigit() for c in token.text[1:]) or _is_address(token)


def _is_address(token: Token) -> bool:
    return token.lower.rpartition(".")[2] in ("no", "com", "org", "net", "dk", "se", "eu", "uk") and "." in token.text


def _is_skipped(found: Sequence[Token], at: int, english: bool) -> bool:
    """Small words, and numbers or ordinary words that open a sentence."""
    token, lower = found[at], found[at].lower
    if lower in FUNCTION and not _is_capitals(token):
        return not _is_name_all_the_same(found, at, english)
    opens = token.opens and not _is_marked(token) and not (at + 1 < len(found) and found[at + 1].text in _COMPANIES)
    return opens and (is_known(lower, english) or is_number(lower, english))


def _is_name_all_the_same(found: Sequence[Token], at: int, english: bool) -> bool:
    """ "Hans Bakke", "Karl I": within a sentence Norwegian writes a small word small, but for names."""
    token = found[at]
    before = found[at - 1] if at else None
    if token.text in _NUMERALS:
        return before is not None and _is_plain_name(before) and token.start == before.end + 1
    after = found[at + 1] if at + 1 < len(found) else None
    joined = after is not None and _is_plain_name(after) and after.start == token.end + 1
    if not joined:
        return False
    within = not english and not token.opens and before is not None and before.kind == "word"
    return within or token.lower in _ALSO_FIRST_NAMES


def _is_plain_name(token: Token) -> bool:
    return token.kind == "word" and token.text[0].isupper() and token.lower not in FUNCTION


def _is_capitals(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def _is_marked(token: Token) -> bool:
    """Written as only names are: LMI, HelseOmsorg21, Aurskog-Høland, lmi.no."""
    return any(c.isupper() or c.isdigit() for c in token.text[1:]) or _is_address(token)


def _run_end(found: Sequence[Token], at: int, english: bool) -> int:
    """Where a run of capitalised words ends. English writes ordinary words so too, in titles: there a run is
    of one kind."""
    titled = _is_titled(found[at], english)
    end = at + 1
    while end < len(found):
        token = found[end]
        if token.text == "." and len(found[end - 1].text) == 1 and token.start == found[end - 1].end:
            end += 1  # an initial
        elif (
            token.kind == "word"
            and _is_capitalised(token)
            and not _is_skipped(found, end, english)
            and not token.opens
            and (_is_titled(token, english) == titled or not english)
            and not _alias(found, end)[0]
        ):
            end += 1
        else:
            break
    return end - (found[end - 1].text == "." and end - 1 > at)


def _is_titled(token: Token, english: bool) -> bool:
    return not _is_marked(token) and (is_known(token.lower, english) or token.lower.endswith(tuple(_TITLES)))


def _run(run: Sequence[Token], english: bool) -> Iterator[Name]:
    first, last = run[0], run[-1]
    parts = [token for token in run if token.kind == "word" and (len(token.text) > 1 or token.text in _NUMERALS)]
    if not parts:
        parts = list(run[:1])
    if first.opens and not _is_marked(first) and last.text not in _COMPANIES:
        if _head(first) != first.lower or not first.lower.endswith(tuple(_TITLES)):
            yield Name(first.start, first.end, first.text, (_head(first),), sure=False)
        parts = [token for token in parts if token is not first]
    if parts:
        text = " ".join(token.text for token in parts)
        words = tuple(_head(token) for token in parts)
        yield Name(parts[0].start, last.end, text, words, titled=all(_is_titled(token, english) for token in parts))


def _place_after(found: Sequence[Token], at: int) -> Token | None:
    """The Norge of "Innovasjon Norge": a country's name as the last word of another name."""
    token = found[at] if at < len(found) else None
    if token is None or not _is_plain_name(token) or token.opens or token.start != found[at - 1].end + 1:
        return None
    length, known = _alias(found, at)
    return token if length == 1 and not known.startswith("|") else None


def _joined(name: Name, place: Token) -> Name:
    words = (*name.words, known_as(_head(place)))
    return Name(name.start, place.end, f"{name.text} {place.text}", words, titled=name.titled)


def known_as(word: str) -> str:
    """The first form of a name that `names.txt` knows; another lower-case word as it is."""
    return _aliases().get(_bare(word), word)


def _head(token: Token) -> str:
    """A name as it is compared: the LMI of "LMI-medlemmer"."""
    first, hyphen, rest = token.text.rpartition("-")
    return first.lower() if hyphen and first[0].isupper() and rest.islower() else token.lower


def _alias(found: Sequence[Token], at: int) -> tuple[int, str]:
    """How many tokens from `at` are a name that `names.txt` knows, and its first form there."""
    for length in range(min(6, len(found) - at), 0, -1):
        run = found[at : at + length]
        phrase = " ".join(_bare(token.lower) for token in run) if length > 1 else _bare(_head(run[0]))
        known = _aliases().get(phrase) or (f"|{_adjectives()[phrase]}" if phrase in _adjectives() else None)
        if known and (len(phrase) > 3 or run[0].text.isupper()) and "." not in phrase[-1:]:
            return length, known
    return 0, ""


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


@cache
def _aliases() -> dict[str, str]:
    return {form: names[0] for names, _ in _lines() for form in names} | {
        f"{form}s": names[0] for names, _ in _lines() for form in names if " " not in form and form[-1] != "s"
    }


@cache
def _adjectives() -> dict[str, str]:
    return {form: names[0] for names, adjectives in _lines() for form in adjectives}


@cache
def _lines() -> list[tuple[list[str], list[str]]]:
    text = files("assistant.verification").joinpath("names.txt").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            names, _, adjectives = line.partition("|")
            found.append(
                ([n.strip() for n in names.split(";")], [a.strip() for a in adjectives.split(";") if a.strip()])
            )
    return found
