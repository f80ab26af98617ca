"""The index, the job, and what they stand on."""

from __future__ import annotations

from assistant.errors.base import AssistantError


class NoIndex(AssistantError):
    code = "no_index"
    status = 503
    texts = {
        "nb": "Ingen dokumenter er lest inn i {folder!r} ennå. Kjør «python -m ingest».",
        "nn": "Ingen dokument er lesne inn i {folder!r} enno. Køyr «python -m ingest».",
        "en": "No documents have been ingested into {folder!r} yet. Run 'python -m ingest'.",
    }

    def __init__(self, folder: str) -> None:
        super().__init__({"folder": folder})


class IndexDamaged(AssistantError):
    code = "index_damaged"
    status = 503
    texts = {
        "nb": "Indeksen {path!r} kan ikke åpnes ({detail}). Gå tilbake med «python -m ingest --rollback», eller slett mappen og les inn på nytt.",
        "nn": "Indeksen {path!r} kan ikkje opnast ({detail}). Gå tilbake med «python -m ingest --rollback», eller slett mappa og les inn på nytt.",
        "en": "The index {path!r} cannot be opened ({detail}). Go back with 'python -m ingest --rollback', or delete the folder and ingest again.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class IndexNotWritten(AssistantError):
    """A generation could not be built or published; the one in use is not touched."""

    code = "index_not_written"
    status = 507
    texts = {
        "nb": "Indeksen i {folder!r} kan ikke skrives ({detail}). Sjekk plassen på disken og hvem som får skrive der. Indeksen som er i bruk, er ikke rørt.",
        "nn": "Indeksen i {folder!r} kan ikkje skrivast ({detail}). Sjekk plassen på disken og kven som får skrive der. Indeksen som er i bruk, er ikkje rørt.",
        "en": "The index in {folder!r} cannot be written ({detail}). Check the space on the disk and who may write there. The index in use is untouched.",
    }

    def __init__(self, folder: str, detail: str) -> None:
        super().__init__({"folder": folder, "detail": detail})


class OtherModel(AssistantError):
    code = "index_of_other_model"
    status = 503
    texts = {
        "nb": "Indeksen er laget med {index_model!r}, men ASSISTANT_EMBEDDING_MODEL er {model!r}. Sett den til {index_model!r}, eller les alt inn på nytt med «python -m ingest».",
        "nn": "Indeksen er laga med {index_model!r}, men ASSISTANT_EMBEDDING_MODEL er {model!r}. Set han til {index_model!r}, eller les alt inn på nytt med «python -m ingest».",
        "en": "The index was made with {index_model!r}, but ASSISTANT_EMBEDDING_MODEL is {model!r}. Set it to {index_model!r}, or ingest everything again with 'python -m ingest'.",
    }

    def __init__(self, index_model: str, model: str) -> None:
        super().__init__({"index_model": index_model, "model": model})


class OtherFormat(AssistantError):
    code = "index_of_other_version"
    status = 503
    texts = {
        "nb": "Indeksen {name!r} er laget av en annen versjon av programmet. Kjør «python -m ingest»; dokumentene leses inn på nytt.",
        "nn": "Indeksen {name!r} er laga av ein annan versjon av programmet. Køyr «python -m ingest»; dokumenta blir lesne inn på nytt.",
        "en": "The index {name!r} was made by another version of the program. Run 'python -m ingest'; the documents are read again.",
    }

    def __init__(self, name: str) -> None:
        super().__init__({"name": name})


class VectorStoreUnavailable(AssistantError):
    code = "vector_store_unavailable"
    status = 503
    texts = {
        "nb": "Vektorlageret {place!r} svarer ikke ({detail}). Sjekk at Chroma kjører og at ASSISTANT_CHROMA_URL er riktig.",
        "nn": "Vektorlageret {place!r} svarer ikkje ({detail}). Sjekk at Chroma køyrer og at ASSISTANT_CHROMA_URL er rett.",
        "en": "The vector store {place!r} does not answer ({detail}). Check that Chroma runs and that ASSISTANT_CHROMA_URL is right.",
    }

    def __init__(self, place: str, detail: str) -> None:
        super().__init__({"place": place, "detail": detail})


class ModelUnavailable(AssistantError):
    code = "embedding_model_unavailable"
    status = 503
    texts = {
        "nb": "Embedding-modellen {model!r} kan ikke lastes ({detail}). Sett ASSISTANT_EMBEDDING_MODEL til «bundled», en mappe på disken eller en modell som er lastet ned.",
        "nn": "Embedding-modellen {model!r} kan ikkje lastast ({detail}). Set ASSISTANT_EMBEDDING_MODEL til «bundled», ei mappe på disken eller ein modell som er lasta ned.",
        "en": "The embedding model {model!r} cannot be loaded ({detail}). Set ASSISTANT_EMBEDDING_MODEL to 'bundled', a folder on disk, or a model that has been downloaded.",
    }

    def __init__(self, model: str, detail: str) -> None:
        super().__init__({"model": model, "detail": detail})


class NoSuchFolder(AssistantError):
    code = "corpus_missing"
    status = 500
    texts = {
        "nb": "Mappen {folder!r} finnes ikke. Lag den og legg dokumenter i den, eller sett ASSISTANT_CORPUS_DIR.",
        "nn": "Mappa {folder!r} finst ikkje. Lag ho og legg dokument i ho, eller set ASSISTANT_CORPUS_DIR.",
        "en": "The folder {folder!r} does not exist. Make it and put documents in it, or set ASSISTANT_CORPUS_DIR.",
    }

    def __init__(self, folder: str) -> None:
        super().__init__({"folder": folder})


class CorpusEmptied(AssistantError):
    code = "corpus_emptied"
    status = 409
    texts = {
        "nb": "Mappen {folder!r} er tom, men {documents} dokumenter er lest fra den før. Ingenting er fjernet, og de svarer fortsatt. Sjekk at nettverksdisken eller volumet er koblet til. Er mappen tømt med vilje, kjør innlesingen med --allow-empty.",
        "nn": "Mappa {folder!r} er tom, men {documents} dokument er lesne frå ho før. Ingenting er fjerna, og dei svarar framleis. Sjekk at nettverksdisken eller volumet er kopla til. Er mappa tømd med vilje, køyr innlesinga med --allow-empty.",
        "en": "The folder {folder!r} is empty, but {documents} documents were read from it before. Nothing was removed, and they still answer. Check that the network share or volume is mounted. If the folder was emptied on purpose, run the ingestion with --allow-empty.",
    }

    def __init__(self, folder: str, documents: int) -> None:
        super().__init__({"folder": folder, "documents": documents})


class NotInCorpus(AssistantError):
    code = "path_outside_corpus"
    status = 422
    texts = {
        "nb": "{path!r} ligger ikke i dokumentmappen {folder!r}. Legg filen der, eller oppgi én mappe som skal leses i stedet.",
        "nn": "{path!r} ligg ikkje i dokumentmappa {folder!r}. Legg fila der, eller oppgi éi mappe som skal lesast i staden.",
        "en": "{path!r} is not in the documents' folder {folder!r}. Put the file there, or give one folder to read instead.",
    }

    def __init__(self, path: str, folder: str) -> None:
        super().__init__({"path": path, "folder": folder})


class AlreadyRunning(AssistantError):
    code = "ingest_running"
    status = 409
    texts = {
        "nb": "En annen innlesing bruker {folder!r}. Vent til den er ferdig, eller kjør med --wait.",
        "nn": "Ei anna innlesing bruker {folder!r}. Vent til ho er ferdig, eller køyr med --wait.",
        "en": "Another ingestion is using {folder!r}. Wait until it is done, or run with --wait.",
    }

    def __init__(self, folder: str) -> None:
        super().__init__({"folder": folder})


class RayMissing(AssistantError):
    code = "ray_missing"
    status = 500
    texts = {
        "nb": "Ray er ikke installert, og trengs for --ray {address}. Kjør pip install -e '.[ray]', eller kjør innlesingen uten --ray.",
        "nn": "Ray er ikkje installert, og trengst for --ray {address}. Køyr pip install -e '.[ray]', eller køyr innlesinga utan --ray.",
        "en": "Ray is not installed, and --ray {address} needs it. Run pip install -e '.[ray]', or run the ingestion without --ray.",
    }

    def __init__(self, address: str) -> None:
        super().__init__({"address": address})


class ClusterUnavailable(AssistantError):
    code = "cluster_unavailable"
    status = 503
    texts = {
        "nb": "Ray-klyngen {address!r} kan ikke brukes ({detail}). Sjekk at den kjører, og at adressen er «local», vert:port eller ray://vert:port; eller kjør innlesingen uten --ray.",
        "nn": "Ray-klynga {address!r} kan ikkje brukast ({detail}). Sjekk at ho køyrer, og at adressa er «local», vert:port eller ray://vert:port; eller køyr innlesinga utan --ray.",
        "en": "The Ray cluster {address!r} cannot be used ({detail}). Check that it runs, and that the address is 'local', host:port or ray://host:port; or run the ingestion without --ray.",
    }

    def __init__(self, address: str, detail: str) -> None:
        super().__init__({"address": address, "detail": detail})


class ClusterDiffers(AssistantError):
    code = "cluster_differs"
    status = 500
    texts = {
        "nb": "Ray-klyngen {address!r} ville lest annerledes enn denne maskinen ({there}; her: {here}). Installer samme versjon av assistenten på alle noder, og Tesseract på alle eller ingen.",
        "nn": "Ray-klynga {address!r} ville lese annleis enn denne maskina ({there}; her: {here}). Installer same versjon av assistenten på alle nodar, og Tesseract på alle eller ingen.",
        "en": "The Ray cluster {address!r} would read otherwise than this machine ({there}; here: {here}). Install the same version of the assistant on every node, and Tesseract on all or none.",
    }

    def __init__(self, address: str, there: str, here: str) -> None:
        super().__init__({"address": address, "there": there, "here": here})


class BadExport(AssistantError):
    code = "export_invalid"
    status = 422
    texts = {
        "nb": "Filen {path!r} kan ikke tas inn som indeks ({detail}). Lag den på nytt med «assistant export», med samme versjon av programmet.",
        "nn": "Fila {path!r} kan ikkje takast inn som indeks ({detail}). Lag ho på nytt med «assistant export», med same versjon av programmet.",
        "en": "The file {path!r} cannot be imported as an index ({detail}). Make it again with 'assistant export', of the same version.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class NothingToRollBack(AssistantError):
    code = "no_earlier_generation"
    status = 409
    texts = {
        "nb": "Det finnes ingen tidligere generasjon i {folder!r} å gå tilbake til.",
        "nn": "Det finst ingen tidlegare generasjon i {folder!r} å gå tilbake til.",
        "en": "There is no earlier generation in {folder!r} to go back to.",
    }

    def __init__(self, folder: str) -> None:
        super().__init__({"folder": folder})


class CannotListen(AssistantError):
    code = "cannot_listen"
    texts = {
        "nb": "Tjenesten kan ikke starte på {host!r}, port {port} ({detail}). Stopp det som bruker porten, eller sett ASSISTANT_PORT.",
        "nn": "Tenesta kan ikkje starte på {host!r}, port {port} ({detail}). Stopp det som bruker porten, eller set ASSISTANT_PORT.",
        "en": "The service cannot start on {host!r}, port {port} ({detail}). Stop what uses the port, or set ASSISTANT_PORT.",
    }

    def __init__(self, host: str, port: int, detail: str) -> None:
        super().__init__({"host": host, "port": port, "detail": detail})
