"""What a web page says of itself in its head."""

from __future__ import annotations

import json

from selectolax.lexbor import LexborHTMLParser

from ingest.read.dates import parse_date
from ingest.read.extract import Metadata
from ingest.read.html_parts import text_of
from ingest.read.normalise import clean

_TITLES = ("citation_title", "dcterms.title", "dc.title", "og:title")
_DATES = (
    "article:published_time",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "datepublished",
    "date",
    "pubdate",
)
_PUBLISHERS = (
    "citation_publisher",
    "dcterms.publisher",
    "dc.publisher",
    "publisher",
    "og:site_name",
    "author",
)
_KINDS = ("dcterms.type", "dc.type", "kind")
_LANGUAGES = ("content-language", "dcterms.language", "dc.language", "og:locale")


def page_metadata(tree: LexborHTMLParser) -> Metadata:
    """Title, date, publisher, kind, address and language of a page."""
    named = _meta_elements(tree)
    linked = _linked_data(tree)
    return Metadata(
        title=_title(tree, named),
        date=_date(tree, named, linked),
        publisher=_first(named, _PUBLISHERS) or linked.get("publisher"),
        kind=_first(named, _KINDS),
        url=_address(tree, named),
        language=_language(tree, named),
    )


def _meta_elements(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        name = name or attributes.get("http-equiv")
        content = clean(attributes.get("content") or "")
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _first(named: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((named[name] for name in names if name in named), None)


def _title(tree: LexborHTMLParser, named: dict[str, str]) -> str | None:
    node = tree.css_first("head > title") or tree.css_first("title")
    title = _first(named, _TITLES) or (clean(node.text()) if node is not None else "")
    h1 = tree.css("h1")
    heading = clean(text_of(h1[0])) if len(h1) == 1 else ""
    # "Heading | Name of the site": the heading is the document's title.
    return heading if heading and title.startswith(heading) else title or None


def _date(tree: LexborHTMLParser, named: dict[str, str], linked: dict[str, str]) -> str | None:
    candidates = [named[name] for name in _DATES if name in named]
    if "date" in linked:
        candidates.append(linked["date"])
    candidates += [
        node.attributes.get("datetime") or ""
        for node in tree.css("time[pubdate], article time[datetime]")[:1]
    ]
    return next(
        (iso for text in candidates if (iso := parse_date(text.replace("/", "-")) or parse_date(text))), None
    )


def _address(tree: LexborHTMLParser, named: dict[str, str]) -> str | None:
    link = tree.css_first("link[rel=canonical]")
    address = (link.attributes.get("href") if link is not None else None) or named.get("og:url") or ""
    return clean(address) if address.startswith(("http://", "https://")) else None


def _language(tree: LexborHTMLParser, named: dict[str, str]) -> str | None:
    root = tree.css_first("html")
    declared = (root.attributes.get("lang") or root.attributes.get("xml:lang")) if root is not None else None
    return declared or _first(named, _LANGUAGES)


def _linked_data(tree: LexborHTMLParser) -> dict[str, str]:
    """`date` and `publisher` from schema.org data in a script."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            loaded: object = json.loads(node.text())
        except (ValueError, RecursionError):
            continue
        for entry in loaded if isinstance(loaded, list) else [loaded]:
            if not isinstance(entry, dict) or not isinstance(entry.get("datePublished"), str):
                continue
            found = {"date": str(entry["datePublished"])}
            publisher = entry.get("publisher")
            if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
                found["publisher"] = clean(str(publisher["name"]))
            return found
    return {}
