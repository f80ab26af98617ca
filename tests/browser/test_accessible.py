"""axe finds nothing to say of the component, the page and the viewer, in light and dark, on a telephone, a tablet and a
desk; nothing is wider than the screen; less motion is asked for and given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_page import ANSWERED, NOT_ANSWERED, OpenPage, ask
from tests.browser.test_widget_page import hosted, policy

WIDTHS = {320: 640, 768: 1024, 1440: 900}
"""Heights by widths, in pixels."""
_ASKED_FOR = ("target-size", "label-content-name-mismatch")
ALL = {"resultTypes": ["violations"], "rules": {name: {"enabled": True} for name in _ASKED_FOR}}
"""Those of good practice are among them. That what is pressed is large enough, and is called what is written on it, axe
looks at only when it is told to."""
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}


def faults(page: Page, options: Mapping[str, object] = ALL) -> list[str]:
    """What axe finds by its rules."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def look(page: Page, scheme: Callable[[str], None]) -> None:
    """By all rules at each width, in the light or in the dark, and by those of colour in both. Nothing is wider than
    the screen."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise(requestAnimationFrame)")  # then a change of width has been told
        scheme("dark" if width == 768 else "light")
        assert faults(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    scheme("dark")
    assert faults(page, COLOURS) == []


def test_the_page(open_page: OpenPage) -> None:
    page = open_page(width=1440)

    def scheme(name: str) -> None:
        page.emulate_media(color_scheme="dark" if name == "dark" else "light")

    look(page, scheme)
    ask(page, NOT_ANSWERED)
    expect(page.locator(".entry .none")).to_be_visible()
    ask(page, ANSWERED)
    expect(page.locator(".entry").last.locator(".references li").first).to_be_visible()
    page.locator(".leaving-out summary").click()
    page.locator("#filters summary").click()
    look(page, scheme)
    page.locator(".entry .text .reference").first.click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_attached()
    look(page, scheme)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tidligere samtaler").click()
    look(page, scheme)
    page.get_by_role("link", name="Dokumenter").click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    look(page, scheme)
    page.get_by_role("link", name="Oversikter").click()
    look(page, scheme)


@pytest.mark.parametrize("media_type", ["application/pdf", "text/html", "text/markdown"])
def test_the_viewer(open_page: OpenPage, media_type: str) -> None:
    page = open_page()
    documents = page.request.get(f"{page.url}api/v1/documents").json()["documents"]
    one = next(one for one in documents if one["media_type"] == media_type)
    page.goto(f"{page.url}source/{one['id']}?start=0&end=40&find=og")
    look(page, lambda name: page.emulate_media(color_scheme="dark" if name == "dark" else "light"))


@contextmanager
def widget(browser: Browser, there: str, port: int, attributes: str, **context: object) -> Iterator[Page]:
    """The component, as yet unopened, on a page of another site."""
    body = f'<script src="{there}/widget.js" data-colour="#f4b000" {attributes}></script>'
    with hosted(body, policy(there), css="", port=port) as here:
        opened = browser.new_context(bypass_csp=True, **context)  # type: ignore[arg-type]  # axe is not ours
        page = opened.new_page()
        page.goto(here)
        yield page
        opened.close()


@pytest.mark.parametrize("mode", ["launcher", "inline"])
def test_the_widget(browser: Browser, address: str, host_port: int, mode: str) -> None:
    """In its page it is in the scheme that the page has set, whatever the visitor's own."""
    with widget(browser, address, host_port, f'data-mode="{mode}" data-scheme="auto"') as page:

        def scheme(name: str) -> None:
            other = {"light": "dark", "dark": "light"}[name]
            page.emulate_media(color_scheme=name if mode == "launcher" else other)  # type: ignore[arg-type]
            if mode == "inline":
                page.locator("assistant-chat").evaluate("(one, name) => one.dataset.scheme = name", name)

        if mode == "launcher":
            look(page, scheme)
            page.locator("#launcher").click()
        expect(page.locator("#filters")).to_be_visible()
        look(page, scheme)
        ask(page, ANSWERED)
        expect(page.locator(".entry .references li").first).to_be_visible()
        look(page, scheme)
        page.locator(".entry .text .reference").first.click()
        assert_the_source_is_seen(page)
        look(page, scheme)


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
    open_page: OpenPage, browser: Browser, address: str, host_port: int, width: int, height: int
) -> None:
    page = open_page(width=width, height=height)
    ask(page, ANSWERED)
    page.locator(".entry .text .reference").first.click()
    assert_the_source_is_seen(page)
    with widget(browser, address, host_port, "", viewport={"width": width, "height": height}) as page:
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
