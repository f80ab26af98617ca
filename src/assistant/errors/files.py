"""A file that cannot be read, and what lists of files may hold."""

from __future__ import annotations

from assistant.errors.base import AssistantError


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
        "nb": "Opplysningene i {path!r} kan ikke brukes: {detail}. Tillatte felt: title, date, publisher, kind, url, fetched, language, replaces.",
        "nn": "Opplysningane i {path!r} kan ikkje brukast: {detail}. Tillatne felt: title, date, publisher, kind, url, fetched, language, replaces.",
        "en": "The details in {path!r} cannot be used: {detail}. Allowed fields: title, date, publisher, kind, url, fetched, language, replaces.",
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
