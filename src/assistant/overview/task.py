"""What an overview looks for. "Gå gjennom alle årsrapportene og list opp tiltakene mot fravær" is a task, and
each document is read for "Tiltakene mot fravær" alone: a reader that weighs words would else look for "gå",
"gjennom" and "årsrapportene" in every passage. Pure functions."""

from __future__ import annotations

import re

from assistant.text import content_words, language_of


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


def _begins(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^{pattern}", re.IGNORECASE)


# --- the words of a task, as parts of patterns --------------------------------------------------

_EACH = _any(*"alle all samtlige samtlege hver hvert hvereneste kvar kvart every each".split())
_THE = _any(*"av of de dei disse desse the these".split())
_NOUN = r"\w*" + _any(
    *r"dokument\w* rapport\w* notat\w* referat\w* melding\w* kilde\w* kjelde\w*".split(),
    *r"fil(?:er|ene|ar|ane)? plan(?:er|ene|ar|ane)?".split(),
    *r"documents? reports? notes? files? minutes sources? papers? plans?".split(),
)
_DOCUMENTS = rf"(?:{_EACH} )?(?:{_THE} ){{0,2}}(?:\w+ ){{0,2}}?{_NOUN}\b"
"""What a task names as its documents, such as "hver av de årlige rapportene"."""

_THEY = _any("de", "dei", "det", "they", "it", _DOCUMENTS) + "(?: alle)?"
_SAY = _any(*"sier seier skriver skriv opplyser forteller fortel mener meiner says? tells? states? writes?".split())
_WHAT = _any("hva", "kva", "what")
_MEANS = "(?: som)?(?: noe| noko| anything| something)?"

# --- what is taken off, in this order -----------------------------------------------------------

_POLITE = _begins(
    _any(
        _any("kan", "kunne", "vil", "can", "could", "would") + " (?:du|you)(?: please)? ",
        _any("vennligst", "ver så snill og", "vær så snill og", "please") + " ",
    )
)
_GO_THROUGH = _begins(
    _any("gå", "les", "lese", "sjå", "se", "bla", "søk", "søke", "leit", "let", "go", "read", "look", "search")
    + "(?: nøye| grundig| carefully)?"
    + _any(" gjennom", " igjennom", " i", " through", " in", "")
    + rf" {_DOCUMENTS}[^:,.;?!]{{0,40}}?"
    + _any(r"\s*[:,.;]\s*(?:og |and )?", " og ", " and ", " for å ", " to ")
)
_DO = _begins(
    "(?:og |and )?"
    + _any(
        "(?:list|lista|liste|før|føre|skriv|skrive|ram|ramse)(?: meg)? (?:opp|ned|ut)",
        "(?:finne?|hente?|vise?|samle|notere?|nevne?|nemne?)(?: meg)?(?: fram| frem| ut| inn| opp)?",
        "(?:lag|lage|gi|gje|gjev|skriv)(?: meg)?(?: en| ei| eit| et)?(?: \\w+)? (?:oversikt|oversyn|liste|tabell)"
        " (?:over|med|på|av|om)",
        "(?:gi|gje|fortell|fortel|si) meg",
        "(?:list|find|name|give|show|note|extract|collect|summari[sz]e)(?: me)?(?: up| out| down)?",
        "(?:make|give|write)(?: me)?(?: an?)?(?: \\w+)? (?:overview|list|table) (?:of|over|with)",
        "tell me",
    )
    + r"\s+"
)
_WHICH = _begins(
    _any("hvilken", "hvilket", "hvilke", "kva for(?: eit| ein| nokre)?", "kva", "which", "what")
    + rf" {_NOUN}{_MEANS} "
    + _any(
        *"nevner nemner omtaler omtalar inneholder inneheld mentions? discuss(?:es)? contains? describes?".split(),
        rf"(?:handler|handlar|{_SAY}){_MEANS} (?:om|about)",
        "(?:tar|tek) opp",
        "(?:are|is) about",
    )
    + " "
)
_WHAT_THEY_SAY = _begins(
    rf"(?:ut )?{_WHAT}{_MEANS} "
    + _any(
        rf"{_THEY} {_SAY}",
        rf"{_SAY} {_DOCUMENTS}",
        rf"(?:do|does) {_THEY} {_SAY}",
        rf"står(?: det| skrevet| skrive)*(?: i {_DOCUMENTS})?",
        rf"is said(?: in {_DOCUMENTS})?",
    )
    + rf"{_MEANS} (?:om|about|on|of) "
)
_AND_WHAT = re.compile(rf",? (?:og|and) {_WHAT} (?:(?:do )?{_THEY} {_SAY}|{_SAY} {_THEY})\b.*$", re.IGNORECASE)
_IN_EACH = re.compile(
    rf",? (?:i|fra|frå|in|from|across) {_EACH}(?: {_THE}){{0,2}} \w+(?=[ .?!]*$)", re.IGNORECASE
)
_QUANTIFIER = _begins(rf"{_EACH}(?: {_THE})? (?!som |that |who )")


def asked_of_each(question: str) -> str:
    """What each document is read for; the whole question where it is no task, or nothing else is left."""
    text = question.strip()
    for pattern in (_POLITE, _GO_THROUGH, _DO, _WHICH, _WHAT_THEY_SAY, _AND_WHAT, _IN_EACH, _QUANTIFIER):
        text = pattern.sub("", text, count=1)
    text = text.strip(" :,;.")
    if not any(len(word) > 1 or word.isdigit() for word in content_words(text)):
        return question.strip()
    if language_of(question) == "en" != language_of(text):
        # The small words that told the language are gone, and a reader that takes it for Norwegian
        # expects the words of Norwegian documents in it.
        return f"What about {text.rstrip('?')}?"
    return text[:1].upper() + text[1:]
