"""Takes pictures of the page, the component and the viewer, with an answer shown, to be looked at.

    python -m docs.pictures FOLDER [ADDRESS]

Each is taken 320, 768 and 1440 pixels wide, in light and in dark. ADDRESS is that of a service over the sample corpus;
without it one is started over the index in use. `page-1440-light.png` is docs/page.png."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.serving import serving

SIZES = {320: 640, 768: 1024, 1440: 900}
"""Heights by widths, in pixels: a telephone, a tablet, a desk."""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
QUESTION = "Hvem kjøpte anlegget i Hillerød, og når?"
REFERENCE = 1
HOST = """<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Kommunen</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body { font: 18px/1.6 system-ui, sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em }</style></head>
<body><h1>Næring og utvikling</h1><p>Her finner du kommunens planer, rapporter og notater.</p>
<script src="/widget.js" data-title="Spør kommunen" data-colour="#7a1f5c"></script></body></html>"""


def begin(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    expect(page.locator("#starters button").nth(2)).to_be_visible()


def answer(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    _ask(page)


def source(page: Page, address: str) -> None:
    answer(page, address)
    _open(page)


def documents(page: Page, address: str) -> None:
    page.goto(f"{address}/#documents")
    expect(page.locator("#documents tbody tr").first).to_be_visible()


def overviews(page: Page, address: str) -> None:
    with page.expect_response("**/api/v1/overview") as listed:
        page.goto(f"{address}/#overviews")
    if listed.value.json()["overviews"]:  # the first picture made one
        page.locator(".kept .past").first.click()
    else:
        page.get_by_label("Hva skal finnes i dokumentene?").fill(QUESTION)
        page.get_by_role("button", name="Lag oversikt").click()
    expect(page.get_by_role("button", name="Last ned som CSV")).to_be_visible()


def closed(page: Page, address: str) -> None:
    page.route(f"{address}/kommunen", lambda route: route.fulfill(content_type="text/html", body=HOST))
    page.goto(f"{address}/kommunen")
    expect(page.locator("#launcher")).to_be_visible()


def widget(page: Page, address: str) -> None:
    closed(page, address)
    page.locator("#launcher").click()
    _ask(page)


def widget_source(page: Page, address: str) -> None:
    widget(page, address)
    _open(page)


def viewer(page: Page, address: str) -> None:
    answer(page, address)
    page.goto(page.locator(".text .reference").nth(REFERENCE - 1).evaluate("link => link.href"))
    expect(page.locator("#mark")).to_be_in_viewport()


def pdf(page: Page, address: str) -> None:
    listed = page.request.get(f"{address}/api/v1/documents").json()["documents"]
    one = next(one for one in listed if one["media_type"] == "application/pdf")
    page.goto(f"{address}/source/{one['id']}?find=helse&hit=2&language=nb")
    page.wait_for_load_state("networkidle")


def _ask(page: Page) -> None:
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".references li").first).to_be_attached()
    expect(page.locator(".further")).to_be_attached()


def _open(page: Page) -> None:
    page.locator(".text .reference").nth(REFERENCE - 1).click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_in_viewport()


SIGHTS: dict[str, Callable[[Page, str], None]] = {
    "begin": begin,
    "answer": answer,
    "page": source,
    "documents": documents,
    "overviews": overviews,
    "closed": closed,
    "widget": widget,
    "widget-source": widget_source,
    "viewer": viewer,
    "viewer-pdf": pdf,
}


def take(browser: Browser, address: str, folder: Path) -> None:
    for width, height in SIZES.items():
        for scheme in SCHEMES:
            for name, show in SIGHTS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale="nb-NO",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                show(page, address)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
                context.close()


def main(folder: Path, address: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=120_000)
    with served(address) as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser, at, folder)
        browser.close()


@contextmanager
def served(address: str | None) -> Iterator[str]:
    if address:
        yield address
        return
    with serving({**os.environ, "ASSISTANT_REQUESTS_PER_MINUTE": "0"}) as (client, _):
        yield str(client.base_url).rstrip("/")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
