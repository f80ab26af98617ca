"""What a run of the job says on the terminal, in the three languages."""

from __future__ import annotations

from assistant.types import Language

TEXTS: dict[Language, dict[str, str]] = {
    "nb": {
        "wait": "En annen innlesing er i gang. Venter til den er ferdig …",
        "read": "Leser dokumenter: {documents} av {documents_total}",
        "model": "Gjør klar embedding-modellen …",
        "embed": "Embedder passasjer: {passages} av {passages_total} (dokumenter: {documents} av {documents_total})",
        "rate": ", {rate:.1f}/s, {left} igjen",
        "hours": "{hours} t {minutes:02} min",
        "minutes": "{minutes} min {seconds:02} s",
        "seconds": "{seconds} s",
        "publish": "Kontrollerer og publiserer …",
        "warning": "Obs: {path}: {text}",
        "failed": "Ikke lest: {text}",
        "wrong": "Feil: {text}",
        "summary": (
            "{added} nye, {changed} endret, {unchanged} uendret, {removed} fjernet, {failed} feilet; "
            "{embedded} passasjer embeddet. I bruk: {documents} dokumenter, {passages} passasjer "
            "(generasjon {generation}). {seconds:.1f} s."
        ),
        "nothing": "Ingen dokumenter kunne leses; ingenting er publisert.",
        "empty": "Mappen {folder!r} har ingen dokumenter som kan leses ({formats}).",
        "rolled_back": "Gikk tilbake til generasjon {generation}.",
        "watching": "Følger med på {folder!r}. Ctrl-C avslutter.",
        "generation": "{mark} {name}  {created}  {documents} dokumenter  {passages} passasjer  {embedding_model}",
        "none": "Ingen generasjon er publisert ennå.",
        "stopped": "Stanset. Ingenting nytt er publisert; det som er embeddet, brukes ved neste kjøring.",
        "unread": "  {unread} i siste lesbare versjon",
        "kept": "Ikke lest, siste lesbare versjon står: {text}",
        "exported": "Skrev generasjon {name} til {file!r}: {documents} dokumenter, {passages} passasjer.",
        "imported": "Tok inn {file!r} som generasjon {name}: {documents} dokumenter, {passages} passasjer.",
    },
    "nn": {
        "wait": "Ei anna innlesing er i gang. Ventar til ho er ferdig …",
        "read": "Les dokument: {documents} av {documents_total}",
        "model": "Gjer klar embedding-modellen …",
        "embed": "Embeddar passasjar: {passages} av {passages_total} (dokument: {documents} av {documents_total})",
        "rate": ", {rate:.1f}/s, {left} att",
        "hours": "{hours} t {minutes:02} min",
        "minutes": "{minutes} min {seconds:02} s",
        "seconds": "{seconds} s",
        "publish": "Kontrollerer og publiserer …",
        "warning": "Obs: {path}: {text}",
        "failed": "Ikkje lese: {text}",
        "wrong": "Feil: {text}",
        "summary": (
            "{added} nye, {changed} endra, {unchanged} uendra, {removed} fjerna, {failed} feila; "
            "{embedded} passasjar embedda. I bruk: {documents} dokument, {passages} passasjar "
            "(generasjon {generation}). {seconds:.1f} s."
        ),
        "nothing": "Ingen dokument kunne lesast; ingenting er publisert.",
        "empty": "Mappa {folder!r} har ingen dokument som kan lesast ({formats}).",
        "rolled_back": "Gjekk tilbake til generasjon {generation}.",
        "watching": "Følgjer med på {folder!r}. Ctrl-C avsluttar.",
        "generation": "{mark} {name}  {created}  {documents} dokument  {passages} passasjar  {embedding_model}",
        "none": "Ingen generasjon er publisert enno.",
        "stopped": "Stansa. Ingenting nytt er publisert; det som er embedda, blir brukt ved neste køyring.",
        "unread": "  {unread} i siste lesbare versjon",
        "kept": "Ikkje lese, siste lesbare versjon står: {text}",
        "exported": "Skreiv generasjon {name} til {file!r}: {documents} dokument, {passages} passasjar.",
        "imported": "Tok inn {file!r} som generasjon {name}: {documents} dokument, {passages} passasjar.",
    },
    "en": {
        "wait": "Another ingestion is at work. Waiting until it is done …",
        "read": "Reading documents: {documents} of {documents_total}",
        "model": "Preparing the embedding model …",
        "embed": "Embedding passages: {passages} of {passages_total} (documents: {documents} of {documents_total})",
        "rate": ", {rate:.1f}/s, {left} left",
        "hours": "{hours} h {minutes:02} min",
        "minutes": "{minutes} min {seconds:02} s",
        "seconds": "{seconds} s",
        "publish": "Checking and publishing …",
        "warning": "Note: {path}: {text}",
        "failed": "Not read: {text}",
        "wrong": "Wrong: {text}",
        "summary": (
            "{added} added, {changed} changed, {unchanged} unchanged, {removed} removed, {failed} failed; "
            "{embedded} passages embedded. In use: {documents} documents, {passages} passages "
            "(generation {generation}). {seconds:.1f} s."
        ),
        "nothing": "No document could be read; nothing was published.",
        "empty": "The folder {folder!r} holds no documents that can be read ({formats}).",
        "rolled_back": "Went back to generation {generation}.",
        "watching": "Watching {folder!r}. Ctrl-C ends.",
        "generation": "{mark} {name}  {created}  {documents} documents  {passages} passages  {embedding_model}",
        "none": "No generation has been published yet.",
        "stopped": "Stopped. Nothing new was published; what has been embedded is used by the next run.",
        "unread": "  {unread} as last readable",
        "kept": "Not read, the last readable version stays: {text}",
        "exported": "Wrote generation {name} to {file!r}: {documents} documents, {passages} passages.",
        "imported": "Imported {file!r} as generation {name}: {documents} documents, {passages} passages.",
    },
}
