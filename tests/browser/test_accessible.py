"""axe finds nothing to say of the component, the page and the viewer, in light and dark; nothing is wider than the
screen; less motion is asked for and given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_page import ANSWERED, NOT_ANSWERED, OpenPage, ask
from tests.browser.test_widget_page import free_port, hosted, policy
from tests.serving import served


def faults(page: Page) -> list[str]:
    """What axe finds by all its rules, those of good practice too."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_the_page(open_page: OpenPage, width: int, dark: bool) -> None:
    page = open_page(width=width, dark=dark)
    assert faults(page) == []
    ask(page, NOT_ANSWERED)
    expect(page.locator(".entry .none")).to_be_visible()
    ask(page, ANSWERED)
    expect(page.locator(".entry").last.locator(".references li").first).to_be_visible()
    page.locator(".leaving-out summary").click()
    page.locator("#filters summary").click()
    assert faults(page) == []
    page.locator(".entry .text .reference").first.click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_attached()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tidligere samtaler").click()
    assert faults(page) == []
    page.get_by_role("link", name="Dokumenter").click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Oversikter").click()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("media_type", ["application/pdf", "text/html", "text/markdown"])
def test_the_viewer(open_page: OpenPage, media_type: str, dark: bool) -> None:
    page = open_page(dark=dark)
    documents = page.request.get(f"{page.url}api/v1/documents").json()["documents"]
    one = next(one for one in documents if one["media_type"] == media_type)
    page.goto(f"{page.url}source/{one['id']}?start=0&end=40&find=og")
    assert faults(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_widget(browser: Browser, service: Callable[..., FastAPI], dark: bool) -> None:
    port = free_port()
    with served(service(f"http://127.0.0.1:{port}")) as there:
        body = f'<script src="{there}/widget.js" data-colour="#f4b000" data-scheme="auto"></script>'
        with hosted(body, policy(there), css="", port=port) as here:
            context = browser.new_context(color_scheme="dark" if dark else "light", bypass_csp=True)  # axe is not ours
            page = context.new_page()
            page.goto(here)
            expect(page.locator("#launcher")).to_be_visible()
            assert faults(page) == []
            page.locator("#launcher").click()
            expect(page.locator("#filters")).to_be_visible()
            assert faults(page) == []
            ask(page, ANSWERED)
            page.locator(".entry .text .reference").first.click()
            assert faults(page) == []
            context.close()


def test_a_zoom_of_200_and_400_percent_leaves_all_in_reach(open_page: OpenPage) -> None:
    """1280 × 1024 at 200 % is 640 × 512, at 400 % 320 × 256."""
    for width, height in ((640, 512), (320, 256)):
        page = open_page(width=width, height=height)
        ask(page, ANSWERED)
        reference = page.locator(".entry .text .reference").first
        reference.scroll_into_view_if_needed()
        expect(reference).to_be_in_viewport()
        page.locator("#submit").scroll_into_view_if_needed()
        expect(page.locator("#submit")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_less_motion_is_given_where_it_is_asked_for(open_page: OpenPage) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    page.route("**/api/v1/ask", lambda route: None)
    ask(page, "Hva?")
    status = page.locator("#status")
    expect(status).to_have_text(re.compile("Sender"))
    moving = "one => getComputedStyle(one, '::before').animationName"
    assert status.evaluate(moving) == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert status.evaluate(moving) != "none"
