"""Before a question: what to begin with, and which documents it is put to."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Route, expect

from tests.browser.test_page import ANSWERED, REFUSAL, OpenPage, ask, box, play, stream_by_hand


def test_an_english_page_begins_with_english_questions_that_are_answered(open_page: OpenPage) -> None:
    page = open_page(locale="en-GB")
    starters = page.locator("#starters button")
    expect(starters.nth(2)).to_be_visible()
    asked = starters.all_inner_texts()
    assert len(set(asked)) >= 3
    assert all(re.match("What|When|Who|Which|How", one) for one in asked)
    for question in asked[:3]:
        answer = page.request.post(page.url + "api/v1/ask", data={"question": question, "language": "en"}).json()
        assert (answer["status"], answer["language"]) == ("answered", "en"), question


def test_the_box_is_there_before_the_questions_and_more_come_while_one_looks(open_page: OpenPage) -> None:
    page = open_page()
    found = ["Hva koster det?", "Når er det?"]
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.url)
        here = [{"text": text, "document_id": "d1"} for text in found[: len(asked) - 1]]
        route.fulfill(json={"questions": here, "complete": len(asked) > 2})

    page.route("**/api/v1/questions*", slowly)
    page.reload()
    expect(box(page)).to_be_enabled()
    starters = page.locator("#starters button")
    expect(starters).to_have_count(1)
    starters.first.focus()
    expect(starters).to_have_text(found)
    expect(starters.first).to_be_focused()  # the others came without taking the keyboard's place
    page.get_by_role("button", name="English").click()
    expect(page.locator("#starters h3")).to_have_text("Try for example")
    assert len(asked) == 4 and "language=en" in asked[-1]


def test_a_service_without_them_has_an_empty_place_and_no_fault(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/api/v1/questions*", lambda route: route.fulfill(status=404, json={"detail": "Nei."}))
    page.reload()
    expect(page.locator("#filters")).to_be_visible()
    expect(page.locator("#starters")).to_be_empty()
    expect(page.locator("#problem")).to_be_empty()


def test_documents_are_chosen_by_chips_and_years_and_let_go_again(open_page: OpenPage) -> None:
    page = open_page()
    summary = page.locator("#filters summary")
    summary.click()
    chip = page.locator("#filters .chip", has_text="reisenotat")
    chip.click()
    expect(chip.locator("input")).to_be_checked()
    expect(summary).to_have_text(re.compile(r"^Søker i \d+ av 31 dokumenter$"))
    page.locator("#year-from").select_option("2024")
    page.locator("#year-to").select_option("2023")
    expect(page.locator("#year-from")).to_have_value("2023")  # the end chosen last holds
    page.locator("#year-to").select_option("2024")
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "Hvem kjøpte anlegget i Hillerød, og når?")
    body = sent.value.post_data_json
    assert body is not None
    assert body["filters"]["kinds"] == ["reisenotat"]
    assert (body["filters"]["date_from"], body["filters"]["date_to"]) == ("2023", "2024")
    expect(page.locator(".entry .row")).to_be_visible()
    listed = page.request.get(page.url + "api/v1/documents").json()["documents"]
    kinds = {one["title"]: one["kind"] for one in listed}
    cited = page.locator(".references .title").all_inner_texts()
    assert cited and {kinds[title] for title in cited} == {"reisenotat"}
    page.get_by_role("button", name="Fjern avgrensingene").click()
    expect(summary).to_have_text("Avgrens søket")
    expect(summary).to_be_focused()


def test_what_the_question_limits_is_a_chip_that_can_be_taken_away(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, f"{ANSWERED} Se i prosjektdokumenter etter 2020.")
    limits = page.locator(".recognised .chip")
    expect(limits.first).to_be_visible()
    many = limits.count()
    with page.expect_request("**/api/v1/ask") as sent:
        limits.first.get_by_role("button").click()
    body = sent.value.post_data_json
    assert body is not None and len(body["ignore"]) == 1
    expect(page.locator(".entry")).to_have_count(2)
    expect(page.locator(".entry .row")).to_have_count(2)
    expect(page.locator(".entry").last.locator(".recognised .chip")).to_have_count(many - 1)


def test_each_stage_is_named_in_the_language_of_the_page(open_page: OpenPage) -> None:
    page = open_page()
    stream_by_hand(page)
    page.reload()
    ask(page, "Hva?")
    status = page.locator("#status")
    expect(status).to_have_text("Sender spørsmålet …")
    said = {
        "search": ("Søker i dokumentene …", "Søkjer i dokumenta …", "Searching the documents …"),
        "answer": ("Leser det som er funnet …", "Les det som er funne …", "Reading what was found …"),
        "write": ("Skriver svaret …", "Skriv svaret …", "Writing the answer …"),
        "verify": ("Sjekker svaret mot kildene …", "Sjekkar svaret mot kjeldene …", "Checking the answer against"),
    }
    for stage, words in said.items():
        page.evaluate("text => window.send(text)", f'event: status\ndata: {{"stage": "{stage}"}}\n\n')
        for language, one in zip(("Bokmål", "Nynorsk", "English"), words, strict=True):
            page.get_by_role("button", name=language).click()
            expect(status).to_contain_text(one)
    page.evaluate("text => window.send(text)", f"event: answer\ndata: {json.dumps(REFUSAL)}\n\n")
    expect(page.locator(".entry .none")).to_have_text("Vet ikke.")
    expect(status).to_be_empty()


def test_what_was_left_out_of_the_answer_is_shown_with_its_reason(open_page: OpenPage) -> None:
    page = open_page()
    play(page, [("answer", REFUSAL | {"dropped": [{"text": "Det koster 9 kroner.", "reason": "Tallet står ikke."}]})])
    ask(page, "Hva?")
    page.locator(".dropped summary").click()
    expect(page.locator(".dropped li q")).to_have_text("Det koster 9 kroner.")
    expect(page.locator(".dropped li .reason")).to_have_text("Tallet står ikke.")
