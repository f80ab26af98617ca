"""One tree of errors. Each names the value and the way out, in the three languages of the product,
and carries its HTTP status. `str(error)` is English; `error.message(language)` is for the user."""

from __future__ import annotations

from typing import ClassVar

from assistant.types import Language


class AssistantError(Exception):
    """The root. A subclass sets `code` (stable, for programs), `status` (HTTP) and `texts`, whose
    `{fields}` are filled from `values`."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    texts: ClassVar[dict[Language, str]]

    def __init__(self, values: dict[str, object]) -> None:
        self.values = values
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        return self.texts[language].format_map(self.values)

    def __reduce__(self) -> tuple[object, ...]:
        # Files are read in a process of their own and errors come back pickled; the subclasses'
        # constructors take other arguments than `values`.
        return (_rebuild, (type(self), self.values))


def _rebuild(cls: type[AssistantError], values: dict[str, object]) -> AssistantError:
    error = cls.__new__(cls)
    AssistantError.__init__(error, values)
    return error


# --- a file that cannot be read -----------------------------------------------------------------


class FileError(AssistantError):
    """One file of the corpus could not be read; the others are not touched by it."""

    status = 422


class UnsupportedFile(FileError):
    code = "file_unsupported"
    status = 415
    texts = {
        "nb": "Filen {path!r} er av en type som ikke kan leses. Disse kan leses: {formats}.",
        "nn": "Fila {path!r} er av ein type som ikkje kan lesast. Desse kan lesast: {formats}.",
        "en": "The file {path!r} is of a type that cannot be read. These can: {formats}.",
    }

    def __init__(self, path: str, formats: str) -> None:
        super().__init__({"path": path, "formats": formats})


class EmptyFile(FileError):
    code = "file_empty"
    texts = {
        "nb": "Filen {path!r} er tom (0 byte). Legg inn filen på nytt, eller fjern den.",
        "nn": "Fila {path!r} er tom (0 byte). Legg inn fila på nytt, eller fjern ho.",
        "en": "The file {path!r} is empty (0 bytes). Add it again, or remove it.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class UnreadableFile(FileError):
    code = "file_unreadable"
    texts = {
        "nb": "Filen {path!r} kan ikke åpnes ({detail}). Sjekk at den er der, og at den kan leses av den som kjører innlesingen.",
        "nn": "Fila {path!r} kan ikkje opnast ({detail}). Sjekk at ho er der, og at ho kan lesast av den som køyrer innlesinga.",
        "en": "The file {path!r} cannot be opened ({detail}). Check that it is there, and that whoever runs the ingestion may read it.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class NoText(FileError):
    code = "file_no_text"
    texts = {
        "nb": "Filen {path!r} har ingen tekst å lese. Er den skannet, så installer Tesseract (tesseract-ocr og tesseract-ocr-nor), eller tekstgjenkjenn den (OCR) først.",
        "nn": "Fila {path!r} har ingen tekst å lese. Er ho skanna, så installer Tesseract (tesseract-ocr og tesseract-ocr-nor), eller tekstgjenkjenn ho (OCR) først.",
        "en": "The file {path!r} holds no text. If it is a scan, install Tesseract (tesseract-ocr and tesseract-ocr-nor), or run text recognition (OCR) on it first.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class EncryptedFile(FileError):
    code = "file_encrypted"
    texts = {
        "nb": "Filen {path!r} er beskyttet med passord. Lagre en kopi uten passord og legg den inn.",
        "nn": "Fila {path!r} er verna med passord. Lagre ein kopi utan passord og legg han inn.",
        "en": "The file {path!r} is protected by a password. Save a copy without one and add that.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class DamagedFile(FileError):
    code = "file_damaged"
    texts = {
        "nb": "Filen {path!r} er skadet eller ikke en {format}-fil ({detail}). Åpne den i programmet sitt og lagre den på nytt.",
        "nn": "Fila {path!r} er skadd eller ikkje ei {format}-fil ({detail}). Opne ho i programmet sitt og lagre ho på nytt.",
        "en": "The file {path!r} is damaged or not a {format} file ({detail}). Open it in its program and save it again.",
    }

    def __init__(self, path: str, format: str, detail: str) -> None:
        super().__init__({"path": path, "format": format, "detail": detail})


class FileTooLarge(FileError):
    code = "file_too_large"
    status = 413
    texts = {
        "nb": "Filen {path!r} er på {megabytes:.0f} MB; grensen er {limit} MB. Del den opp, eller hev ASSISTANT_MAX_FILE_MB.",
        "nn": "Fila {path!r} er på {megabytes:.0f} MB; grensa er {limit} MB. Del ho opp, eller hev ASSISTANT_MAX_FILE_MB.",
        "en": "The file {path!r} is {megabytes:.0f} MB; the limit is {limit} MB. Split it, or raise ASSISTANT_MAX_FILE_MB.",
    }

    def __init__(self, path: str, megabytes: float, limit: int) -> None:
        super().__init__({"path": path, "megabytes": megabytes, "limit": limit})


class FileTooSlow(FileError):
    code = "file_too_slow"
    texts = {
        "nb": "Filen {path!r} lot seg ikke lese på {seconds:g} sekunder. Del den opp, lagre den på nytt i programmet sitt, eller hev ASSISTANT_READ_SECONDS.",
        "nn": "Fila {path!r} lét seg ikkje lese på {seconds:g} sekund. Del ho opp, lagre ho på nytt i programmet sitt, eller hev ASSISTANT_READ_SECONDS.",
        "en": "The file {path!r} could not be read within {seconds:g} seconds. Split it, save it again in its program, or raise ASSISTANT_READ_SECONDS.",
    }

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__({"path": path, "seconds": seconds})


class FileTooHeavy(FileError):
    code = "file_too_heavy"
    texts = {
        "nb": "Filen {path!r} trengte mer enn {megabytes} MB minne for å leses. Del den opp, lagre den på nytt i programmet sitt, eller hev ASSISTANT_READ_MEMORY_MB.",
        "nn": "Fila {path!r} trong meir enn {megabytes} MB minne for å lesast. Del ho opp, lagre ho på nytt i programmet sitt, eller hev ASSISTANT_READ_MEMORY_MB.",
        "en": "The file {path!r} took more than {megabytes} MB of memory to read. Split it, save it again in its program, or raise ASSISTANT_READ_MEMORY_MB.",
    }

    def __init__(self, path: str, megabytes: int) -> None:
        super().__init__({"path": path, "megabytes": megabytes})


class FileCrashed(FileError):
    code = "file_crashed"
    texts = {
        "nb": "Leseren gikk ned på filen {path!r} ({detail}). Filen er trolig skadet: åpne den i programmet sitt og lagre den på nytt.",
        "nn": "Lesaren gjekk ned på fila {path!r} ({detail}). Fila er truleg skadd: opne ho i programmet sitt og lagre ho på nytt.",
        "en": "The reader broke down on the file {path!r} ({detail}). It is probably damaged: open it in its program and save it again.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class BadSidecar(FileError):
    code = "sidecar_invalid"
    texts = {
        "nb": "Opplysningene i {path!r} kan ikke brukes: {detail}. Tillatte felt: title, date, publisher, kind, url, language, replaces.",
        "nn": "Opplysningane i {path!r} kan ikkje brukast: {detail}. Tillatne felt: title, date, publisher, kind, url, language, replaces.",
        "en": "The details in {path!r} cannot be used: {detail}. Allowed fields: title, date, publisher, kind, url, language, replaces.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class FileStillWritten(FileError):
    """It changes while it is read, or did a moment ago; the next run reads it."""

    code = "file_still_written"
    status = 409
    texts = {
        "nb": "Filen {path!r} blir fortsatt skrevet til. Den leses ved neste kjøring.",
        "nn": "Fila {path!r} blir framleis skriven til. Ho blir lesen ved neste køyring.",
        "en": "The file {path!r} is still being written. The next run reads it.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class NameTwice(FileError):
    code = "file_name_twice"
    status = 409
    texts = {
        "nb": "{path!r} finnes to ganger med samme navn, der å eller andre tegn er skrevet på to måter, og innholdet er ulikt. Bare den ene er lest; gi den andre et annet navn.",
        "nn": "{path!r} finst to gonger med same namn, der å eller andre teikn er skrivne på to måtar, og innhaldet er ulikt. Berre den eine er lesen; gje den andre eit anna namn.",
        "en": "{path!r} is there twice under the same name, with å or other letters written in two ways, and the contents differ. Only one is read; rename the other.",
    }

    def __init__(self, path: str) -> None:
        super().__init__({"path": path})


class UnreadableFolder(FileError):
    code = "folder_unreadable"
    texts = {
        "nb": "Mappen {path!r} kan ikke åpnes ({detail}). Det som ble lest fra den før, står. Sjekk at den er der, og at den kan leses av den som kjører innlesingen.",
        "nn": "Mappa {path!r} kan ikkje opnast ({detail}). Det som vart lese frå ho før, står. Sjekk at ho er der, og at ho kan lesast av den som køyrer innlesinga.",
        "en": "The folder {path!r} cannot be opened ({detail}). What was read from it before stays. Check that it is there, and that whoever runs the ingestion may read it.",
    }

    def __init__(self, path: str, detail: str) -> None:
        super().__init__({"path": path, "detail": detail})


class BadSources(FileError):
    code = "web_list_invalid"
    texts = {
        "nb": "Listen sources.yaml kan ikke brukes: {detail}. Hver kilde har url, og kan ha title, kind, publisher, date og language. Ingenting er hentet; kopiene som finnes, står.",
        "nn": "Lista sources.yaml kan ikkje brukast: {detail}. Kvar kjelde har url, og kan ha title, kind, publisher, date og language. Ingenting er henta; kopiane som finst, står.",
        "en": "The list sources.yaml cannot be used: {detail}. Each source has a url, and may have title, kind, publisher, date and language. Nothing was fetched; the copies that are there stay.",
    }

    def __init__(self, detail: str) -> None:
        super().__init__({"detail": detail})


class WebSourceFailed(FileError):
    code = "web_source_failed"
    status = 502
    texts = {
        "nb": "{url!r} kunne ikke hentes ({detail}). Sjekk adressen, eller ta den ut av sources.yaml.",
        "nn": "{url!r} kunne ikkje hentast ({detail}). Sjekk adressa, eller ta ho ut av sources.yaml.",
        "en": "{url!r} could not be fetched ({detail}). Check the address, or take it out of sources.yaml.",
    }

    def __init__(self, url: str, detail: str) -> None:
        super().__init__({"url": url, "detail": detail})


class ReplacedMissing(FileError):
    """The document itself is read; only what it says about another one is not so."""

    code = "replaced_missing"
    texts = {
        "nb": "{path!r} oppgir at det erstatter {target!r}, men det finnes ikke blant dokumentene. Rett stien i «replaces», som regnes fra dokumentmappen, eller ta den bort.",
        "nn": "{path!r} oppgir at det erstattar {target!r}, men det finst ikkje blant dokumenta. Rett stien i «replaces», som blir rekna frå dokumentmappa, eller ta han bort.",
        "en": "{path!r} says that it replaces {target!r}, which is not among the documents. Correct the path in 'replaces', which starts from the documents' folder, or take it out.",
    }

    def __init__(self, path: str, target: str) -> None:
        super().__init__({"path": path, "target": target})


class ReplacedInCircle(FileError):
    """As above."""

    code = "replaced_in_circle"
    texts = {
        "nb": "{path!r} oppgir at det erstatter {target!r}, som selv erstatter det. Ta bort den ene «replaces».",
        "nn": "{path!r} oppgir at det erstattar {target!r}, som sjølv erstattar det. Ta bort den eine «replaces».",
        "en": "{path!r} says that it replaces {target!r}, which itself replaces it. Take out one of the two 'replaces'.",
    }

    def __init__(self, path: str, target: str) -> None:
        super().__init__({"path": path, "target": target})


# --- a place that is not there ------------------------------------------------------------------


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


# --- the index ----------------------------------------------------------------------------------


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


# --- who may do what ----------------------------------------------------------------------------


class KeyRequired(AssistantError):
    code = "key_required"
    status = 401
    texts = {
        "nb": "Dette krever en nøkkel. Send den som «Authorization: Bearer NØKKEL», eller be den som driver tjenesten om en («assistant keys make»).",
        "nn": "Dette krev ein nøkkel. Send han som «Authorization: Bearer NØKKEL», eller be den som driv tenesta om ein («assistant keys make»).",
        "en": "This takes a key. Send it as 'Authorization: Bearer KEY', or ask whoever runs the service for one ('assistant keys make').",
    }

    def __init__(self) -> None:
        super().__init__({})


class KeyUnknown(AssistantError):
    """The key itself is not repeated: it may be right but for a letter."""

    code = "key_unknown"
    status = 401
    texts = {
        "nb": "Nøkkelen er ukjent eller trukket tilbake. Be den som driver tjenesten om en ny («assistant keys make»).",
        "nn": "Nøkkelen er ukjend eller trekt tilbake. Be den som driv tenesta om ein ny («assistant keys make»).",
        "en": "The key is unknown, or was revoked. Ask whoever runs the service for a new one ('assistant keys make').",
    }

    def __init__(self) -> None:
        super().__init__({})


class NotPermitted(AssistantError):
    code = "not_permitted"
    status = 403
    texts = {
        "nb": "Nøkkelen din gir ikke lov til {method} {path}. Det krever rollen {role!r}.",
        "nn": "Nøkkelen din gir ikkje lov til {method} {path}. Det krev rolla {role!r}.",
        "en": "Your key does not allow {method} {path}. That takes the role {role!r}.",
    }

    def __init__(self, method: str, path: str, role: str) -> None:
        super().__init__({"method": method, "path": path, "role": role})


class GroupNotPermitted(AssistantError):
    code = "group_not_permitted"
    status = 403
    texts = {
        "nb": "Nøkkelen din gjelder ikke dokumentgruppen {group!r}. Bruk en av dens egne: {groups}.",
        "nn": "Nøkkelen din gjeld ikkje dokumentgruppa {group!r}. Bruk ei av sine eigne: {groups}.",
        "en": "Your key is not for the document group {group!r}. Use one of its own: {groups}.",
    }

    def __init__(self, group: str, groups: str) -> None:
        super().__init__({"group": group, "groups": groups})


class OriginNotAllowed(AssistantError):
    code = "origin_not_allowed"
    status = 403
    texts = {
        "nb": "Sider på {origin!r} får ikke bruke tjenesten. Legg adressen til i ASSISTANT_ALLOWED_ORIGINS.",
        "nn": "Sider på {origin!r} får ikkje bruke tenesta. Legg adressa til i ASSISTANT_ALLOWED_ORIGINS.",
        "en": "Pages at {origin!r} may not use the service. Add the address to ASSISTANT_ALLOWED_ORIGINS.",
    }

    def __init__(self, origin: str) -> None:
        super().__init__({"origin": origin[:200]})


class BadHost(AssistantError):
    code = "host_invalid"
    status = 400
    texts = {
        "nb": "Forespørselen er til {host!r}, som ikke er noen adresse. Bruk adressen som tjenesten har.",
        "nn": "Førespurnaden er til {host!r}, som ikkje er noka adresse. Bruk adressa som tenesta har.",
        "en": "The request is for {host!r}, which is no address. Use the address that the service has.",
    }

    def __init__(self, host: str) -> None:
        super().__init__({"host": host[:200]})


class TooOften(AssistantError):
    code = "too_many_requests"
    status = 429
    texts = {
        "nb": "For mange forespørsler: grensen er {limit} i minuttet. Prøv igjen om {seconds} sekunder.",
        "nn": "For mange førespurnader: grensa er {limit} i minuttet. Prøv igjen om {seconds} sekund.",
        "en": "Too many requests: the limit is {limit} a minute. Try again in {seconds} seconds.",
    }

    def __init__(self, limit: int, seconds: int) -> None:
        super().__init__({"limit": limit, "seconds": seconds})


class TooManyAtOnce(AssistantError):
    code = "too_many_at_once"
    status = 429
    texts = {
        "nb": "Du har {limit} forespørsler i gang, og det er grensen. Vent til en av dem er ferdig.",
        "nn": "Du har {limit} førespurnader i gang, og det er grensa. Vent til ein av dei er ferdig.",
        "en": "You have {limit} requests under way, which is the limit. Wait until one of them is done.",
    }

    def __init__(self, limit: int) -> None:
        super().__init__({"limit": limit})


class ServiceBusy(AssistantError):
    code = "service_busy"
    status = 503
    texts = {
        "nb": "Tjenesten har {limit} forespørsler i gang og tar ikke flere nå. Prøv igjen om litt.",
        "nn": "Tenesta har {limit} førespurnader i gang og tek ikkje fleire no. Prøv igjen om litt.",
        "en": "The service has {limit} requests under way and takes no more now. Try again shortly.",
    }

    def __init__(self, limit: int) -> None:
        super().__init__({"limit": limit})


class BodyTooLarge(AssistantError):
    code = "body_too_large"
    status = 413
    texts = {
        "nb": "Forespørselen er større enn {megabytes:g} MB, som er grensen. Send mindre om gangen.",
        "nn": "Førespurnaden er større enn {megabytes:g} MB, som er grensa. Send mindre om gongen.",
        "en": "The request is larger than {megabytes:g} MB, which is the limit. Send less at a time.",
    }

    def __init__(self, megabytes: float) -> None:
        super().__init__({"megabytes": megabytes})


class BodyTooSlow(AssistantError):
    code = "body_too_slow"
    status = 408
    texts = {
        "nb": "Forespørselen kom ikke fram på {seconds:g} sekunder. Prøv igjen på en bedre linje.",
        "nn": "Førespurnaden kom ikkje fram på {seconds:g} sekund. Prøv igjen på ei betre linje.",
        "en": "The request did not arrive within {seconds:g} seconds. Try again on a better line.",
    }

    def __init__(self, seconds: float) -> None:
        super().__init__({"seconds": seconds})


class RequestTooSlow(AssistantError):
    code = "request_too_slow"
    status = 504
    texts = {
        "nb": "Svaret var ikke klart på {seconds:g} sekunder. Prøv igjen, spør om mindre, eller hev ASSISTANT_REQUEST_SECONDS.",
        "nn": "Svaret var ikkje klart på {seconds:g} sekund. Prøv igjen, spør om mindre, eller hev ASSISTANT_REQUEST_SECONDS.",
        "en": "The reply was not ready within {seconds:g} seconds. Try again, ask for less, or raise ASSISTANT_REQUEST_SECONDS.",
    }

    def __init__(self, seconds: float) -> None:
        super().__init__({"seconds": seconds})


class KeysFileUnset(AssistantError):
    code = "keys_file_unset"
    texts = {
        "nb": "Nøkler trenger en fil å stå i. Sett ASSISTANT_API_KEYS_FILE til en sti som bare du kan lese, for eksempel {example!r}.",
        "nn": "Nøklar treng ei fil å stå i. Set ASSISTANT_API_KEYS_FILE til ein sti som berre du kan lese, til dømes {example!r}.",
        "en": "Keys need a file to be kept in. Set ASSISTANT_API_KEYS_FILE to a path that only you can read, such as {example!r}.",
    }

    def __init__(self, example: str) -> None:
        super().__init__({"example": example})


class KeysFileOpen(AssistantError):
    code = "keys_file_open"
    texts = {
        "nb": "Nøkkelfilen {file!r} har rettighetene {mode}, så andre enn eieren kommer til den, eller en annen bruker eier den. Kjør «chmod 600» på den, som den som kjører tjenesten.",
        "nn": "Nøkkelfila {file!r} har rettane {mode}, så andre enn eigaren kjem til ho, eller ein annan brukar eig ho. Køyr «chmod 600» på ho, som den som køyrer tenesta.",
        "en": "The file of keys {file!r} has the mode {mode}, so others than its owner can reach it, or another user owns it. Run 'chmod 600' on it, as whoever runs the service.",
    }

    def __init__(self, file: str, mode: str) -> None:
        super().__init__({"file": file, "mode": mode})


class KeysFileInvalid(AssistantError):
    code = "keys_file_invalid"
    texts = {
        "nb": "Nøkkelfilen {file!r} kan ikke brukes ({detail}). Hent den fra en sikkerhetskopi, eller slett den og lag nøklene på nytt med «assistant keys make».",
        "nn": "Nøkkelfila {file!r} kan ikkje brukast ({detail}). Hent ho frå ein tryggingskopi, eller slett ho og lag nøklane på nytt med «assistant keys make».",
        "en": "The file of keys {file!r} cannot be used ({detail}). Restore it from a backup, or delete it and make the keys again with 'assistant keys make'.",
    }

    def __init__(self, file: str, detail: str) -> None:
        super().__init__({"file": file, "detail": detail})


class KeysFileBusy(AssistantError):
    code = "keys_file_busy"
    status = 503
    texts = {
        "nb": "Nøkkelfilen {file!r} er i bruk av en annen. Prøv igjen om litt.",
        "nn": "Nøkkelfila {file!r} er i bruk av ein annan. Prøv igjen om litt.",
        "en": "The file of keys {file!r} is in use by another. Try again shortly.",
    }

    def __init__(self, file: str) -> None:
        super().__init__({"file": file})


class KeyNotFound(AssistantError):
    code = "key_not_found"
    status = 404
    texts = {
        "nb": "Det finnes ingen nøkkel med id {id!r}. «assistant keys» viser dem som finnes.",
        "nn": "Det finst ingen nøkkel med id {id!r}. «assistant keys» viser dei som finst.",
        "en": "There is no key with the id {id!r}. 'assistant keys' shows those there are.",
    }

    def __init__(self, id: str) -> None:
        super().__init__({"id": id})


# --- what is sent in ----------------------------------------------------------------------------


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


class AgentsUnavailable(AssistantError):
    code = "mcp_not_installed"
    status = 501
    texts = {
        "nb": "MCP er ikke installert her. Installer det med «pip install -e '.[mcp]'», og start tjenesten på nytt.",
        "nn": "MCP er ikkje installert her. Installer det med «pip install -e '.[mcp]'», og start tenesta på nytt.",
        "en": "MCP is not installed here. Install it with \"pip install -e '.[mcp]'\", and restart the service.",
    }

    def __init__(self) -> None:
        super().__init__({})


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


# --- a question ---------------------------------------------------------------------------------


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


# --- an overview --------------------------------------------------------------------------------


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
