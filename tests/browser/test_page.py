"""The page in a real browser, over the real application and the sample corpus. What the service cannot be
made to do on purpose (a draft, a stream that breaks, a reply that is no JSON) is played to the page."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from operator import itemgetter

import pypdfium2
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Edited
from tests.chat_server import chat_server
from tests.fakes import Workshop

OpenPage = Callable[..., Page]

ANSWERED = "Hvilke kommuner er med i fellesskapet?"
ANSWERED_FROM_A_PDF = "Hvor mange tiltak og innsatsområder har Veikart for helsenæringen?"
ANSWERED_FROM_A_SLIDE = "Hvem kjøpte anlegget i Hillerød, og når?"
NOT_ANSWERED = "Hvor mange måner har planeten Jupiter?"
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def box(page: Page) -> Locator:
    return page.locator("#question")


def ask(page: Page, question: str) -> None:
    box(page).fill(question)
    page.keyboard.press("Enter")


def origin(page: Page) -> str:
    """The service's address, with a slash at its end, whatever part of the page is open."""
    return page.url.partition("#")[0]


def heard(page: Page) -> str:
    return page.locator("#announcement").inner_text()


def play(page: Page, events: list[tuple[str, object]], tail: str = "") -> None:
    """Answers the next questions with these events and nothing else."""
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events) + tail

    def reply(route: Route) -> None:
        route.fulfill(status=200, headers={"Content-Type": "text/event-stream; charset=utf-8"}, body=body)

    page.route("**/api/v1/ask", reply)


def an_answer(values: dict[str, object]) -> dict[str, object]:
    return {
        "id": "a1", "conversation_id": "c1", "status": "answered", "text": "Ja.", "language": "nb",
        "sentences": [], "citations": [], "dropped": [], "near": [], "coverage": {"searched": 2, "total": 3},
        "model": "none", "generation": "g1", "milliseconds": {},
    } | values  # fmt: skip


REFUSAL = an_answer({"status": "no_answer", "text": "Vet ikke."})


# --- the whole way, with the real service -------------------------------------------------------


@pytest.mark.parametrize("question", [ANSWERED, ANSWERED_FROM_A_SLIDE])
def test_a_question_is_answered_and_each_reference_opens_its_quote_marked(open_page: OpenPage, question: str) -> None:
    page = open_page()
    ask(page, question)
    expect(page.locator(".references li").first).to_be_visible()
    # Without a language model the same question has the same answer.
    answer = page.request.post(origin(page) + "api/v1/ask", data={"question": question}).json()
    assert answer["citations"]
    assert "Svaret er klart" in heard(page)
    for sentence in answer["sentences"]:
        expect(page.locator(".entry .text")).to_contain_text(sentence["text"])
    for citation in answer["citations"]:
        page.locator(".entry .text .reference", has_text=f"[{citation['number']}]").first.click()
        frame = page.frame_locator("#source-frame")
        expect(frame.locator("h1")).to_have_text(citation["title"])
        expect(frame.locator("#mark")).to_be_attached()
        marked = " ".join(frame.locator("mark").all_inner_texts())
        assert "".join(marked.split()) == "".join(citation["quote"].split())
        expect(page.locator("#panel-heading")).to_have_text(f"Kilde {citation['number']} av {len(answer['citations'])}")


def test_the_mark_is_in_view_and_the_page_around_does_not_move(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED)
    link = page.locator(".entry .text .reference").first
    link.click()
    place = page.frame_locator("#source-frame").locator("#mark, img[data-top]").first
    expect(place).to_be_in_viewport()
    expect(link).to_be_in_viewport()


