"""Web pages and files listed in `sources.yaml`: fetched when they have changed, kept as copies.

    data/web/<host>/<name>        a copy, and beside it a sidecar: what the list says, and the day
    data/web/.fetched.json         by address: file, ETag, Last-Modified, when it was fetched and when last asked for

The copies are read as documents of the corpus, under `@web/`."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from assistant import moments
from assistant.errors import BadSources, FileError, WebSourceFailed
from ingest.folder import WEB_LIST
from ingest.read import FORMATS
from ingest.web_ask import NOT_MODIFIED, OK, Allowed, Guard, Limits, asking, is_public, parts_of

_SUFFIXES = {media_type: suffix for suffix, (_, media_type) in reversed(FORMATS.items())} | {
    "application/xhtml+xml": ".html",
}


@dataclass(frozen=True, slots=True)
class WebSource:
    """An entry of the list; all but the address as in a sidecar."""

    url: str
    title: str | None = None
    kind: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy: `file` is relative to the folder; times are ISO 8601 UTC."""

    file: str
    fetched: str
    asked: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Unfetched:
    """`kept` says that there is a copy of an earlier day."""

    url: str
    error: FileError
    kept: bool


def listed(corpus: Path) -> tuple[WebSource, ...]:
    """The entries of the corpus's list; none without one. Raises BadSources."""
    path = corpus / WEB_LIST
    try:
        loaded: object = yaml.safe_load(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadSources(str(error).split("\n")[0][:200]) from error
    if loaded is None:
        return ()
    if not isinstance(loaded, list):
        raise BadSources("not a list of sources")
    return tuple(dict((one.url, one) for one in map(_source, loaded)).values())


def _source(entry: object) -> WebSource:
    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
        raise BadSources(f"{entry!r} has no url")
    known = {field.name for field in fields(WebSource)}
    for name in entry:
        if name not in known:
            raise BadSources(f"unknown field {name!r} of {entry['url']!r}")
    values = {name: str(value) for name, value in entry.items() if value is not None}
    parts = parts_of(values["url"])
    if parts is None:
        raise BadSources(f"{values['url']!r} is no address of the web")
    return WebSource(**values)


def fetch(
    sources: Sequence[WebSource], folder: Path, limits: Limits, allowed: Allowed = is_public
) -> list[Unfetched]:
    """Bring the copies in `folder` up to date with the list; returns what could not be fetched. A copy
    that cannot be renewed stays; one that is no longer listed goes."""
    before = _read_state(folder)
    kept: dict[str, Kept] = {}
    failed: list[Unfetched] = []
    for source in sources:
        old = before.get(source.url)
        if old is not None and not (folder / old.file).is_file():
            old = None
        try:
            with asking(limits, allowed) as guard:
                kept[source.url] = _renewed(source, old, folder, guard)
        except WebSourceFailed as error:
            failed.append(Unfetched(source.url, error, kept=old is not None))
            if old is not None:
                kept[source.url] = old
        if source.url in kept:
            _write_sidecar(folder, kept[source.url], source)
    _remove_others(folder, {one.file for one in kept.values()})
    if kept or before:
        state = json.dumps({url: asdict(one) for url, one in kept.items()}, indent=1)
        _replace(folder / ".fetched.json", state.encode())
    return failed


def _renewed(source: WebSource, old: Kept | None, folder: Path, guard: Guard) -> Kept:
    headers: dict[str, str] = {}
    if old is not None:
        headers |= {"If-None-Match": old.etag} if old.etag else {}
        headers |= {"If-Modified-Since": old.last_modified} if old.last_modified else {}
    now = moments.now()
    reply = guard.get(source.url, headers)
    if reply.status == NOT_MODIFIED and old is not None:
        return Kept(old.file, old.fetched, now, old.etag, old.last_modified)
    if reply.status != OK:
        raise WebSourceFailed(source.url, f"HTTP {reply.status}")
    media_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    suffix = _SUFFIXES.get(media_type) or _suffix_of(source.url)
    if suffix is None:
        raise WebSourceFailed(source.url, f"{media_type or 'unknown type'}: cannot be read")
    file = _name(source.url, suffix)
    target = folder / file
    if not (target.is_file() and target.read_bytes() == reply.content):
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, reply.content)
    elif old is not None and old.file == file:
        return Kept(file, old.fetched, now, reply.headers.get("etag", ""), reply.headers.get("last-modified", ""))
    return Kept(file, now, now, reply.headers.get("etag", ""), reply.headers.get("last-modified", ""))


def _suffix_of(url: str) -> str | None:
    suffix = os.path.splitext(urlsplit(url).path)[1].lower()
    return suffix if suffix in FORMATS else None


def _name(url: str, suffix: str) -> str:
    parts = urlsplit(url)
    words = re.sub(r"[^\w-]+", "-", os.path.splitext(parts.path)[0]).strip("-")[-60:] or "index"
    host = re.sub(r"[^\w.-]+", "-", parts.hostname or "").strip(".") or "host"
    return f"{host}/{words}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"


def _write_sidecar(folder: Path, kept: Kept, source: WebSource) -> None:
    said = {name: value for name, value in asdict(source).items() if value is not None}
    said["fetched"] = kept.fetched[:10]
    content = yaml.safe_dump(said, allow_unicode=True, sort_keys=True).encode()
    path = folder / f"{kept.file}.yaml"
    if not (path.is_file() and path.read_bytes() == content):
        _replace(path, content)


def _remove_others(folder: Path, files: set[str]) -> None:
    wanted = files | {f"{file}.yaml" for file in files} | {".fetched.json"}
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()


def _read_state(folder: Path) -> dict[str, Kept]:
    try:
        loaded = json.loads((folder / ".fetched.json").read_text(encoding="utf-8"))
        return {url: Kept(**one) for url, one in loaded.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # then everything is fetched again


def _replace(target: Path, content: bytes) -> None:
    aside = target.with_name(f"{target.name}.part")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, target)


def renew(corpus: Path, folder: Path, max_mb: int) -> list[Unfetched]:
    """What the job does with the list of a corpus."""
    try:
        sources = listed(corpus)
    except BadSources as error:
        return [Unfetched(WEB_LIST, error, kept=False)]
    return fetch(sources, folder, Limits(max_mb))
