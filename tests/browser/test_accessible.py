"""axe finds nothing to say of the component, the page and the viewer, in light and dark; nothing is wider than the
screen; less motion is asked for and given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


@contextmanager
def widget(browser: Browser, service: Callable[..., FastAPI], **context: object) -> Iterator[Page]:
    """The component, closed, on a page of another site."""
    port = free_port()
    with served(service(f"http://127.0.0.1:{port}")) as there:
        body = f'<script src="{there}/widget.js" data-colour="#f4b000" data-scheme="auto"></script>'
        with hosted(body, policy(there), css="", port=port) as here:
            opened = browser.new_context(bypass_csp=True, **context)  # type: ignore[arg-type]  # axe is not ours
            page = opened.new_page()
            page.goto(here)
            expect(page.locator("#launcher")).to_be_visible()
            yield page
            opened.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_widget(browser: Browser, service: Callable[..., FastAPI], width: int, dark: bool) -> None:
    scheme = "dark" if dark else "light"
    with widget(browser, service, color_scheme=scheme, viewport={"width": width, "height": 720}) as page:
        assert faults(page) == []
        page.locator("#launcher").click()
        expect(page.locator("#filters")).to_be_visible()
        assert faults(page) == []
        ask(page, ANSWERED)
        expect(page.locator(".entry .references li").first).to_be_visible()
        assert faults(page) == []
        page.locator(".entry .text .reference").first.click()
        assert_the_source_is_seen(page)
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def assert_the_source_is_seen(page: Page) -> None:
    """The frame takes up a good part of the window, and what it marks is in sight."""
    expect(page.frame_locator("#source-frame").locator("#mark, img[data-top]").first).to_be_in_viewport()
    box, window = page.locator("#source-frame").bounding_box(), page.viewport_size
    assert box is not None and window is not None
    assert box["width"] >= min(300, window["width"])
    assert box["height"] >= min(200, window["height"] * 0.6)
    assert page.locator("#source-frame").evaluate(
        """frame => {
          const { left, top, width, height } = frame.getBoundingClientRect();
          const seen = Math.min(height, innerHeight - top);
          return frame.getRootNode().elementFromPoint(left + width / 2, top + seen / 2) === frame;
        }"""
    ), "something lies over it"


SIZES = [(320, 640), (640, 512), (320, 256)]
"""A telephone; 1280 × 1024 at 200 %, and at 400 %."""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_source_is_seen_in_a_small_window(
    open_page: OpenPage, browser: Browser, service: Callable[..., FastAPI], width: int, height: int
) -> None:
    page = open_page(width=width, height=height)
    ask(page, ANSWERED)
    page.locator(".entry .text .reference").first.click()
    assert_the_source_is_seen(page)
    with widget(browser, service, viewport={"width": width, "height": height}) as page:
        page.locator("#launcher").click()
        ask(page, ANSWERED)
        reference = page.locator(".entry .text .reference").first
        reference.click()
        assert_the_source_is_seen(page)
        page.get_by_role("button", name="Lukk", exact=True).click()
        expect(reference).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


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
