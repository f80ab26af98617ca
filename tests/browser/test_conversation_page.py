"""Follow-ups on the page: understood and shown, asked in one's own words, begun anew; what it says of itself."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.test_page import HOSTILE, OpenPage, an_answer, ask, heard, origin

_FIRST = "Hvem lanserte Veikart for helsenæringen?"
_UNDERSTOOD = "Når lanserte de Veikart for helsenæringen?"


_PATIENCE = 30_000
"""Milliseconds for an answer of the real service on a machine that has more to do."""


def _talk(page: Page) -> None:
    """A question and a follow-up, with the real service."""
    for number, question in enumerate((_FIRST, "og når var det?"), 1):
        ask(page, question)
        expect(page.locator(".entry")).to_have_count(number)
        expect(page.locator(".entry").last.locator(".references li").first).to_be_visible(timeout=_PATIENCE)


def _bodies(page: Page) -> list[dict[str, object]]:
    """What the page will have sent to be answered."""
    sent: list[dict[str, object]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/v1/ask"):
            sent.append(json.loads(request.post_data or ""))

    page.on("request", note)
    return sent


def test_a_follow_up_is_understood_and_the_page_says_how(open_page: OpenPage) -> None:
    page = open_page()
    _talk(page)
    newest = page.locator(".entry").last
    expect(newest.locator("h3")).to_contain_text("og når var det?")
    expect(newest.locator(".understood")).to_contain_text(f"Forstått som: {_UNDERSTOOD}")
    expect(newest.locator(".text")).to_contain_text("23. august 2023")
    assert _UNDERSTOOD in heard(page)
    expect(page.locator(".entry").first.locator(".understood")).to_have_count(0)


def test_the_own_words_can_be_asked_instead(open_page: OpenPage) -> None:
    page = open_page()
    _talk(page)
    sent = _bodies(page)
    page.get_by_role("button", name="Spør med mine ord").click()
    expect(page.locator(".entry")).to_have_count(3)
    newest = page.locator(".entry").last
    expect(newest.locator("h3")).to_contain_text("og når var det?")
    expect(newest.locator(".text")).not_to_be_empty(timeout=_PATIENCE)
    expect(newest.locator(".understood")).to_have_count(0)
    assert sent[0]["standalone"] is True
    assert sent[0]["question"] == "og når var det?"


def test_a_new_conversation_forgets_the_old_one(open_page: OpenPage) -> None:
    page = open_page()
    _talk(page)
    page.locator(".entry .text .reference").first.click()
    expect(page.locator("#panel")).to_be_visible()
    page.get_by_role("button", name="Ny samtale", exact=True).click()
    expect(page.locator(".entry")).to_have_count(0)
    expect(page.locator("#panel")).to_have_count(0)
    expect(page.get_by_role("button", name="Ny samtale", exact=True)).to_be_hidden()
    expect(page.locator("#question")).to_be_focused()
    assert "Ny samtale er begynt." in heard(page)
    sent = _bodies(page)
    ask(page, "og når var det?")
    expect(page.locator(".entry .text")).not_to_be_empty(timeout=_PATIENCE)
    expect(page.locator(".understood")).to_have_count(0)
    assert "conversation_id" not in sent[0]
    assert "history" not in sent[0]


def test_each_question_goes_with_its_conversation_and_the_turns_before(open_page: OpenPage) -> None:
    page = open_page()
    sent = _bodies(page)
    _talk(page)
    first, second = sent
    assert first == {"question": _FIRST}
    listed = page.request.get(origin(page) + "api/v1/conversations").json()["conversations"]
    assert second["conversation_id"] in [one["id"] for one in listed]
    (turn,) = second["history"]  # type: ignore[misc]
    assert turn["question"] == _FIRST  # type: ignore[has-type]
    assert turn["documents"]  # type: ignore[has-type]


@pytest.mark.parametrize(
    ("locale", "understood", "words", "anew"),
    [
        ("nb-NO", "Forstått som:", "Spør med mine ord", "Ny samtale"),
        ("nn-NO", "Forstått som:", "Spør med mine ord", "Ny samtale"),
        ("en-GB", "Understood as:", "Ask in my words", "New conversation"),
    ],
)
def test_it_is_said_in_the_language_of_the_page(
    open_page: OpenPage, locale: str, understood: str, words: str, anew: str
) -> None:
    page = open_page(locale=locale)
    answer = an_answer({"status": "no_answer", "text": "Nei.", "understood_as": HOSTILE})
    told = json.dumps({"question": HOSTILE})
    body = f"event: understood\ndata: {told}\n\nevent: answer\ndata: {json.dumps(answer)}\n\n"

    def reply(route: Route) -> None:
        route.fulfill(status=200, headers={"Content-Type": "text/event-stream; charset=utf-8"}, body=body)

    page.route("**/api/v1/ask", reply)
    ask(page, "hvorfor?")
    expect(page.locator(".understood")).to_contain_text(f"{understood} {HOSTILE}")
    assert page.locator(".entry img, .entry script").count() == 0
    expect(page.get_by_role("button", name=words)).to_be_visible()
    expect(page.get_by_role("button", name=anew)).to_be_visible()


def test_what_it_says_of_itself_has_no_sources_but_links(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Hvilke dokumenter har du?")
    entry = page.locator(".entry")
    expect(entry.locator(".text")).to_contain_text("Jeg har 31 dokumenter", timeout=_PATIENCE)
    expect(entry.locator(".text a")).to_have_count(10)
    assert entry.locator(".references, .reference-list, .coverage, .near").count() == 0
    entry.locator(".text a").first.click()
    expect(page.locator("h1")).to_have_text("Forprosjektet på Romerike – kort fortalt")
