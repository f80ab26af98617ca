"""Who may do what, and how much of it."""

from __future__ import annotations

from assistant.errors.base import AssistantError


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
