"""The page in a real browser, over the real application and the sample corpus. What the service cannot be
made to do on purpose (a draft, a stream that breaks, a reply that is no JSON) is played to the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

OpenPage = Callable[..., Page]

ANSWERED = "Hvilke kommuner er med i fellesskapet?"
ANSWERED_FROM_A_SLIDE = "Hvem kjøpte anlegget i Hillerød, og når?"
NOT_ANSWERED = "Hvor mange måner har planeten Jupiter?"
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox").fill(question)
    page.keyboard.press("Enter")


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
def test_a_question_is_answered_and_each_reference_opens_its_quote_marked(
    open_page: OpenPage, question: str
) -> None:
    page = open_page()
    ask(page, question)
    expect(page.locator(".references li").first).to_be_visible()
    # Without a language model the same question has the same answer.
    answer = page.request.post(page.url + "api/v1/ask", data={"question": question}).json()
    assert answer["citations"]
    assert heard(page).startswith("Svaret er klart.")
    for sentence in answer["sentences"]:
        expect(page.locator(".entry .text")).to_contain_text(sentence["text"])
    for citation in answer["citations"]:
        page.locator(".entry .text .reference", has_text=f"[{citation['number']}]").first.click()
        frame = page.frame_locator("#source-frame")
        expect(frame.locator("h1")).to_have_text(citation["title"])
        expect(frame.locator("#mark")).to_be_attached()
        marked = " ".join(frame.locator("mark").all_inner_texts())
        assert "".join(marked.split()) == "".join(citation["quote"].split())
        expect(page.locator("#panel-heading")).to_have_text(
            f"Kilde {citation['number']} av {len(answer['citations'])}"
        )


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
    documents = page.request.get(page.url + "api/v1/documents").json()["documents"]
    pdf = next(one for one in documents if one["media_type"] == "application/pdf" and one["pages"] > 1)
    text = page.request.get(f"{page.url}api/v1/documents/{pdf['id']}").json()["text"]
    start = text.rindex(" ", 0, len(text) * 3 // 4) + 1
    end = text.index(" ", start + 60)
    page.goto(f"{page.url}source/{pdf['id']}?start={start}&end={end}")
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


def test_what_the_documents_do_not_say_is_refused_in_words(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, NOT_ANSWERED)
    expect(page.locator(".entry .none")).not_to_be_empty()
    expect(page.locator(".entry .coverage")).to_have_text(re.compile(r"\d+ av \d+ dokumenter gjennomsøkt"))
    assert page.locator(".entry .text .reference").count() == 0


def test_the_documents_are_counted_listed_and_can_be_opened(open_page: OpenPage) -> None:
    page = open_page()
    summary = page.locator("#library-summary")
    expect(summary).to_have_text(re.compile(r"\d+ dokumenter å spørre i"))
    summary.click()
    links = page.locator("#library-list a")
    assert summary.inner_text().startswith(f"{links.count()} ")
    title = links.first.inner_text()
    links.first.click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_question_that_is_too_long_is_refused_in_words_and_stays_in_the_box(open_page: OpenPage) -> None:
    page = open_page()
    question = "Hva koster det? " * 1300
    ask(page, question)
    expect(page.locator("#problem")).not_to_be_empty()
    expect(page.get_by_role("textbox")).to_have_value(question)


def test_a_hostile_question_is_shown_as_text(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, HOSTILE)
    expect(page.locator("#announcement")).not_to_be_empty()
    expect(page.locator(".entry h3")).to_contain_text(HOSTILE)
    assert page.locator(".entry img, .entry script").count() == 0
    assert page.title() == "Spør dokumentene"


# --- what the page does by itself ---------------------------------------------------------------


def test_an_empty_question_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Spør", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv et spørsmål først")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("a")
    expect(page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize(
    "locale, heading",
    [("nb-NO", "Hva vil"), ("nn-NO", "Kva vil"), ("en-GB", "What would"), ("fr-FR", "What would")],
)
def test_the_first_language_is_the_browser_s(open_page: OpenPage, locale: str, heading: str) -> None:
    expect(open_page(locale=locale).locator("h1")).to_contain_text(heading)


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
        {"question": "Andre?", "language": "nn", "conversation_id": "c1"},
    ]
    page.reload()
    expect(page.locator("h1")).to_have_text("Kva vil du vite?")


def test_a_draft_is_shown_as_one_until_it_is_checked(open_page: OpenPage) -> None:
    page = open_page()
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
    page.reload()
    ask(page, "Hva?")
    send = "text => window.send(text)"
    page.evaluate(send, 'event: status\ndata: {"stage": "search"}\n\n: still here\n\nevent: tok')
    expect(page.get_by_role("status")).to_have_text("Søker i dokumentene …")
    page.evaluate(send, 'en\r\ndata: {"text":\r\ndata: "Omtrent <b>ti"}\r\n\r\n')
    expect(page.locator(".draft")).to_have_text("Utkast: ikke kontrollert ennåOmtrent <b>ti")
    page.evaluate(send, 'event: status\ndata: {"stage": "verify"}\n\n')
    expect(page.get_by_role("status")).to_have_text("Sjekker svaret mot kildene …")
    assert heard(page) == ""
    page.evaluate(send, f"event: answer\ndata: {json.dumps(REFUSAL)}\n\n")
    expect(page.locator(".draft")).to_have_count(0)
    expect(page.locator(".entry .none")).to_have_text("Vet ikke.")
    assert heard(page) == "Svaret er klart. Vet ikke."


def test_stop_leaves_the_question_in_the_box(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/api/v1/ask", lambda route: None)
    ask(page, "Hva?")
    page.get_by_role("button", name="Stans").click()
    expect(page.get_by_role("alert")).to_contain_text("Stanset.")
    expect(page.get_by_role("textbox")).to_have_value("Hva?")
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
    page.route(
        "**/api/v1/ask", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Hei")
    )


def _bad_gateway(page: Page) -> None:
    page.route(
        "**/api/v1/ask", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>502")
    )


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
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("textbox")).to_have_value("Hva er dette?")
    expect(page.locator(".entry")).to_have_count(0)
    play(page, [("answer", REFUSAL)])
    page.keyboard.press("Enter")
    expect(page.locator(".entry .none")).to_have_text("Vet ikke.")
    expect(page.get_by_role("alert")).to_be_empty()


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
    page.locator("#library-summary").click()
    ask(page, ANSWERED)
    reference = page.locator(".entry .text .reference").first
    reference.click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_attached()
    assert page.locator(".entry #panel").count() == 1  # under the answer
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
        page.keyboard.press("Tab")
        if reference.evaluate("link => link === document.activeElement"):
            break
    assert re.match(r"Kilde 1: ", reference.get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_have_count(0)
    expect(reference).to_be_focused()
