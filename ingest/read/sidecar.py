"""What stands beside a document: `name.yaml`, and the YAML front matter of a Markdown file."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime

import yaml

from assistant.errors import BadSidecar
from ingest.read.dates import parse_date
from ingest.read.extract import Metadata
from ingest.read.normalise import clean

FIELDS = tuple(field.name for field in fields(Metadata))
_DATES = ("date", "fetched")


def read_sidecar(data: bytes, path: str) -> Metadata:
    """The metadata in a YAML mapping. Raises BadSidecar, naming `path`, on anything else than a
    mapping of known fields to plain values (of `replaces` to a path or a list of paths), or on a date that is
    none."""
    values = _mapping(data, path)
    for name in values:
        if name not in FIELDS:
            raise BadSidecar(path, f"unknown field {name!r}")
    return _metadata(values, path)


def read_front_matter(data: bytes, path: str) -> Metadata:
    """The known fields of a Markdown file's front matter. Other programs keep fields of their own
    there, so those are passed over, and front matter that is no mapping says nothing."""
    try:
        values = _mapping(data, path)
    except BadSidecar:
        return Metadata()
    metadata = Metadata()
    for name in FIELDS:
        try:
            metadata = merge(metadata, _metadata({name: values.get(name)}, path))
        except BadSidecar:
            continue  # a draft's "date: soon" should not cost the document its title
    return metadata


def merge(first: Metadata, second: Metadata) -> Metadata:
    """`first`, with what it lacks taken from `second`."""
    return replace(second, **{name: value for name in FIELDS if (value := getattr(first, name)) is not None})


def _mapping(data: bytes, path: str) -> dict[str, object]:
    try:
        loaded: object = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError, UnicodeError) as error:
        # ValueError: a date such as 2024-13-45 fails inside the YAML reader itself.
        raise BadSidecar(path, f"not valid YAML: {clean(str(error))[:200]}") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise BadSidecar(path, "not a mapping of field: value")
    return {str(name): value for name, value in loaded.items()}


def _metadata(values: dict[str, object], path: str) -> Metadata:
    texts = {name: _text(name, value, path) for name, value in values.items() if name != "replaces"}
    for name in _DATES:
        texts[name] = _iso(texts.get(name), path)
    return Metadata(**texts, replaces=_paths(values.get("replaces"), path))


def _iso(date: str | None, path: str) -> str | None:
    iso = parse_date(date) if date is not None else None
    if date is not None and iso is None:
        raise BadSidecar(path, f"{date!r} is not a date such as 2024-03-21")
    return iso


def _paths(value: object, path: str) -> tuple[str, ...] | None:
    """A path or a list of them; None where there is none."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    paths = [one for one in listed if isinstance(one, str)]
    if len(paths) < len(listed):
        raise BadSidecar(path, "the field 'replaces' is neither a path nor a list of paths")
    return tuple(cleaned for one in paths if (cleaned := clean(one))) or None


def _text(name: str, value: object, path: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if name == "language" and value is False:
        return "no"  # YAML 1.1 reads the bare word `no` as false
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadSidecar(path, f"the field {name!r} is not a plain text")
    return clean(str(value)) or None
