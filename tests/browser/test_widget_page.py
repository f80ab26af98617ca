"""The component on pages of other sites: with rules that spoil what they can, under a strict policy, let in or not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.browser.test_page import ANSWERED
from tests.serving import served

HOSTILE = """
html { font-size: 4px; }
* { all: unset; color: red !important; font: italic 40px/3 cursive !important; letter-spacing: 1em !important;
    text-transform: uppercase !important; opacity: .1 !important; transform: rotate(20deg) !important;
    background: lime !important; visibility: hidden !important; display: none !important; }
body, html, main { display: block !important; transform: none !important; visibility: visible !important;
    opacity: 1 !important; }
"""
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Kommunen</title>
<link rel="stylesheet" href="/hostile.css"></head><body><main><h1>Kommunen</h1>{body}</main></body></html>"""

Host = Callable[[str], Starlette]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def hosted(body: str, policy: str, css: str = HOSTILE, lang: str = "nb", port: int = 0) -> Iterator[str]:
    """A page of another site, with `body` in it."""

    def page(request: Request) -> Response:
        return HTMLResponse(PAGE.format(body=body, lang=lang), headers={"Content-Security-Policy": policy})

    def sheet(request: Request) -> Response:
        return Response(css, media_type="text/css")

    with served(Starlette(routes=[Route("/", page), Route("/hostile.css", sheet)]), port) as url:
        yield url


def policy(service: str) -> str:
    return (
        f"default-src 'none'; script-src {service}; connect-src {service}; frame-src {service}; style-src 'self'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page. A fault in a script, or a refused style or script, fails the test."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="en-GB")
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    yield made
    context.close()
    assert faults == []


def test_the_script_alone_puts_a_launcher_on_a_hostile_page(page: Page, service: Callable[..., FastAPI]) -> None:
    port = free_port()
    with served(service(f"http://127.0.0.1:{port}")) as there:
        body = f'<script src="{there}/widget.js" data-title="Spør kommunen" data-colour="#7a1f5c"></script>'
        with hosted(body, policy(there), port=port) as here:
            page.goto(here)
            launcher = page.get_by_role("button", name="Spør kommunen. Åpne spørsmålsvinduet")
            expect(launcher).to_be_visible()
            assert launcher.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(122, 31, 92)"
            launcher.click()
            expect(page.get_by_role("dialog", name="Spør kommunen")).to_be_visible()
            expect(page.locator("#question")).to_be_focused()
            page.keyboard.type(ANSWERED)
            page.keyboard.press("Enter")
            reference = page.locator(".entry .text .reference").first
            reference.click()
            mark = page.frame_locator("#source-frame").locator("#mark")
            expect(mark).to_be_in_viewport()
            for one in (page.locator(".entry .text"), page.locator("#question")):
                seen = one.evaluate(
                    "one => { const s = getComputedStyle(one); return [s.letterSpacing, s.textTransform, s.fontStyle,"
                    " s.opacity, s.visibility, parseFloat(s.fontSize) >= 16, s.color]; }"
                )
                assert seen == ["normal", "none", "normal", "1", "visible", True, "rgb(41, 44, 48)"]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            # Escape in the frame, which is another site's, closes the source; the next one the window.
            page.frame_locator("#source-frame").locator("#find").focus()
            page.keyboard.press("Escape")
            expect(page.locator("#panel")).to_have_count(0)
            expect(reference).to_be_focused()
            page.keyboard.press("Escape")
            expect(launcher).to_be_focused()


def test_it_stands_in_the_page_and_follows_its_language(page: Page, service: Callable[..., FastAPI]) -> None:
    port = free_port()
    with served(service(f"http://127.0.0.1:{port}")) as there:
        body = f'<assistant-chat data-mode="inline"></assistant-chat><script src="{there}/widget.js"></script>'
        with hosted(body, policy(there), css="", lang="nn", port=port) as here:
            page.goto(here)
            expect(page.locator("assistant-chat")).to_have_count(1)
            expect(page.locator(".heading")).to_have_text("Kva vil du vite?")
            page.evaluate("document.documentElement.lang = 'en-GB'")
            expect(page.locator(".heading")).to_have_text("What would you like to know?")
            page.get_by_label("Language").select_option("nb")
            expect(page.locator(".heading")).to_have_text("Hva vil du vite?")
            page.evaluate("document.documentElement.lang = 'nn'")
            expect(page.locator(".heading")).to_have_text("Kva vil du vite?")
            page.locator("assistant-chat").evaluate("one => one.dataset.lang = 'en'")
            expect(page.locator(".heading")).to_have_text("What would you like to know?")


def test_a_site_that_is_not_let_in_is_told_so(page: Page, service: Callable[..., FastAPI]) -> None:
    with served(service()) as there:
        body = f'<assistant-chat data-mode="inline"></assistant-chat><script src="{there}/widget.js"></script>'
        with hosted(body, policy(there), css="") as here:
            page.goto(here)
            expect(page.locator("#problem")).to_contain_text(f"slipper ikke inn nettstedet {here}")
            expect(page.locator("#problem")).to_contain_text("ASSISTANT_ALLOWED_ORIGINS")


def test_a_file_without_an_origin_is_told_so(page: Page, service: Callable[..., FastAPI], tmp_path: Path) -> None:
    with served(service()) as there:
        file = tmp_path / "page.html"
        body = f'<script src="{there}/widget.js" data-mode="inline" data-lang="en"></script>'
        file.write_text(PAGE.format(body=body, lang="nb"), encoding="utf-8")
        page.goto(file.as_uri())
        expect(page.locator("#problem")).to_contain_text("was opened as a file and has no address to let in")


def test_a_page_whose_policy_keeps_frames_out_is_told_to_open_a_tab(
    browser: Browser, service: Callable[..., FastAPI]
) -> None:
    port = free_port()
    with served(service(f"http://127.0.0.1:{port}")) as there:
        body = f'<script src="{there}/widget.js" data-mode="inline"></script>'
        with hosted(body, policy(there).replace(f"frame-src {there}; ", ""), css="", port=port) as here:
            context = browser.new_context()
            page = context.new_page()
            page.goto(here)
            page.locator("#question").fill(ANSWERED)
            page.keyboard.press("Enter")
            page.locator(".entry .text .reference").first.click()
            expect(page.locator("#panel").get_by_role("alert")).to_contain_text("Åpne i ny fane")
            link = page.get_by_role("link", name="Åpne i ny fane").get_attribute("href") or ""
            assert link.startswith(f"{there}/source/")
            context.close()


def test_the_server_goes_and_comes_back(page: Page, service: Callable[..., FastAPI]) -> None:
    port, here_port = free_port(), free_port()
    app = service(f"http://127.0.0.1:{here_port}")
    body = f'<script src="http://127.0.0.1:{port}/widget.js" data-mode="inline"></script>'
    with hosted(body, policy(f"http://127.0.0.1:{port}"), css="", port=here_port) as here:
        with served(app, port):
            page.goto(here)
            expect(page.locator("#filters")).to_be_visible()
        page.locator("#question").fill(ANSWERED)
        page.keyboard.press("Enter")
        expect(page.locator("#problem")).to_contain_text("Får ikke kontakt med tjenesten.")
        expect(page.locator("#contact")).to_contain_text("Prøver igjen")
        expect(page.locator("#question")).to_have_value(ANSWERED)
        with served(app, port):
            expect(page.locator("#contact")).to_be_empty()
            expect(page.locator("#problem")).to_contain_text("Kontakten er tilbake")
            page.locator("#question").press("Enter")
            expect(page.locator(".entry .references li").first).to_be_visible()
