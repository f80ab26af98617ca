"""What is sent in, and what is not set up to take it."""

from __future__ import annotations

from assistant.errors.base import AssistantError


class BadUploadName(AssistantError):
    code = "upload_name_invalid"
    status = 422
    texts = {
        "nb": "{path!r} kan ikke være navnet på et dokument. Bruk et vanlig filnavn uten skråstrek, og mapper som «eksport/2024» uten snarveier.",
        "nn": "{path!r} kan ikkje vere namnet på eit dokument. Bruk eit vanleg filnamn utan skråstrek, og mapper som «eksport/2024» utan snarvegar.",
        "en": "{path!r} cannot be the name of a document. Use an ordinary file name without a slash, and folders such as 'eksport/2024' without links.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class UploadMismatch(AssistantError):
    code = "upload_content_mismatch"
    status = 415
    texts = {
        "nb": "Innholdet i {path!r} er ikke det endelsen {suffix!r} sier. Åpne filen i programmet sitt, og lagre den på nytt.",
        "nn": "Innhaldet i {path!r} er ikkje det endinga {suffix!r} seier. Opne fila i programmet sitt, og lagre ho på nytt.",
        "en": "What is in {path!r} is not what the ending {suffix!r} says. Open the file in its program, and save it again.",
    }

    def __init__(self, path: str, suffix: str) -> None:
        super().__init__({"path": path, "suffix": suffix})


class DocumentExists(AssistantError):
    code = "document_exists"
    status = 409
    texts = {
        "nb": "Det finnes allerede et dokument {path!r}. Velg et annet navn eller en annen mappe, eller send «replace=true» for å erstatte det.",
        "nn": "Det finst alt eit dokument {path!r}. Vel eit anna namn eller ei anna mappe, eller send «replace=true» for å byte det ut.",
        "en": "There already is a document {path!r}. Choose another name or folder, or send 'replace=true' to replace it.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class CorpusNotWritable(AssistantError):
    code = "corpus_not_writable"
    status = 503
    texts = {
        "nb": "Dokumentmappen {folder!r} kan ikke endres ({detail}). Gi den som kjører tjenesten lov til å skrive der, eller legg filene inn selv.",
        "nn": "Dokumentmappa {folder!r} kan ikkje endrast ({detail}). Gi den som køyrer tenesta lov til å skrive der, eller legg filene inn sjølv.",
        "en": "The documents' folder {folder!r} cannot be changed ({detail}). Let whoever runs the service write there, or put the files in yourself.",
    }

    def __init__(self, folder: str, detail: str) -> None:
        super().__init__({"folder": folder, "detail": detail})


class JobFailed(AssistantError):
    code = "ingest_failed"
    status = 409
    texts = {
        "nb": "Innlesingen ble ikke gjennomført: {detail}.",
        "nn": "Innlesinga vart ikkje gjennomført: {detail}.",
        "en": "The ingestion was not carried out: {detail}.",
    }

    def __init__(self, detail: str) -> None:
        super().__init__({"detail": detail})


class WholeCorpusOnly(AssistantError):
    code = "all_groups_required"
    status = 403
    texts = {
        "nb": "Å gå tilbake gjelder alle dokumentgrupper, og nøkkelen din gjelder {groups}. Be den som driver tjenesten om det.",
        "nn": "Å gå tilbake gjeld alle dokumentgrupper, og nøkkelen din gjeld {groups}. Be den som driv tenesta om det.",
        "en": "Going back concerns all document groups, and your key is for {groups}. Ask whoever runs the service.",
    }

    def __init__(self, groups: str) -> None:
        super().__init__({"groups": groups})


class FeedbackUnavailable(AssistantError):
    code = "feedback_unavailable"
    status = 503
    texts = {
        "nb": "Tilbakemeldingene i {path!r} kan ikke lagres eller leses ({detail}). Sjekk plassen på disken og hvem som får skrive der.",
        "nn": "Tilbakemeldingane i {path!r} kan ikkje lagrast eller lesast ({detail}). Sjekk plassen på disken og kven som får skrive der.",
        "en": "What users said, in {path!r}, cannot be kept or read ({detail}). Check the space on the disk and who may write there.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class UnknownChatModel(AssistantError):
    code = "model_not_found"
    status = 404
    texts = {
        "nb": "Modellen {model!r} finnes ikke her. Bruk {known!r}.",
        "nn": "Modellen {model!r} finst ikkje her. Bruk {known!r}.",
        "en": "The model {model!r} is not here. Use {known!r}.",
    }

    def __init__(self, model: str, known: str) -> None:
        super().__init__({"model": model, "known": known})


class TracesNotInstalled(AssistantError):
    code = "otel_not_installed"
    status = 501
    texts = {
        "nb": "Miljøvariablene OTEL_… ber om spor, men det som sender dem, er ikke installert. Installer det med «pip install -e '.[otel]'», eller sett OTEL_TRACES_EXPORTER=none.",
        "nn": "Miljøvariablane OTEL_… ber om spor, men det som sender dei, er ikkje installert. Installer det med «pip install -e '.[otel]'», eller set OTEL_TRACES_EXPORTER=none.",
        "en": "The environment variables OTEL_… ask for traces, but what sends them is not installed. Install it with \"pip install -e '.[otel]'\", or set OTEL_TRACES_EXPORTER=none.",
    }

    def __init__(self) -> None:
        super().__init__({})


class TracesUnsupported(AssistantError):
    code = "otel_unsupported"
    status = 500
    texts = {
        "nb": "Miljøvariabelen {variable} = {value!r} kan ikke brukes her. Sett den til en av disse: {supported}.",
        "nn": "Miljøvariabelen {variable} = {value!r} kan ikkje brukast her. Set han til ein av desse: {supported}.",
        "en": "The environment variable {variable} = {value!r} cannot be used here. Set it to one of these: {supported}.",
    }

    def __init__(self, variable: str, value: str, supported: str) -> None:
        super().__init__({"variable": variable, "value": value, "supported": supported})
