"""What the assistant says of itself, in its three languages."""

from __future__ import annotations

from typing import TypedDict

from assistant.types import Language


class AboutTexts(TypedDict):
    what: str
    points: str
    quotes: str
    drafts: str
    honest: str
    invites: str
    maker: str
    wrote: str
    have: str
    have_none: str
    have_one: str
    some: str
    none: str
    undated: str
    undated_one: str
    listed: str
    newest: str
    the_newest: str
    the_oldest: str
    more: str
    year: str
    years: str
    from_year: str
    to_year: str
    kind: str
    publisher: str
    language: str
    title: str
    languages: dict[str, str]


TEXTS: dict[Language, AboutTexts] = {
    "nb": {
        "what": "Jeg er en dokumentassistent: Jeg svarer på spørsmål ut fra de {total} dokumentene som er lest inn her, og ikke ut fra noe annet.",
        "points": "Hver setning i et svar viser til stedet i dokumentet der det står. Velg nummeret, så åpnes det der.",
        "quotes": "Jeg siterer ordrett og bruker ingen språkmodell. Da kan jeg ikke finne på noe, men heller ikke regne eller dikte videre.",
        "drafts": "Språkmodellen {model} skriver utkast til svar. Hver setning sjekkes mot kilden, og det kilden ikke dekker, blir tatt ut.",
        "honest": "Finner jeg ikke svaret, sier jeg det, og nevner de dokumentene som er nærmest.",
        "invites": "Du kan spørre på bokmål, nynorsk og engelsk, følge opp med «og når var det?», og spørre hvilke dokumenter jeg har.",
        "maker": "Jeg er et dataprogram, satt opp av dem som driver denne tjenesten, for å finne fram i dokumentene deres.",
        "wrote": "Dokumentene er ikke mine. De er gitt ut av {publishers}.",
        "have": "Jeg har {total} dokumenter{span}.",
        "have_none": "Ingen dokumenter er lest inn ennå.",
        "have_one": "Jeg har ett dokument{span}.",
        "some": "{count} av {total} dokumenter passer: {criteria}.",
        "none": "Ingen av de {total} dokumentene passer: {criteria}.",
        "undated": "{count} dokumenter har ingen dato og er ikke regnet med.",
        "undated_one": "Ett dokument har ingen dato og er ikke regnet med.",
        "listed": "Her er de:",
        "newest": "Her er de {count} nyeste:",
        "the_newest": "Det nyeste er {document}.",
        "the_oldest": "Det eldste er {document}.",
        "more": "… og {count} til. Alle står i dokumentlisten.",
        "year": "fra {first}",
        "years": "fra {first} til {last}",
        "from_year": "fra {first} eller senere",
        "to_year": "fra {last} eller tidligere",
        "kind": "av typen {kind}",
        "publisher": "gitt ut av {publisher}",
        "language": "på {language}",
        "title": "med «{words}» i tittelen",
        "languages": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"},
    },
    "nn": {
        "what": "Eg er ein dokumentassistent: Eg svarar på spørsmål ut frå dei {total} dokumenta som er lesne inn her, og ikkje ut frå noko anna.",
        "points": "Kvar setning i eit svar viser til staden i dokumentet der det står. Vel nummeret, så opnar det seg der.",
        "quotes": "Eg siterer ordrett og bruker ingen språkmodell. Då kan eg ikkje finne på noko, men heller ikkje rekne eller dikte vidare.",
        "drafts": "Språkmodellen {model} skriv utkast til svar. Kvar setning blir sjekka mot kjelda, og det kjelda ikkje dekkjer, blir teke ut.",
        "honest": "Finn eg ikkje svaret, seier eg det, og nemner dei dokumenta som er nærast.",
        "invites": "Du kan spørje på bokmål, nynorsk og engelsk, følgje opp med «og når var det?», og spørje kva dokument eg har.",
        "maker": "Eg er eit dataprogram, sett opp av dei som driv denne tenesta, for å finne fram i dokumenta deira.",
        "wrote": "Dokumenta er ikkje mine. Dei er gitt ut av {publishers}.",
        "have": "Eg har {total} dokument{span}.",
        "have_none": "Ingen dokument er lesne inn enno.",
        "have_one": "Eg har eitt dokument{span}.",
        "some": "{count} av {total} dokument passar: {criteria}.",
        "none": "Ingen av dei {total} dokumenta passar: {criteria}.",
        "undated": "{count} dokument har ingen dato og er ikkje rekna med.",
        "undated_one": "Eitt dokument har ingen dato og er ikkje rekna med.",
        "listed": "Her er dei:",
        "newest": "Her er dei {count} nyaste:",
        "the_newest": "Det nyaste er {document}.",
        "the_oldest": "Det eldste er {document}.",
        "more": "… og {count} til. Alle står i dokumentlista.",
        "year": "frå {first}",
        "years": "frå {first} til {last}",
        "from_year": "frå {first} eller seinare",
        "to_year": "frå {last} eller tidlegare",
        "kind": "av typen {kind}",
        "publisher": "gitt ut av {publisher}",
        "language": "på {language}",
        "title": "med «{words}» i tittelen",
        "languages": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"},
    },
    "en": {
        "what": "I am a document assistant: I answer questions from the {total} documents that have been read in here, and from nothing else.",
        "points": "Each sentence of an answer points to the place in the document where it is written. Choose the number to open it there.",
        "quotes": "I quote word for word and use no language model. So I cannot make anything up, but neither can I calculate or elaborate.",
        "drafts": "The language model {model} drafts the answers. Each sentence is checked against its source, and what the source does not support is taken out.",
        "honest": "When I do not find the answer I say so, and name the documents that come closest.",
        "invites": "You can ask in Norwegian (bokmål or nynorsk) and English, follow up with “and when was that?”, and ask which documents I have.",
        "maker": "I am a computer program, set up by those who run this service, to find the way in their documents.",
        "wrote": "The documents are not mine. They are published by {publishers}.",
        "have": "I have {total} documents{span}.",
        "have_none": "No documents have been read in yet.",
        "have_one": "I have one document{span}.",
        "some": "{count} of {total} documents match: {criteria}.",
        "none": "None of the {total} documents match: {criteria}.",
        "undated": "{count} documents have no date and are not counted.",
        "undated_one": "One document has no date and is not counted.",
        "listed": "Here they are:",
        "newest": "Here are the {count} newest:",
        "the_newest": "The newest is {document}.",
        "the_oldest": "The oldest is {document}.",
        "more": "… and {count} more. All are in the list of documents.",
        "year": "from {first}",
        "years": "from {first} to {last}",
        "from_year": "from {first} or later",
        "to_year": "from {last} or earlier",
        "kind": "of the kind {kind}",
        "publisher": "published by {publisher}",
        "language": "in {language}",
        "title": "with “{words}” in the title",
        "languages": {"nb": "Norwegian (bokmål)", "nn": "Norwegian (nynorsk)", "en": "English"},
    },
}
