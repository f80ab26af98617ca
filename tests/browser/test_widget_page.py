"""The component on pages of other sites: with rules that spoil what they can, under a strict policy, let in or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.feedback import FeedbackBox
from assistant.widget import WIDGET, joined
from tests.browser.conftest import over_the_sample
from tests.browser.test_page import ANSWERED
from tests.serving import free_port, served

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


def test_the_script_alone_puts_a_launcher_on_a_hostile_page(page: Page, sample_data: Path, host_port: int) -> None:
    """The whole way on such a page, with the real service, which is stopped and started meanwhile."""
    port = free_port()
    there = f"http://127.0.0.1:{port}"
    app = over_the_sample(sample_data, host_port)
    body = f'<script src="{there}/widget.js" data-title="Spør kommunen" data-colour="#7a1f5c"></script>'
    with hosted(body, policy(there), port=host_port) as here:
        with served(app, port):
            page.goto(here)
            open_the_window(page)
            ask_and_open_the_source(page)
            close_source_and_window(page)
            leave_out_a_source_and_ask_again(page)
            rate_and_comment(page, app)
            page.get_by_label("Språk").select_option("en")
            expect(page.locator(".entry").last.locator("h4").first).to_have_text("Sources")
        lose_contact(page)
        with served(app, port):
            expect(page.locator("#contact")).to_be_empty()
            expect(page.locator("#problem")).to_contain_text("Contact is back")
            page.locator("#question").press("Enter")
            expect(page.locator(".entry")).to_have_count(3)
            expect(page.locator(".entry").last.locator(".references li").first).to_be_visible()


def open_the_window(page: Page) -> None:
    launcher = page.get_by_role("button", name="Spør kommunen. Åpne spørsmålsvinduet")
    expect(launcher).to_be_visible()
    assert launcher.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(122, 31, 92)"
    launcher.click()
    expect(page.get_by_role("dialog", name="Spør kommunen")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()


def ask_and_open_the_source(page: Page) -> None:
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    page.locator(".entry .text .reference").first.click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_in_viewport()
    for one in (page.locator(".entry .text"), page.locator("#question")):
        seen = one.evaluate(
            "one => { const s = getComputedStyle(one); return [s.letterSpacing, s.textTransform, s.fontStyle,"
            " s.opacity, s.visibility, parseFloat(s.fontSize) >= 16, parseFloat(s.fontSize) < 20, s.color]; }"
        )
        assert seen == ["normal", "none", "normal", "1", "visible", True, True, "rgb(41, 44, 48)"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def close_source_and_window(page: Page) -> None:
    """Escape in the frame, which is another site's, closes the source; the next one the window."""
    page.frame_locator("#source-frame").locator("#find").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_have_count(0)
    expect(page.locator(".entry .text .reference").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#launcher")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".entry .text")).to_be_visible()


def leave_out_a_source_and_ask_again(page: Page) -> None:
    page.locator(".leaving-out summary").click()
    left = page.locator(".leaving-out label").first.inner_text().strip()
    page.locator(".leaving-out input").first.uncheck()
    page.get_by_role("button", name="Spør igjen uten dem").click()
    newest = page.locator(".entry").last
    expect(page.locator(".entry")).to_have_count(2)
    expect(newest.locator(".row")).to_be_visible()
    assert left not in newest.locator(".references .title").all_inner_texts()


def rate_and_comment(page: Page, app: FastAPI) -> None:
    """What is sent is kept by the service."""
    newest = page.locator(".entry").last
    newest.get_by_role("button", name="Ikke nyttig").click()
    newest.get_by_label("Vil du si hvorfor?").fill("For langt.")
    newest.get_by_role("button", name="Send").click()
    expect(newest.locator(".feedback").get_by_role("status")).to_have_text("Kommentaren er sendt.")
    (kept,) = cast("FeedbackBox", app.state.feedback).latest(1)
    assert (kept.rating, kept.comment) == (-1, "For langt.")


def lose_contact(page: Page) -> None:
    """The thumb notices it, and a question then stays in the box."""
    thumb = page.get_by_role("button", name="Useful", exact=True).last
    thumb.click()
    expect(page.locator("#contact")).to_contain_text("Trying again")
    expect(page.locator(".feedback").last.get_by_role("status").first).to_contain_text("cannot be reached")
    expect(thumb).to_have_attribute("aria-pressed", "false")
    page.locator("#question").fill(ANSWERED)
    page.locator("#question").press("Enter")
    expect(page.locator("#problem")).to_contain_text("The service cannot be reached.")
    expect(page.locator("#question")).to_have_value(ANSWERED)


def test_a_host_lends_it_its_theme_its_language_and_the_service_s_address(
    page: Page, address: str, host_port: int
) -> None:
    css = """
      :root { --ds-color-neutral-text-default: rgb(9, 8, 7); --ds-color-accent-base-default: rgb(200, 0, 0); }
      assistant-chat { --assistant-accent: rgb(1, 2, 3); --assistant-height: 500px; }
    """
    chat = f'<assistant-chat data-mode="inline" data-scheme="dark" data-address="{address}"></assistant-chat>'
    body = f'<section lang="nn">{chat}</section><p id="other"></p><script src="/copy.js"></script>'
    allowed = policy(address).replace("script-src", "script-src 'self'")
    with hosted(body, allowed, css=css, port=host_port) as here:
        page.route(f"{here}/copy.js", lambda route: route.fulfill(body=joined(WIDGET)))
        page.goto(here)
        expect(page.locator("#filters")).to_be_visible()  # the documents come from where the attribute says
        look = "(one, what) => getComputedStyle(one)[what]"
        heading, frame = page.locator(".heading"), page.locator(".frame")
        assert page.locator("#submit").evaluate(look, "backgroundColor") == "rgb(1, 2, 3)"
        assert heading.evaluate(look, "color") == "rgb(9, 8, 7)"
        assert frame.evaluate(look, "height") == "500px"
        for scheme, paper in (("dark", "rgb(23, 24, 26)"), ("light", "rgb(255, 255, 255)")):
            page.locator("assistant-chat").evaluate("(one, scheme) => one.dataset.scheme = scheme", scheme)
            assert frame.evaluate(look, "backgroundColor") == paper
        expect(heading).to_have_text("Kva vil du vite?")
        page.evaluate("document.querySelector('section').lang = 'en-GB'")
        expect(heading).to_have_text("What would you like to know?")
        page.get_by_label("Language").select_option("nb")
        page.evaluate("document.querySelector('#other').lang = 'nn'")  # which is not around it
        page.evaluate("document.documentElement.lang = 'en'")
        expect(heading).to_have_text("Hva vil du vite?")
        page.locator("assistant-chat").evaluate("one => one.dataset.mode = 'launcher'")
        expect(page.get_by_role("button", name="Spør dokumentene. Åpne spørsmålsvinduet")).to_be_visible()


def test_it_stands_in_the_page_and_follows_its_language(page: Page, address: str, host_port: int) -> None:
    body = f'<assistant-chat data-mode="inline"></assistant-chat><script src="{address}/widget.js"></script>'
    with hosted(body, policy(address), css="", lang="nn", port=host_port) as here:
        page.goto(here)
        expect(page.locator("assistant-chat")).to_have_count(1)
        heading = page.locator(".heading")
        expect(heading).to_have_text("Kva vil du vite?")
        page.evaluate("document.documentElement.lang = 'en-GB'")
        expect(heading).to_have_text("What would you like to know?")
        page.get_by_label("Language").select_option("nb")
        expect(heading).to_have_text("Hva vil du vite?")
        page.evaluate("document.documentElement.lang = 'nn'")
        expect(heading).to_have_text("Kva vil du vite?")
        page.locator("assistant-chat").evaluate("one => one.dataset.lang = 'en'")
        expect(heading).to_have_text("What would you like to know?")


def test_a_window_over_all_of_the_page_keeps_the_keyboard_inside(page: Page, address: str, host_port: int) -> None:
    body = f'<a href="#over">Over</a><script src="{address}/widget.js"></script><a href="#under">Under</a>'
    with hosted(body, policy(address), css="", port=host_port) as here:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(here)
        page.locator("#launcher").press("Enter")
        expect(page.locator("#question")).to_be_focused()
        window = page.locator("dialog")
        assert window.evaluate("one => one.matches(':modal')")
        expect(page.locator("#filters")).to_be_visible()
        assert "A" not in tabbed_to(page, 20)
        page.locator(".lead").click()  # on what takes no focus: a key is then heard by the page alone
        page.keyboard.press("Escape")
        expect(window).to_be_hidden()
        expect(page.locator("#launcher")).to_be_focused()
        assert "A" in tabbed_to(page, 4)
        page.locator("#launcher").click()
        page.locator("#question").fill("Hva")
        page.set_viewport_size({"width": 1300, "height": 900})  # beside the page, which can be reached again
        expect(window).not_to_have_js_property("modal", True)
        expect(page.locator("#question")).to_be_focused()
        assert not window.evaluate("one => one.matches(':modal')")
        assert "A" in tabbed_to(page, 20)


def tabbed_to(page: Page, times: int) -> set[str]:
    """The names of the page's own elements that Tab leads to."""
    found = set()
    for _ in range(times):
        page.keyboard.press("Tab")
        found.add(str(page.evaluate("document.activeElement.nodeName")))
    return found


def test_a_site_that_is_not_let_in_is_told_so(page: Page, address: str) -> None:
    body = f'<assistant-chat data-mode="inline"></assistant-chat><script src="{address}/widget.js"></script>'
    with hosted(body, policy(address), css="") as here:
        page.goto(here)
        expect(page.locator("#problem")).to_contain_text(f"slipper ikke inn nettstedet {here}")
        expect(page.locator("#problem")).to_contain_text("ASSISTANT_ALLOWED_ORIGINS")


def test_a_file_without_an_origin_is_told_so(page: Page, address: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    body = f'<script src="{address}/widget.js" data-mode="inline" data-lang="en"></script>'
    file.write_text(PAGE.format(body=body, lang="nb"), encoding="utf-8")
    page.goto(file.as_uri())
    expect(page.locator("#problem")).to_contain_text("was opened as a file and has no address to let in")


def test_a_page_whose_policy_keeps_frames_out_is_told_to_open_a_tab(
    browser: Browser, address: str, host_port: int
) -> None:
    body = f'<script src="{address}/widget.js" data-mode="inline"></script>'
    allowed = policy(address).replace(f"frame-src {address}; ", "")
    with hosted(body, allowed, css="", port=host_port) as here, browser.new_context() as context:
        page = context.new_page()
        page.goto(here)
        page.locator("#question").fill(ANSWERED)
        page.keyboard.press("Enter")
        page.locator(".entry .text .reference").first.click()
        expect(page.locator("#panel").get_by_role("alert")).to_contain_text("Åpne i ny fane")
        link = page.get_by_role("link", name="Åpne i ny fane").get_attribute("href") or ""
        assert link.startswith(f"{address}/source/")
