"""The small words around documents that are named in a question, in three languages."""

from __future__ import annotations

import re

SAID_BY = (
    "ifølge", "i følge", "ifølgje", "i følgje", "iflg", "according to", "med utgangspunkt i", "as stated in",
    "as described in",
)  # fmt: skip
"""What follows is a source, whatever it is called."""
STANDS_IN = ("i", "in", "fra", "frå", "from")
"""What follows is a source if it is called a document, or ..."""
READ = frozenset(
    "står sto stod stå skrevet skrive skriv skriver nevnt nemnt nevnes nevner nemner omtalt omtales omtalast beskrevet "
    "lese les leser sagt anbefalt tilrådd listet lista listed publisert stated written mentioned described read".split()
)
"""... if something is said to stand or to be read there."""
THINGS = frozenset("law regulation decision contract strategy plan budget roadmap".split())
"""Families of documents that are spoken of as the thing they decide: "målene i strategien" are told of elsewhere too.
For them, too, something must be said to stand or to be read there."""
TWO_PARTS = re.compile(
    r"\b(?:og|and)\s+(?:hva|kva|hvem|kven|hvor|kor|kvar|når|hvilke\w*|hvordan|korleis|what|who|when|where|how|which)\b"
)
FOLLOWED = frozenset({"law", "regulation", "contract", "decision"})
"""Families of documents that one acts after."""
LEADS_TO_AV = frozenset("framgår fremgår framkommer framkjem går fram frem".split())
SAYS = frozenset(
    "sier seier sa skriver skriv skrev skreiv nevner nemner omtaler omtalar anbefaler anbefalar tilrår foreslår "
    "føreslår konkluderer opplyser oppgir oppgjev forteller fortel beskriver viser hevder hevdar melder melde".split()
)
SAY = frozenset("say state mention recommend conclude describe write tell show suggest propose report".split())
WRITES = frozenset("skriver skriv skrev skreiv melder melde write".split())
ASKED_FOR = (
    "hvilke", "hvilken", "hvilket", "kva", "kva for", "which", "what", "finnes det", "finst det", "fins det", "har vi",
    "har dere", "har de", "are there", "vis", "vis meg", "finn", "list opp", "show", "show me", "find", "list",
)  # fmt: skip
"""What follows is asked for among the documents, if more is said of it than its kind."""
NOT = frozenset("ikke ikkje not utenom utanom unntatt unnateke bortsett except annet anna enn than tillegg".split())
AND = ("og", "eller", "samt", "and", "or")

ARTICLES = frozenset(
    "den det de dei denne dette disse desse the this these those a an en ei et ein eit alle all any noen nokon nokre "
    "vår våre vårt våra our egne eigne to tre fire two three".split()
)
NEWEST = frozenset("nyeste nyaste siste ferskeste latest newest recent most last".split())
LANGUAGES = {
    name: tuple(codes.split())
    for names, codes in (
        ("nynorsk nynorske", "nn"), ("bokmål", "nb"), ("norsk norske norwegian", "nb nn no"),
        ("engelsk engelske english", "en"), ("dansk danske danish", "da"), ("svensk svenske swedish", "sv"),
        ("tysk tyske german", "de"),
    )
    for name in names.split()
}  # fmt: skip
BY = (
    "utgitt av", "utgjeve av", "skrevet av", "skrive av", "published by", "written by", "fra", "frå", "from", "av",
    "by", "til", "of", "hos",
)  # fmt: skip
TITLED = ("fra", "frå", "from", "for", "til", "hos", "ved", "av", "of", "to", "called", "kalt", "")
DATED = (
    "som ble publisert", "som vart publisert", "som er publisert", "som ble skrevet", "som er skrevet", "publisert",
    "utgitt", "skrevet", "skrive", "datert", "published", "written", "dated", "issued", "",
)  # fmt: skip
WITHIN_NAMES = frozenset("i på for til og av om hos ved med in on of to the and for with at".split())
NO_ADJECTIVES = WITHIN_NAMES | frozenset("fra frå from under over etter før mellom som at når hvis that when".split())
LONGEST_PHRASE = 8
