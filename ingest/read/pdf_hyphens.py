"""Words broken at the end of a line: whether the hyphen was the typesetter's or the writer's."""

from __future__ import annotations

from collections.abc import Set

# "forsknings- og utviklingsarbeid": the hyphen stands for the word's other half.
_SHARED_HALF = {"og", "eller", "samt", "and", "or", "och", "und", "til", "men", "to"}
_LONGEST_ACRONYM = 4


def rejoin(first: str, second: str, known: Set[str]) -> tuple[str, ...]:
    """The word or words that `first` (without its hyphen) and `second` make.

    `known` are the document's words in lower case. A hyphen stays before a capital or a figure
    ("Aurskog-Høland", "covid-19"), behind an abbreviation or a single letter ("EU-land", "e-post"),
    and where the document writes the word with it elsewhere."""
    if second.casefold() in _SHARED_HALF:
        return first + "-", second
    with_hyphen, without = f"{first}-{second}", f"{first}{second}"
    if not first or not second:
        return (with_hyphen,)
    bare = second.rstrip(".,;:!?)»”\"'")
    in_one = (first + bare).casefold().lstrip("(«“\"'")
    hyphened = f"{first}-{bare}".casefold().lstrip("(«“\"'")
    if (hyphened in known) != (in_one in known):
        return (with_hyphen,) if hyphened in known else (without,)
    letters = first.lstrip("(«“\"'")
    capitals = letters.isupper() and len(letters) > _LONGEST_ACRONYM and bare.isupper()
    if not capitals and (second[0].isupper() or letters.isupper()):
        return (with_hyphen,)
    if second[0].isdigit() or first[-1].isdigit() or len(letters) == 1 or not first[-1].isalpha():
        return (with_hyphen,)
    return (without,)
