"""The page at `/` beside the questions: documents, overviews, uploads; and what an answer can be used for."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests.browser.test_accessible import faults
from tests.browser.test_page import (
    ANSWERED,
    HOSTILE,
    REFUSAL,
    OpenPage,
    an_answer,
    ask,
    heard,
    origin,
    play,
)

CITATION = {
    "number": 1, "document_id": "d1", "title": "En plan", "date": "2024", "page": 3, "heading_path": [],
    "quote": "Sju.", "start": 0, "end": 4, "boxes": [], "url": "/source/d1?start=0&end=4",
}  # fmt: skip
CITED = an_answer(
    {
        "sentences": [{"text": "Sju.", "citations": [1]}],
        "citations": [CITATION],
        "references": ["Klyngen. (2024). *En plan* (s. 3)."],
    }
)


def reply(page: Page, pattern: str, body: object, status: int = 200) -> list[Request]:
    """Answers requests with this, and gives what will have been asked."""
    seen: list[Request] = []

    def given(route: Route) -> None:
        seen.append(route.request)
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    page.route(pattern, given)
    return seen


# --- what an answer is used for -----------------------------------------------------------------


def test_it_begins_with_questions_that_are_answered(open_page: OpenPage) -> None:
    page = open_page()
    starter = page.locator("#starters button").first
    expect(starter).to_be_visible()
    question = starter.inner_text()
    starter.click()
    expect(page.locator(".entry h3")).to_contain_text(question)
    expect(page.locator(".entry .references li").first).to_be_visible()


def test_a_source_is_unticked_and_the_question_asked_again(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED)
    first = page.locator(".entry").first
    expect(first.locator(".references li").first).to_be_visible()
    titles = set(first.locator(".references .title").all_inner_texts())
    first.locator(".leaving-out summary").click()
    box = first.locator(".leaving-out input").first
    left = first.locator(".leaving-out label").first.inner_text().strip()
    again = page.get_by_role("button", name="Spør igjen uten dem")
    expect(again).to_be_disabled()
    box.uncheck()
    again.click()
    newest = page.locator(".entry").last
    expect(page.locator(".entry")).to_have_count(2)
    expect(newest.locator(".row")).to_be_visible()
    assert left in titles
    assert left not in newest.locator(".references .title").all_inner_texts()


def test_the_answer_is_copied_with_its_reference_list(open_page: OpenPage) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    play(page, [("answer", CITED)])
    ask(page, "Hvor mange?")
    page.get_by_role("button", name="Kopier svaret").click()
    expect(page.locator(".row").get_by_role("status").first).to_have_text("Kopiert.")
    copied = page.evaluate("navigator.clipboard.readText()")
    lines = [" ".join(line.split()) for line in copied.split("\n") if line.strip()]
    assert lines == ["Sju. [1]", "[1] En plan, side 3", "Referanseliste", "Klyngen. (2024). En plan (s. 3)."]


def test_what_documents_in_another_language_say_is_said_in_theirs(open_page: OpenPage) -> None:
    page = open_page()
    quoted = {"title": "A plan", "quote": "Seven towns.", "heading_path": ["Towns"], "language": "en"}
    foreign = {
        "sentences": [{"text": "I «A plan» står det: «Seven towns.»", "citations": [1]}],
        "citations": [CITATION | quoted],
        "near": [{"document_id": "d2", "title": "Ein plan", "language": "nn"}],
        "references": ["Klyngen. (2024). *A plan* (s. 3)."],
    }
    play(page, [("answer", CITED | foreign)])
    ask(page, "Hvor mange?")
    entry = page.locator(".entry")
    expect(entry.locator(".near [lang=nn]")).to_have_text("Ein plan")
    assert entry.locator(".text [lang=en]").all_inner_texts() == ["A plan", "Seven towns."]
    assert entry.locator(".references [lang=en]").all_inner_texts() == ["A plan", "Towns", "Seven towns."]
    assert entry.locator(".apa [lang=en], .leaving-out [lang=en]").all_text_contents() == ["A plan", "A plan"]
    assert entry.locator(".text").get_attribute("lang") == "nb"


def test_a_thumb_and_a_comment_are_sent(open_page: OpenPage) -> None:
    page = open_page()
    seen = reply(page, "**/api/v1/feedback", {})
    play(page, [("answer", CITED)])
    ask(page, "Hvor mange?")
    page.get_by_role("button", name="Ikke nyttig").click()
    expect(page.locator(".feedback").get_by_role("status")).to_have_text("Takk for tilbakemeldingen.")
    expect(page.get_by_role("button", name="Ikke nyttig")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Vil du si hvorfor?").fill(HOSTILE)
    page.locator(".comment button").click()
    expect(page.locator(".feedback").get_by_role("status")).to_have_text("Kommentaren er sendt.")
    assert [one.post_data_json for one in seen] == [
        {"answer_id": "a1", "rating": -1},
        {"answer_id": "a1", "rating": -1, "comment": HOSTILE},
    ]


def test_a_service_that_takes_no_feedback_loses_its_thumbs(open_page: OpenPage) -> None:
    page = open_page()
    reply(page, "**/api/v1/feedback", {"detail": "Nei."}, 404)
    play(page, [("answer", CITED)])
    ask(page, "Hvor mange?")
    page.get_by_role("button", name="Nyttig", exact=True).click()
    expect(page.locator(".feedback")).to_have_text("Tjenesten tar ikke imot tilbakemeldinger.")
    ask(page, "Og nå?")
    expect(page.locator(".entry")).to_have_count(2)
    expect(page.locator(".entry").last.locator(".row")).to_be_visible()
    expect(page.locator(".entry").last.locator(".feedback")).to_have_count(0)


def test_conflicts_and_further_questions_are_shown(open_page: OpenPage) -> None:
    page = open_page()
    reply(page, "**/api/v1/questions*", {"questions": [{"text": "Hva koster det?", "document_id": "d1"}]})
    conflict = {"text": "Dokumentene oppgir ikke det samme.", "citations": [1]}
    play(page, [("answer", CITED | {"sentences": [{"text": "Sju.", "citations": [1]}, conflict]})])
    ask(page, "Hvor mange?")
    expect(page.locator(".conflict")).to_contain_text("Dokumentene oppgir ikke det samme.")
    play(page, [("answer", REFUSAL)])
    page.get_by_role("button", name="Hva koster det?").click()
    expect(page.locator(".entry").last.locator("h3")).to_contain_text("Hva koster det?")
    expect(page.locator(".entry").last.locator(".none")).to_have_text("Vet ikke.")


def test_a_conversation_of_this_browser_is_opened_taken_along_and_deleted(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED)
    expect(page.locator(".entry .references li").first).to_be_visible()
    text = page.locator(".entry .text").inner_text()
    page.reload()
    page.get_by_role("button", name="Tidligere samtaler").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Last ned samtalen «{ANSWERED}»").click()
    assert download.value.suggested_filename.endswith(".md")
    assert ANSWERED in download.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name=ANSWERED, exact=True).click()
    expect(page.locator(".entry .text")).to_have_text(text)
    page.get_by_role("button", name="Tidligere samtaler").click()
    id = page.locator(".conversations li").get_attribute("data-id")
    assert id in kept_by_the_service(page)
    page.get_by_role("button", name=f"Slett samtalen «{ANSWERED}»").click()
    expect(page.locator("#earlier")).to_contain_text("Ingen samtaler i denne nettleseren ennå.")
    assert id not in kept_by_the_service(page)


def kept_by_the_service(page: Page) -> list[str]:
    listed = page.request.get(f"{origin(page)}api/v1/conversations").json()["conversations"]
    return [one["id"] for one in listed]


def test_a_conversation_that_the_service_forgot_leaves_the_list(open_page: OpenPage) -> None:
    page = open_page()
    play(page, [("answer", REFUSAL)])
    ask(page, "Hva?")
    expect(page.locator(".entry .none")).to_be_visible()
    page.get_by_role("button", name="Tidligere samtaler").click()
    page.get_by_role("button", name="Hva?", exact=True).click()
    expect(page.locator("#earlier").get_by_role("alert")).to_contain_text("har ikke samtalen lenger")
    expect(page.locator(".conversations li")).to_have_count(0)


def test_what_streams_is_told_as_it_comes(open_page: OpenPage) -> None:
    page = open_page()
    events = [("sentence", {"text": "Sju.", "citations": [1]}), ("sentence", {"text": "Åtte.", "citations": [1]})]
    play(page, [*events, ("answer", CITED)])
    ask(page, "Hvor mange?")
    expect(page.locator("#announcement p")).to_have_count(3)
    assert [line for line in heard(page).split("\n") if line] == ["Sju.", "Åtte.", "Svaret er klart, med én kilde."]
    assert page.locator("#announcement").get_attribute("aria-live") == "polite"


# --- the documents ------------------------------------------------------------------------------


def open_documents(page: Page) -> None:
    page.get_by_role("link", name="Dokumenter").click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()


def test_the_documents_are_found_filtered_sorted_and_opened(open_page: OpenPage) -> None:
    page = open_page()
    open_documents(page)
    rows = page.locator("#documents tbody tr")
    total = rows.count()
    expect(page.locator("#document-count")).to_have_text(f"{total} dokumenter")
    assert all(re.search(r"\d\d\.\d\d\.\d{4}", one) for one in page.locator("td.ingested").all_inner_texts())
    page.get_by_label("Sorter etter").select_option("title")
    titles = page.locator("#documents th[scope=row] a").all_inner_texts()
    assert len(titles) == total
    page.get_by_label("Type").select_option("reisenotat")
    expect(page.locator("#document-count")).to_have_text(re.compile(rf"^\d+ av {total} dokumenter$"))
    assert {"reisenotat"} == set(page.locator("#documents td.kind").all_inner_texts())
    page.get_by_label("Søk i titler").fill("LEO pharma")
    expect(rows).to_have_count(1)
    title = rows.locator("a").inner_text()
    page.get_by_label("Søk i titler").fill("finnes ikke")
    expect(page.locator("#documents .notice")).to_contain_text("Ingen dokumenter passer.")
    page.get_by_label("Søk i titler").fill("LEO pharma")
    rows.locator("a").click()
    expect(page.locator("h1")).to_have_text(title)


def test_one_may_ask_about_a_document_from_the_list(open_page: OpenPage) -> None:
    page = open_page()
    open_documents(page)
    play(page, [("answer", REFUSAL)])
    with page.expect_request("**/api/v1/ask") as sent:
        page.locator("#documents tbody button").first.click()
    body = sent.value.post_data_json
    assert body is not None and len(body["filters"]["documents"]) == 1
    expect(page.locator(".entry .none")).to_be_visible()


def test_who_may_not_edit_sees_nothing_of_it(open_page: OpenPage) -> None:
    page = open_page()
    reply(page, "**/api/v1/ingest", {"detail": "Nei."}, 403)
    open_documents(page)
    expect(page.locator("#editing")).to_be_hidden()


def test_an_editor_uploads_and_sees_what_could_not_be_read(open_page: OpenPage) -> None:
    page = open_page()
    state = {"status": "done", "again": False, "result": {"failed": [{"path": "a/b.pdf", "error": HOSTILE}]}}
    reply(page, "**/api/v1/ingest", state)
    sent: list[str] = []

    def take(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        body = route.request.post_data_buffer or b""
        sent.append(body.decode("utf-8", "replace"))
        good = b'filename="good.md"' in body
        route.fulfill(
            status=201 if good else 415, content_type="application/json", body=json.dumps({"detail": "Kan ikke leses."})
        )

    page.route("**/api/v1/documents", take)
    open_documents(page)
    expect(page.locator(".failed li")).to_have_text(f"a/b.pdf {HOSTILE}")
    page.get_by_role("button", name="Last opp").click()
    expect(page.locator("#editing").get_by_role("status")).to_have_text("Velg minst én fil først.")
    page.get_by_label("Velg filer").set_input_files(
        [
            FilePayload(name="good.md", mimeType="text/markdown", buffer=b"# Ja"),
            FilePayload(name="bad.exe", mimeType="application/x-msdownload", buffer=b"MZ"),
        ]
    )
    page.get_by_role("button", name="Last opp").click()
    expect(page.locator("#editing").get_by_role("status")).to_have_text("Innlesingen er ferdig.")
    assert len(sent) == 2 and all('name="file"' in one for one in sent)


# --- overviews ----------------------------------------------------------------------------------


def test_an_overview_becomes_a_table_and_a_file(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("link", name="Oversikter").click()
    page.get_by_label("Hva skal finnes i dokumentene?").fill("Hvem kjøpte anlegget i Hillerød?")
    page.get_by_role("button", name="Lag oversikt").click()
    expect(page.locator("#overview-status")).to_contain_text("av 31 dokumenter", timeout=120_000)
    expect(page.get_by_role("button", name="Last ned som CSV")).to_be_visible(timeout=120_000)
    assert page.locator("#overviews tbody tr").count() >= 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Last ned som CSV").click()
    assert "Hillerød" in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name=re.compile("^Slett oversikten")).first.click()
    expect(page.locator("#overviews tbody tr")).to_have_count(0)


@pytest.mark.parametrize("fault", ["network", "problem"])
def test_an_overview_that_fails_says_why(open_page: OpenPage, fault: str) -> None:
    page = open_page()

    def fail(route: Route) -> None:
        if fault == "network":
            route.abort("connectionrefused")
        else:
            route.fulfill(status=503, content_type="application/problem+json", body='{"detail": "Ingen indeks."}')

    page.get_by_role("link", name="Oversikter").click()
    page.route("**/api/v1/overview", fail)
    page.get_by_label("Hva skal finnes i dokumentene?").fill("Hva?")
    page.get_by_role("button", name="Lag oversikt").click()
    words = "Får ikke kontakt" if fault == "network" else "Ingen indeks."
    expect(page.locator("#overviews").get_by_role("alert")).to_contain_text(words)


def test_a_service_that_is_gone_is_tried_until_it_is_back(open_page: OpenPage) -> None:
    page = open_page()
    contact = page.locator("main > .contact")
    page.route("**/*", lambda route: route.abort("connectionrefused"))
    page.get_by_role("link", name="Dokumenter").click()
    expect(contact).to_contain_text("Prøver igjen")
    expect(page.locator("#documents").get_by_role("alert")).to_contain_text("Får ikke kontakt")
    page.get_by_role("button", name="Nynorsk").click()
    expect(contact).to_contain_text("Ingen kontakt med tenesta.")
    page.get_by_role("link", name="Spør", exact=True).click()
    expect(contact).to_be_hidden()  # the component has a line of its own
    page.get_by_role("link", name="Dokument").click()
    page.unroute("**/*")
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    expect(contact).to_be_empty()


# --- a key --------------------------------------------------------------------------------------


def test_a_key_is_sent_once_and_a_wrong_one_is_told(open_page: OpenPage) -> None:
    page = open_page()
    reply(page, "**/api/v1/session", {"may": ["read"], "groups": None, "keyed": False})
    page.reload()
    page.locator("#session summary").click()
    seen = reply(page, "**/api/v1/session", {"detail": "Nøkkelen er ukjent."}, 401)
    page.get_by_label("Nøkkelen din").fill("hemmelig")
    page.get_by_role("button", name="Logg inn").click()
    expect(page.locator("#session").get_by_role("alert")).to_have_text("Nøkkelen er ukjent.")
    assert seen[0].headers["authorization"] == "Bearer hemmelig"
