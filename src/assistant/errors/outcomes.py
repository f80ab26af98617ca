"""A page of a document, an overview, and what is written or measured."""

from __future__ import annotations

from assistant.errors.base import AssistantError


class PageNotFound(AssistantError):
    code = "page_not_found"
    status = 404
    texts = {
        "nb": "Side {page} finnes ikke i dokumentet, eller kan ikke tegnes. Åpne originalfilen i stedet.",
        "nn": "Side {page} finst ikkje i dokumentet, eller kan ikkje teiknast. Opne originalfila i staden.",
        "en": "Page {page} is not in the document, or cannot be drawn. Open the original file instead.",
    }

    def __init__(self, page: int) -> None:
        super().__init__({"page": page})


class OverviewNotFound(AssistantError):
    code = "overview_not_found"
    status = 404
    texts = {
        "nb": "Det finnes ingen oversikt med id {id!r}. Den kan være slettet, eller for gammel (ASSISTANT_OVERVIEW_DAYS). Lag den på nytt.",
        "nn": "Det finst inga oversikt med id {id!r}. Ho kan vere sletta, eller for gammal (ASSISTANT_OVERVIEW_DAYS). Lag ho på nytt.",
        "en": "There is no overview with id {id!r}. It may have been deleted, or be too old (ASSISTANT_OVERVIEW_DAYS). Make it again.",
    }

    def __init__(self, id: str) -> None:
        super().__init__({"id": id})


class OverviewRunning(AssistantError):
    code = "overview_running"
    status = 409
    texts = {
        "nb": "Oversikten {id!r} er allerede i gang. Vent til den er ferdig, eller stans den først.",
        "nn": "Oversikta {id!r} er alt i gang. Vent til ho er ferdig, eller stans ho først.",
        "en": "The overview {id!r} is being made already. Wait until it is done, or stop it first.",
    }

    def __init__(self, id: str) -> None:
        super().__init__({"id": id})


class NothingToReview(AssistantError):
    code = "no_documents_to_review"
    status = 422
    texts = {
        "nb": "Ingen av de {total} dokumentene passer med utvalget. Utvid det, eller fjern det.",
        "nn": "Ingen av dei {total} dokumenta passar med utvalet. Utvid det, eller fjern det.",
        "en": "None of the {total} documents matches the selection. Widen it, or remove it.",
    }

    def __init__(self, total: int) -> None:
        super().__init__({"total": total})


class OverviewsUnavailable(AssistantError):
    code = "overviews_unavailable"
    status = 503
    texts = {
        "nb": "Oversiktene i {path!r} kan ikke lagres eller leses ({detail}). Sjekk plassen på disken og hvem som får skrive der.",
        "nn": "Oversiktene i {path!r} kan ikkje lagrast eller lesast ({detail}). Sjekk plassen på disken og kven som får skrive der.",
        "en": "The overviews in {path!r} cannot be kept or read ({detail}). Check the space on the disk and who may write there.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class CannotWrite(AssistantError):
    code = "file_not_written"
    texts = {
        "nb": "Filen {path!r} kan ikke skrives ({detail}). Velg en annen mappe, eller lukk programmet som har den åpen.",
        "nn": "Fila {path!r} kan ikkje skrivast ({detail}). Vel ei anna mappe, eller lukk programmet som har ho open.",
        "en": "The file {path!r} cannot be written ({detail}). Choose another folder, or close the program that has it open.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class PageDamaged(AssistantError):
    code = "page_damaged"
    texts = {
        "nb": "Filen {file!r} av nettsiden kan ikke brukes ({detail}). Installer tjenesten på nytt.",
        "nn": "Fila {file!r} av nettsida kan ikkje brukast ({detail}). Installer tenesta på nytt.",
        "en": "The file {file!r} of the web page cannot be used ({detail}). Install the service anew.",
    }

    def __init__(self, file: str, detail: str) -> None:
        super().__init__({"file": file, "detail": detail})


class BadEvaluationFile(AssistantError):
    code = "evaluation_file_invalid"
    status = 422
    texts = {
        "nb": "Filen {path!r} kan ikke brukes til måling: {detail}.",
        "nn": "Fila {path!r} kan ikkje brukast til måling: {detail}.",
        "en": "The file {path!r} cannot be evaluated: {detail}.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})
