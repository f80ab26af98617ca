"""A question, its conversation, and the language model."""

from __future__ import annotations

from typing import ClassVar

from assistant.errors.base import AssistantError
from assistant.types import Language


class EmptyQuestion(AssistantError):
    code = "question_empty"
    status = 422
    texts = {
        "nb": "Spørsmålet er tomt. Skriv hva du vil vite.",
        "nn": "Spørsmålet er tomt. Skriv kva du vil vite.",
        "en": "The question is empty. Write what you want to know.",
    }

    def __init__(self) -> None:
        super().__init__({})


class QuestionTooLong(AssistantError):
    code = "question_too_long"
    status = 422
    texts = {
        "nb": "Spørsmålet er på {length} tegn; grensen er {limit}. Kort det ned til det du vil vite.",
        "nn": "Spørsmålet er på {length} teikn; grensa er {limit}. Kort det ned til det du vil vite.",
        "en": "The question has {length} characters; the limit is {limit}. Shorten it to what you want to know.",
    }

    def __init__(self, length: int, limit: int) -> None:
        super().__init__({"length": length, "limit": limit})


class DocumentNotFound(AssistantError):
    code = "document_not_found"
    status = 404
    texts = {
        "nb": "Det finnes ikke noe dokument med id {id!r}. Det kan være fjernet; se dokumentlisten.",
        "nn": "Det finst ikkje noko dokument med id {id!r}. Det kan vere fjerna; sjå dokumentlista.",
        "en": "There is no document with id {id!r}. It may have been removed; see the list of documents.",
    }

    def __init__(self, id: str) -> None:
        super().__init__({"id": id})


class UnknownFilterValue(AssistantError):
    code = "filter_unknown"
    status = 422
    _fields: ClassVar[dict[str, dict[Language, str]]] = {
        "kind": {"nb": "typen", "nn": "typen", "en": "kind"},
        "publisher": {"nb": "utgiveren", "nn": "utgjevaren", "en": "publisher"},
        "language": {"nb": "språket", "nn": "språket", "en": "language"},
    }
    texts = {
        "nb": "Ingen dokumenter har {field} {value!r}. Disse finnes: {known}.",
        "nn": "Ingen dokument har {field} {value!r}. Desse finst: {known}.",
        "en": "No document has the {field} {value!r}. There are: {known}.",
    }

    def __init__(self, field: str, value: str, known: str) -> None:
        super().__init__({"field": field, "value": value, "known": known or "–"})

    def message(self, language: Language) -> str:
        field = str(self.values["field"])
        named = self._fields.get(field, {}).get(language, field)
        return self.texts[language].format_map(self.values | {"field": named})


class BadPeriod(AssistantError):
    code = "filter_period"
    status = 422
    texts = {
        "nb": "{value!r} er ingen dato eller periode å søke i. Skriv som 2024, 2024-03 eller 2024-03-21, og det tidligste først.",
        "nn": "{value!r} er ingen dato eller periode å søkje i. Skriv som 2024, 2024-03 eller 2024-03-21, og det tidlegaste først.",
        "en": "{value!r} is no date or period to search in. Write it as 2024, 2024-03 or 2024-03-21, and the earlier first.",
    }

    def __init__(self, value: str) -> None:
        super().__init__({"value": value})
class ConversationNotFound(AssistantError):
    code = "conversation_not_found"
    status = 404
    texts = {
        "nb": "Det finnes ingen samtale med id {id!r}. Den kan være slettet, eller eldre enn samtaler tas vare på (ASSISTANT_CONVERSATION_DAYS).",
        "nn": "Det finst ingen samtale med id {id!r}. Han kan vere sletta, eller eldre enn samtalar blir tekne vare på (ASSISTANT_CONVERSATION_DAYS).",
        "en": "There is no conversation with id {id!r}. It may have been deleted, or be older than conversations are kept (ASSISTANT_CONVERSATION_DAYS).",
    }

    def __init__(self, id: str) -> None:
        super().__init__({"id": id})


