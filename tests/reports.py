"""Thirty yearly reports made up for one test: which of them state a measure is known, and where.

Most say what was done against sick leave, in a sentence or a table, in bokmål or nynorsk. The rest give the
rate of sick leave and no measure, or do not mention it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

QUESTIONS = {
    "nb": "Gå gjennom alle årsrapportene og list opp tiltakene mot sykefravær",
    "nn": "Kva tiltak mot sjukefråvær er nemnde i årsrapportane?",
    "en": "Go through every yearly report and list each measure against sick leave",
}

_YEARS = range(1995, 2025)
_NYNORSK = range(1995, 2025, 5)

_MEASURES = {
    "nb": (
        "oppfølgingssamtaler etter to uker",
        "ergonomisk veiledning på arbeidsplassen",
        "gratis influensavaksine",
        "tilrettelagte vakter for gravide",
        "felles trening to ganger i uken",
        "opplæring av ledere i dialog med sykmeldte",
        "egne hvilerom i begge etasjer",
        "bedriftslege på huset hver torsdag",
    ),
    "nn": (
        "oppfølgingssamtalar etter to veker",
        "rettleiing i ergonomi på arbeidsplassen",
        "gratis influensavaksine",
        "tilrettelagde vakter for gravide",
        "felles trening to gonger i veka",
        "opplæring av leiarar i dialog med sjukmelde",
        "eigne kvilerom i begge etasjane",
        "bedriftslege på huset kvar torsdag",
    ),
}
_SENTENCES = {
    "nb": (
        "For å få ned sykefraværet innførte vi {a} og {b}.",
        "Av tiltak mot sykefravær kan nevnes {a}, og fra høsten også {b}.",
        "Fraværet skulle ned: derfor satte vi i gang {a}, sammen med {b}.",
    ),
    "nn": (
        "For å få ned sjukefråværet innførte vi {a} og {b}.",
        "Av tiltak mot sjukefråvær kan nemnast {a}, og frå hausten også {b}.",
        "Fråværet skulle ned: difor sette vi i gang {a}, saman med {b}.",
    ),
}
_RATE = {
    "nb": "Sykefraværet var {rate} prosent, mot {before} prosent året før.",
    "nn": "Sjukefråværet var {rate} prosent, mot {before} prosent året før.",
}
_REST = {
    "nb": (
        ("Økonomi", "Driftsinntektene ble {n} millioner kroner. Resultatet var i balanse, og egenkapitalen økte litt."),
        ("Medlemmer", "Ved årets slutt hadde vi {n} medlemmer. De fleste nye kom fra bygg og anlegg."),
        ("Lokaler", "Kontoret flyttet ikke i år. Leieavtalen ble forlenget med {m} år på de samme vilkårene."),
        ("Arrangementer", "Vi holdt {m} frokostmøter og én høstkonferanse. Den samlet {n} deltakere."),
        ("Styret", "Styret møttes {m} ganger. Årsmøtet valgte to nye medlemmer for to år."),
        ("Miljø", "Strømforbruket gikk ned {m} prosent etter at ventilasjonen ble skiftet."),
    ),
    "nn": (
        ("Økonomi", "Driftsinntektene vart {n} millionar kroner. Resultatet var i balanse, og eigenkapitalen auka."),
        ("Medlemmer", "Ved utgangen av året hadde vi {n} medlemmer. Dei fleste nye kom frå bygg og anlegg."),
        ("Lokale", "Kontoret flytta ikkje i år. Leigeavtalen vart forlengd med {m} år på dei same vilkåra."),
        ("Arrangement", "Vi heldt {m} frukostmøte og éin haustkonferanse. Han samla {n} deltakarar."),
        ("Styret", "Styret møttest {m} gonger. Årsmøtet valde to nye medlemmer for to år."),
        ("Miljø", "Straumforbruket gjekk ned {m} prosent etter at ventilasjonen vart skift."),
    ),
}
_WORDS = {
    "nb": {
        "people": "Ansatte",
        "measures": "Tiltak mot sykefravær",
        "columns": "Tiltak | Ansvarlig | Kostnad",
    },
    "nn": {
        "people": "Tilsette",
        "measures": "Tiltak mot sjukefråvær",
        "columns": "Tiltak | Ansvarleg | Kostnad",
    },
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report as Markdown. `measures` are what it states, word for word; empty where it states none."""

    path: str
    text: str
    measures: tuple[str, ...]


def reports(seed: int = 7) -> Iterator[Report]:
    """The same seed gives the same reports."""
    chance = random.Random(seed)
    for number, year in enumerate(_YEARS):
        language = "nn" if year in _NYNORSK else "nb"
        states = number % 5 != 3  # every fifth says nothing of measures
        count = 2 if number % 2 else chance.randint(3, 5)
        measures = tuple(chance.sample(_MEASURES[language], count)) if states else ()
        rest = chance.sample(_REST[language], len(_REST[language]))
        sections = [_section(heading, text, chance) for heading, text in rest]
        about = _about(language, chance, measures, mentions_rate=states or number % 10 == 3)
        sections.insert(chance.randrange(len(sections) + 1), about)
        front = f"---\ntitle: Årsrapport {year}\ndate: {year + 1}-03\nkind: årsrapport\nlanguage: {language}\n---\n"
        text = front + f"# Årsrapport {year}\n\n" + "\n".join(sections)
        yield Report(f"rapporter/årsrapport-{year}.md", text, measures)


def _about(language: str, chance: random.Random, measures: tuple[str, ...], mentions_rate: bool) -> str:
    """What a report says of its people: two measures in a sentence, more in a table."""
    words = _WORDS[language]
    text = f"## {words['people']}\n\nVi er {chance.randint(20, 60)} i alt."
    if mentions_rate:
        rate = f"{chance.randint(4, 8)},{chance.randint(0, 9)}"
        text += " " + _RATE[language].format(rate=rate, before=f"{chance.randint(4, 8)},5")
    if len(measures) == 2:
        text += " " + chance.choice(_SENTENCES[language]).format(a=measures[0], b=measures[1])
    elif measures:
        rows = [f"| {_capital(one)} | Administrasjonen | {chance.randint(10, 90)} 000 kr |" for one in measures]
        table = "\n".join([f"| {words['columns']} |", "|---|---|---|", *rows])
        text += f"\n\n### {words['measures']}\n\n{table}"
    return text + "\n"


def _section(heading: str, text: str, chance: random.Random) -> str:
    return f"## {heading}\n\n{text.format(n=chance.randint(30, 900), m=chance.randint(3, 14))}\n"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