def test_a_pdf_opens_as_its_picture_with_the_quote_in_view(open_page: OpenPage) -> None:
    page = open_page()
    documents = page.request.get(origin(page) + "api/v1/documents").json()["documents"]
    pdf = next(one for one in documents if one["media_type"] == "application/pdf" and one["pages"] > 1)
    text = page.request.get(f"{origin(page)}api/v1/documents/{pdf['id']}").json()["text"]
    start = text.rindex(" ", 0, len(text) * 3 // 4) + 1
    end = text.index(" ", start + 60)
    page.goto(f"{origin(page)}source/{pdf['id']}?start={start}&end={end}")
    picture = page.locator("img[data-top]").first
    expect(picture).to_have_js_property("complete", True)
    wide = picture.evaluate("image => image.naturalWidth")
    box = picture.bounding_box()
    assert box is not None
    assert wide >= 1000
    marked_at = box["y"] + float(picture.get_attribute("data-top") or "nan") * box["height"]
    assert 0 < marked_at < 900
    marked = "".join(page.locator("mark").all_inner_texts())
    assert "".join(marked.split()) == "".join(text[start:end].split())


def corners(picture: Image.Image, box: dict[str, float], more: int = 0) -> tuple[int, int, int, int]:
    """The box in pixels, `more` wider on each side."""
    wide, high = picture.size
    left, top, right, bottom = box["x0"] * wide, box["y0"] * high, box["x1"] * wide, box["y1"] * high
    return int(left) - more, int(top) - more, int(right) + more, int(bottom) + more


def test_a_reference_to_a_pdf_shows_its_very_words_marked_on_the_page(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED_FROM_A_PDF)
    expect(page.locator(".references li").first).to_be_visible()
    answer = page.request.post(origin(page) + "api/v1/ask", data={"question": ANSWERED_FROM_A_PDF}).json()
    citation = next(one for one in answer["citations"] if one["boxes"])
    page.locator(".entry .text .reference", has_text=f"[{citation['number']}]").first.click()
    picture = page.frame_locator("#source-frame").locator("img[data-top]")
    expect(picture).to_be_in_viewport()
    at = origin(page).rstrip("/") + (picture.get_attribute("src") or "")
    marked, plain = (
        Image.open(io.BytesIO(page.request.get(one).body())).convert("RGB") for one in (at, at.split("?")[0])
    )
    changed = ImageChops.difference(marked, plain)
    for box in citation["boxes"]:
        assert changed.crop(corners(changed, box)).getbbox() is not None
        changed.paste((0, 0, 0), corners(changed, box, more=4))
    assert changed.getbbox() is None  # nothing else is marked
    file = page.request.get(f"{origin(page)}api/v1/documents/{citation['document_id']}/file").body()
    assert "".join(text_in(file, citation["boxes"]).split()) == "".join(citation["quote"].split())


def text_in(pdf: bytes, boxes: list[dict[str, float]]) -> str:
    """What pdfium reads inside the boxes."""
    parts = []
    with pypdfium2.PdfDocument(pdf) as document:
        for box in boxes:
            sheet = document[int(box["page"]) - 1]
            wide, high = sheet.get_size()
            bounds = box["x0"] * wide, high * (1 - box["y1"]), box["x1"] * wide, high * (1 - box["y0"])
            parts.append(sheet.get_textpage().get_text_bounded(*bounds))
    return " ".join(parts)


def test_a_reference_opens_the_slide_with_the_words_of_its_quote(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED_FROM_A_SLIDE)
    item = page.locator(".references li", has=page.locator(".facts", has_text="lysbilde")).first
    quote, place = item.locator("blockquote").inner_text(), item.locator(".facts").inner_text()
    number = item.evaluate("item => [...item.parentNode.children].indexOf(item) + 1")
    page.locator(".entry .text .reference", has_text=f"[{number}]").click()
    frame = page.frame_locator("#source-frame")
    expect(frame.locator("#mark")).to_be_in_viewport()
    assert "".join("".join(frame.locator("mark").all_inner_texts()).split()) == "".join(quote.split())
    slide = re.search(r"lysbilde (\d+)$", place)
    assert slide
    expect(frame.locator(".label", has_text=f"Lysbilde {slide[1]}")).to_be_attached()


@pytest.mark.parametrize("media_type", ["application/pdf", "text/html"])
def test_a_search_in_the_document_goes_from_hit_to_hit_and_back_to_the_quote(
    open_page: OpenPage, media_type: str
) -> None:
    page = open_page()
    documents = page.request.get(origin(page) + "api/v1/documents").json()["documents"]
    one = next(one for one in documents if one["media_type"] == media_type)
    text = page.request.get(f"{origin(page)}api/v1/documents/{one['id']}").json()["text"]
    word, many = max(
        ((w, text.lower().count(w.lower())) for w in set(re.findall(r"[A-ZÆØÅ]\w{5,}", text))), key=itemgetter(1)
    )
    assert many >= 2
    page.goto(f"{origin(page)}source/{one['id']}?start=0&end=20")
    field, count = page.get_by_role("searchbox", name="Søk i dokumentet"), page.locator("#count")
    field.fill(word.upper())
    field.press("Enter")
    for keys, number in (("", 1), ("Enter", 2), ("Shift+Enter", 1), ("Shift+Enter", many), ("Enter", 1)):
        if keys:
            page.keyboard.press(keys)
        expect(count).to_have_text(f"{number} av {many}")
        expect(field).to_be_focused()
        page.wait_for_load_state()  # until then Enter is the browser's own
        assert "".join(page.locator("mark.current").all_inner_texts()).lower() == word.lower()
        expect(page.locator("img[data-top], .current").first).to_be_in_viewport()
        if media_type == "application/pdf":
            picture = page.locator("img[data-top]")
            expect(picture).to_have_js_property("complete", True)
            assert picture.evaluate("image => image.naturalWidth") >= 1000
    page.get_by_role("link", name="Neste treff").click()
    expect(count).to_have_text(f"2 av {many}")
    field.fill("finnesikke")
    page.keyboard.press("Enter")
    expect(count).to_have_text("Ingen treff")
    page.get_by_role("link", name="Avslutt søket").click()
    expect(page.locator("mark.hit, #count")).to_have_count(0)
    expect(page.locator("#mark")).to_be_attached()


def test_after_a_search_in_the_panel_the_reference_leads_to_its_quote_again(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED)
    reference = page.locator(".entry .text .reference").first
    reference.click()
    frame = page.frame_locator("#source-frame")
    frame.locator("#find").fill("og")
    frame.locator("#find").press("Enter")
    expect(frame.locator("#count")).to_contain_text("1 av")
    expect(reference).to_be_in_viewport()
    reference.click()
    expect(frame.locator("#count")).to_have_count(0)
    expect(frame.locator("#mark")).to_be_attached()


def test_escape_inside_the_document_closes_it_and_leads_back(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED)
    reference = page.locator(".entry .text .reference").first
    reference.click()
    field = page.frame_locator("#source-frame").locator("#find")
    field.fill("kommune")
    field.press("Enter")
    expect(page.frame_locator("#source-frame").locator("#count")).to_be_attached()
    expect(field).to_be_focused()
    page.frames[1].wait_for_load_state()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_have_count(0)
    expect(reference).to_be_focused()


def test_stepping_through_the_references_keeps_the_keyboard_s_place(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, ANSWERED_FROM_A_SLIDE)
    page.locator(".entry .text .reference").first.click()
    many = page.locator(".references li").count()
    assert many >= 2
    step = page.get_by_role("button", name="Neste kilde")
    for number in range(2, many + 1):
        step.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#panel-heading")).to_have_text(f"Kilde {number} av {many}")
        expect(page.locator(".text .reference[aria-current]")).to_have_text(f"[{number}]")
    expect(step).to_be_disabled()
    expect(page.locator("#panel-heading")).to_be_focused()


@pytest.mark.parametrize("clipboard", [True, False], ids=["https", "plain http"])
def test_the_reference_list_is_copied(open_page: OpenPage, clipboard: bool) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not clipboard:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.reload()
    ask(page, ANSWERED_FROM_A_SLIDE)
    expect(page.locator(".reference-list li").first).to_be_visible()
    lines = page.locator(".reference-list li").all_inner_texts()
    answer = page.request.post(origin(page) + "api/v1/ask", data={"question": ANSWERED_FROM_A_SLIDE}).json()
    assert lines == [line.replace("*", "") for line in answer["references"]]
    titles = page.locator(".reference-list i").all_inner_texts()
    assert sorted(titles) == sorted({citation["title"] for citation in answer["citations"]})
    page.get_by_role("button", name="Kopier referanselisten").click()
    expect(page.locator(".reference-list").get_by_role("status")).to_have_text("Kopiert.")
    box(page).focus()
    page.keyboard.press("Control+V")
    assert [line for line in box(page).input_value().split("\n") if line] == lines


def test_what_cannot_be_copied_is_left_selected_and_said(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false;"
    )
    page.reload()
    hostile = {
        "references": [r"A <b>B</b>. (2024). *T \* <img src=x>* (s. 2). https://a.no/*x*"],
        "sentences": [{"text": "Ja.", "citations": []}],
    }
    play(page, [("answer", an_answer(hostile))])
    ask(page, "Hva?")
    expect(page.locator(".reference-list li")).to_have_text(
        "A <b>B</b>. (2024). T * <img src=x> (s. 2). https://a.no/*x*"
    )
    expect(page.locator(".reference-list i")).to_have_text("T * <img src=x>")
    page.get_by_role("button", name="Kopier referanselisten").click()
    expect(page.locator(".reference-list").get_by_role("status")).to_contain_text("trykk Ctrl + C")
    assert page.evaluate("getSelection().toString()").startswith("A <b>B</b>. (2024).")


def test_what_the_documents_do_not_say_is_refused_in_words(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, NOT_ANSWERED)
    expect(page.locator(".entry .none")).not_to_be_empty()
    said = page.locator(".entry").inner_text()
    assert len(re.findall(r"\d+ av \d+ dokumenter", said)) == 1
    near = page.locator(".entry .none a")
    assert near.count() >= 1
    named = said.partition("Du kan spørre")[0]  # narrower questions may name them again
    for title in near.all_inner_texts():
        assert named.count(title) == 1
    assert page.locator(".entry .text .reference, .entry .reference-list").count() == 0
    title = near.first.inner_text()
    near.first.click()
    expect(page.locator("h1")).to_have_text(title)


def test_an_answer_is_seen_sentence_by_sentence_while_the_service_writes_it(
    workshop: Workshop, edited: Callable[..., AbstractContextManager[Edited]], browser: Browser
) -> None:
    workshop.put("plan.md", "# Plan for brua\n\nBrua over elva koster 7 millioner kroner. Brua åpnes i mai.\n")
    with (
        chat_server() as model,
        edited(ollama=model.address) as service,
        browser.new_context(locale="nb-NO") as context,
    ):
        model.pieces = ["Brua over elva koster 7 millioner kroner [1]. Brua ", "åpnes i mai [1]."]
        model.pause = 60  # or until it is told to go on
        page = context.new_page()
        page.goto(service.address)
        ask(page, "Hva koster brua, og når åpnes den?")
        text = page.locator(".entry .text")
        expect(text).to_have_text("Brua over elva koster 7 millioner kroner. [1]")
        expect(page.locator("#status")).to_contain_text("Skriver svaret")
        expect(page.locator("#stop")).to_be_visible()
        expect(page.locator(".references")).to_have_count(0)
        model.stopped.set()
        expect(page.locator(".references li").first).to_be_visible()
        expect(text).to_contain_text("Brua åpnes i mai.")
        expect(page.locator("#stop")).to_be_hidden()


def test_a_question_that_is_too_long_is_refused_in_words_and_stays_in_the_box(open_page: OpenPage) -> None:
    page = open_page()
    question = "Hva koster det? " * 1300
    ask(page, question)
    expect(page.locator("#problem")).not_to_be_empty()
    expect(box(page)).to_have_value(question)


def test_a_hostile_question_is_shown_as_text(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, HOSTILE)
    expect(page.locator("#announcement")).to_contain_text("Svaret er klart")
    expect(page.locator(".entry h3")).to_contain_text(HOSTILE)
    assert page.locator(".entry img, .entry script").count() == 0
    assert page.title() == "Spør dokumentene"


# --- what the page does by itself ---------------------------------------------------------------


def test_an_empty_question_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Spør", exact=True).click()
    expect(page.locator("#problem")).to_contain_text("Skriv et spørsmål først")
    expect(box(page)).to_be_focused()
    page.keyboard.type("a")
    expect(page.locator("#problem")).to_be_empty()


@pytest.mark.parametrize(
    "locale, heading",
    [("nb-NO", "Hva vil"), ("nn-NO", "Kva vil"), ("en-GB", "What would"), ("fr-FR", "What would")],
)
def test_the_first_language_is_the_browser_s(open_page: OpenPage, locale: str, heading: str) -> None:
    expect(open_page(locale=locale).locator(".heading")).to_contain_text(heading)


def test_a_chosen_language_is_sent_and_kept_and_changes_all_that_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    sent: list[object] = []

    def keep(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data_json)

    page.on("request", keep)
    play(page, [("answer", an_answer({"dropped": [{"text": "Nei.", "reason": "Står ikke."}]}))])
    ask(page, "Første?")
    expect(page.locator(".dropped summary")).to_have_text("Én setning ble tatt ut av svaret")
    page.get_by_role("button", name="Nynorsk").click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    expect(page.locator(".dropped summary")).to_have_text("Éi setning vart teken ut av svaret")
    ask(page, "Andre?")
    expect(page.locator(".entry")).to_have_count(2)
    expect(page.locator("#stop")).to_be_hidden()
    assert sent == [
        {"question": "Første?"},
        {
            "question": "Andre?",
            "language": "nn",
            "conversation_id": "c1",
            "history": [{"question": "Første?", "understood_as": None, "text": "Ja.", "documents": []}],
        },
    ]
    page.reload()
    expect(page.locator(".heading")).to_have_text("Kva vil du vite?")


def stream_by_hand(page: Page) -> None:
    """From the next load on, `send` and `end` in the page are what the service streams of an answer."""
    page.add_init_script(
        """
        const real = window.fetch;
        window.fetch = (address, options) => {
          if (!String(address).endsWith("/ask")) return real(address, options);
          const body = new ReadableStream({ start(controller) {
            window.send = (text) => controller.enqueue(new TextEncoder().encode(text));
            window.end = () => controller.close();
          }});
          return Promise.resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
        };
        """
    )


def test_a_draft_is_not_shown_before_it_is_checked(open_page: OpenPage) -> None:
    page = open_page()
    stream_by_hand(page)
    page.reload()
    ask(page, "Hva?")
    send = "text => window.send(text)"
    page.evaluate(send, 'event: status\ndata: {"stage": "search"}\n\n: still here\n\nevent: tok')
    expect(page.locator("#status")).to_have_text("Søker i dokumentene …")
    page.evaluate(send, 'en\r\ndata: {"text":\r\ndata: "Omtrent <b>ti"}\r\n\r\n')
    expect(page.locator(".drafting")).to_contain_text("Språkmodellen skriver")
    expect(page.locator("#entries")).not_to_contain_text("Omtrent")
    page.evaluate(send, 'event: sentence\ndata: {"text": "Sju <b>kommuner.", "citations": [1]}\n\n')
    expect(page.locator(".entry .text")).to_have_text("Sju <b>kommuner. [1]")
    page.evaluate(send, 'event: status\ndata: {"stage": "verify"}\n\n')
    expect(page.locator("#status")).to_have_text("Sjekker svaret mot kildene …")
    assert heard(page) == "Sju <b>kommuner."
    page.evaluate(send, f"event: answer\ndata: {json.dumps(REFUSAL)}\n\n")
    expect(page.locator(".drafting")).to_have_count(0)
    expect(page.locator(".entry .none")).to_have_text("Vet ikke.")
    assert heard(page).split("\n")[-1] == "Svaret er klart."


def test_stop_leaves_the_question_in_the_box(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/api/v1/ask", lambda route: None)
    ask(page, "Hva?")
    page.get_by_role("button", name="Stans").click()
    expect(page.locator("#problem")).to_contain_text("Stanset.")
    expect(box(page)).to_have_value("Hva?")
    expect(page.get_by_role("button", name="Spør", exact=True)).to_be_enabled()


def _gone(page: Page) -> None:
    page.route("**/api/v1/ask", lambda route: route.abort("connectionrefused"))


def _cut(page: Page) -> None:
    play(page, [("status", {"stage": "answer"}), ("token", {"text": "Halvt sva"})])


def _garbled(page: Page) -> None:
    play(page, [], tail="event: answer\ndata: {\n\n")


def _not_an_answer(page: Page) -> None:
    play(page, [("answer", {"text": "Ja."})])


def _not_a_stream(page: Page) -> None:
    page.route("**/api/v1/ask", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Hei"))


def _bad_gateway(page: Page) -> None:
    page.route("**/api/v1/ask", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>502"))


def _problem(page: Page) -> None:
    body = json.dumps(
        {
            "type": "about:blank",
            "title": "Unavailable",
            "status": 503,
            "detail": "Ingen indeks <b>.",
            "code": "x",
        }
    )
    page.route(
        "**/api/v1/ask",
        lambda route: route.fulfill(status=503, content_type="application/problem+json", body=body),
    )


def _problem_midway(page: Page) -> None:
    play(
        page,
        [
            ("token", {"text": "Halvt"}),
            ("error", {"title": "x", "status": 502, "detail": "Modellen svarer ikke."}),
        ],
    )


@pytest.mark.parametrize(
    "fault, words",
    [
        (_gone, "Får ikke kontakt med tjenesten."),
        (_cut, "Forbindelsen ble brutt før svaret var ferdig"),
        (_garbled, "kunne ikke leses"),
        (_not_an_answer, "kunne ikke leses"),
        (_not_a_stream, "kunne ikke leses"),
        (_bad_gateway, "Tjenesten kunne ikke svare (feil 502)"),
        (_problem, "Ingen indeks <b>."),
        (_problem_midway, "Modellen svarer ikke."),
    ],
)
def test_a_fault_is_said_in_words_and_the_next_question_works(
    open_page: OpenPage, fault: Callable[[Page], None], words: str
) -> None:
    page = open_page()
    fault(page)
    ask(page, "Hva er dette?")
    expect(page.locator("#problem")).to_contain_text(words)
    expect(box(page)).to_have_value("Hva er dette?")
    expect(page.locator(".entry")).to_have_count(0)
    play(page, [("answer", REFUSAL)])
    page.keyboard.press("Enter")
    expect(page.locator(".entry .none")).to_have_text("Vet ikke.")
    expect(page.locator("#problem")).to_be_empty()


def test_what_the_service_sends_is_shown_as_text_and_leads_nowhere_else(open_page: OpenPage) -> None:
    page = open_page()
    citation = {
        "number": 1, "document_id": HOSTILE, "title": HOSTILE, "date": HOSTILE, "page": 3,
        "heading_path": [HOSTILE], "quote": HOSTILE, "start": 0, "end": 1, "boxes": [],
        "url": "javascript:document.title=3",
    }  # fmt: skip
    hostile = {
        "sentences": [{"text": HOSTILE, "citations": [1, 7]}],
        "citations": [citation],
        "near": [{"document_id": HOSTILE, "title": HOSTILE}],
        "dropped": [{"text": HOSTILE, "reason": HOSTILE}],
    }
    play(page, [("answer", an_answer(hostile))])
    ask(page, "Hva?")
    expect(page.locator(".text")).to_contain_text(HOSTILE)
    assert page.locator(".entry img, .entry script").count() == 0
    hrefs = page.locator(".entry a").evaluate_all("links => links.map(link => link.href)")
    assert hrefs and all(re.match(r"http://127\.0\.0\.1:\d+/source/%3Cimg", href) for href in hrefs)
    assert page.locator(".text .reference").all_inner_texts() == ["[1]"]
    assert page.title() == "Spør dokumentene"


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_scrolls_sideways_on_a_narrow_screen(open_page: OpenPage, dark: bool) -> None:
    page = open_page(width=320, height=640, dark=dark)
    ask(page, ANSWERED)
    reference = page.locator(".entry .text .reference").first
    reference.click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_attached()
    expect(page.locator(".chat")).to_be_hidden()  # under the source
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = "() => [document.documentElement.scrollWidth, innerWidth]"
    inner, room = page.frames[1].evaluate(sizes)
    assert inner <= room


def test_the_keyboard_is_enough(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    reference = page.locator(".entry .text .reference").first
    expect(reference).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if reference.evaluate("link => link === link.getRootNode().activeElement"):
            break
    assert re.match(r"Kilde 1: ", reference.get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_have_count(0)
    expect(reference).to_be_focused()