class ArchiveUnavailable(AssistantError):
    code = "conversations_unavailable"
    status = 503
    texts = {
        "nb": "Samtalene i {path!r} kan ikke leses eller lagres ({detail}). Sjekk at mappen kan skrives til og har plass, eller sett ASSISTANT_CONVERSATION_DAYS til 0.",
        "nn": "Samtalane i {path!r} kan ikkje lesast eller lagrast ({detail}). Sjekk at mappa kan skrivast til og har plass, eller set ASSISTANT_CONVERSATION_DAYS til 0.",
        "en": "The conversations in {path!r} cannot be read or kept ({detail}). Check that the folder can be written to and has room, or set ASSISTANT_CONVERSATION_DAYS to 0.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class ChatModelFailed(AssistantError):
    """The language model's reply did not come, or not whole. A question is then answered by the reader."""

    code = "chat_model_failed"
    status = 502
    texts = {
        "nb": "Språkmodellen {model!r} svarte ikke som den skal ({detail}). Sjekk ASSISTANT_CHAT_MODEL, eller sett den til «none».",
        "nn": "Språkmodellen {model!r} svarte ikkje som han skal ({detail}). Sjekk ASSISTANT_CHAT_MODEL, eller set han til «none».",
        "en": "The language model {model!r} did not answer as it should ({detail}). Check ASSISTANT_CHAT_MODEL, or set it to 'none'.",
    }

    def __init__(self, model: str, detail: str) -> None:
        super().__init__({"model": model, "detail": detail})


class ChatModelUnusable(ChatModelFailed):
    code = "chat_model_unusable"
    status = 500
    texts = {
        "nb": "ASSISTANT_CHAT_MODEL er {model!r} og kan ikke brukes: {detail}.",
        "nn": "ASSISTANT_CHAT_MODEL er {model!r} og kan ikkje brukast: {detail}.",
        "en": "ASSISTANT_CHAT_MODEL is {model!r} and cannot be used: {detail}.",
    }


class ChatModelUnreachable(ChatModelFailed):
    code = "chat_model_unreachable"
    status = 503
    texts = {
        "nb": "Språkmodellen {model!r} kan ikke nås ({detail}). Sjekk at tjeneren kjører, og at ASSISTANT_CHAT_BASE_URL er riktig.",
        "nn": "Språkmodellen {model!r} kan ikkje nåast ({detail}). Sjekk at tenaren køyrer, og at ASSISTANT_CHAT_BASE_URL er rett.",
        "en": "The language model {model!r} cannot be reached ({detail}). Check that its server runs and that ASSISTANT_CHAT_BASE_URL is right.",
    }


class ChatKeyRefused(ChatModelFailed):
    code = "chat_key_refused"
    texts = {
        "nb": "Tjeneren til språkmodellen {model!r} godtar ikke nøkkelen ({detail}). Sjekk ASSISTANT_CHAT_API_KEY_FILE.",
        "nn": "Tenaren til språkmodellen {model!r} godtek ikkje nøkkelen ({detail}). Sjekk ASSISTANT_CHAT_API_KEY_FILE.",
        "en": "The server of the language model {model!r} does not accept the key ({detail}). Check ASSISTANT_CHAT_API_KEY_FILE.",
    }


class ChatModelUnknown(ChatModelFailed):
    code = "chat_model_unknown"
    texts = {
        "nb": "Tjeneren har ingen språkmodell {model!r} ({detail}). Last ned modellen der, eller sjekk navnet i ASSISTANT_CHAT_MODEL og adressen i ASSISTANT_CHAT_BASE_URL.",
        "nn": "Tenaren har ingen språkmodell {model!r} ({detail}). Last ned modellen der, eller sjekk namnet i ASSISTANT_CHAT_MODEL og adressa i ASSISTANT_CHAT_BASE_URL.",
        "en": "The server has no language model {model!r} ({detail}). Pull the model there, or check the name in ASSISTANT_CHAT_MODEL and the address in ASSISTANT_CHAT_BASE_URL.",
    }


class ChatModelBusy(ChatModelFailed):
    code = "chat_model_busy"
    status = 503
    texts = {
        "nb": "Språkmodellen {model!r} har for mye å gjøre ({detail}). Vent litt og spør igjen.",
        "nn": "Språkmodellen {model!r} har for mykje å gjere ({detail}). Vent litt og spør igjen.",
        "en": "The language model {model!r} has too much to do ({detail}). Wait a little and ask again.",
    }


class ChatReplyCut(ChatModelFailed):
    code = "chat_reply_cut"
    texts = {
        "nb": "Svaret fra språkmodellen {model!r} ble lengre enn {tokens} tokens og er kuttet der. Velg en modell som følger instruksene bedre.",
        "nn": "Svaret frå språkmodellen {model!r} vart lengre enn {tokens} tokens og er kutta der. Vel ein modell som følgjer instruksane betre.",
        "en": "The reply of the language model {model!r} grew longer than {tokens} tokens and was cut there. Choose a model that follows instructions better.",
    }

    def __init__(self, model: str, tokens: int) -> None:
        AssistantError.__init__(self, {"model": model, "tokens": tokens})


class ChatModelSlow(ChatModelFailed):
    code = "chat_model_slow"
    status = 504
    texts = {
        "nb": "Språkmodellen {model!r} svarte ikke på {seconds:g} sekunder. Velg en mindre modell, eller hev ASSISTANT_CHAT_TIMEOUT og ASSISTANT_CHAT_FIRST_TOKEN_TIMEOUT.",
        "nn": "Språkmodellen {model!r} svarte ikkje på {seconds:g} sekund. Vel ein mindre modell, eller hev ASSISTANT_CHAT_TIMEOUT og ASSISTANT_CHAT_FIRST_TOKEN_TIMEOUT.",
        "en": "The language model {model!r} did not answer within {seconds:g} seconds. Choose a smaller one, or raise ASSISTANT_CHAT_TIMEOUT and ASSISTANT_CHAT_FIRST_TOKEN_TIMEOUT.",
    }

    def __init__(self, model: str, seconds: float) -> None:
        AssistantError.__init__(self, {"model": model, "seconds": seconds})
