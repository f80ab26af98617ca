"""Whatever stands in documents, names, titles, questions and comments is text: nothing of it runs, anywhere, even where
no policy would keep it from running."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import escape
from urllib.parse import quote, urlsplit

import pytest
from docx import Document as NewWord
from playwright.sync_api import Browser, FilePayload, Request, expect

from tests.browser.conftest import Edited
from tests.browser.test_page import ask
from tests.browser.test_widget_page import hosted
from tests.fakes import Workshop
from tests.payloads import TRAP, payloads
from tests.serving import free_port

ALL = payloads()
COMMENT = ALL[50]
UPLOADED = "';alert(1);' &lt;img src=x onerror=alert(2)&gt; ${alert(3)}.txt"
REFUSED = "<img src=x onerror=alert(4)>.txt"

JOB = 120_000
"""Milliseconds that a run of the job may take: it steps back for everything else on the machine."""


def said(number: int) -> str:
    return f"Punkt {number + 1} i referatet er {ALL[number]} slik det ble sendt inn."


def file_name(payload: str) -> str:
    """As far as a file system takes it: a slash parts folders, and none is without a name."""
    return "/".join(part for part in payload.split("/") if part) + " "


def questions() -> list[str]:
    """All of them in as few questions as the service takes."""
    found, held = [], ""
    for one in ALL:
        if len(held) + len(one) > 1900:
            found.append(held)
            held = ""
        held += f"{one} "
    return [f"Hva er {one}i referatet?" for one in [*found, held]]


QUESTIONS = questions()


def word(lines: list[str]) -> bytes:
    made, file = NewWord(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(file)
    return file.getvalue()


def fill(place: Workshop) -> dict[str, list[str]]:
    """Documents that hold all of them as text, and those that hold them raw, where the readers decide what is text.
    Returns which are to be shown by which."""
    parts = [range(start, len(ALL), 4) for start in range(4)]
    text, marked, pages, office = ([said(number) for number in part] for part in parts)
    place.put("referat.txt", "\n\n".join(text))
    place.put("referat.md", "# Referat\n\n" + "\n\n".join(f"```\n{one}\n```" for one in marked))
    body = "".join(f"<p>{escape(one)}</p>" for one in pages)
    place.put("side.html", f'<!doctype html><html lang="nb"><head><title>Side</title></head><body>{body}</body></html>')
    place.put("notat.docx", word(office))
    place.put("rå.md", "# Rå\n\nRådata fra skjemaet.\n\n" + "\n\n".join(ALL))
    place.put("rå.html", "<!doctype html><title>Rå side</title><p>Rådata fra siden.</p>" + "\n".join(ALL))
    for number, title in enumerate(ALL):
        facts = {"title": title, "publisher": ALL[-1 - number], "kind": ALL[number - 100], "url": "javascript:alert(1)"}
        front = "".join(f"{name}: {json.dumps(value)}\n" for name, value in facts.items())
        body = f"# {title}\n\n## {ALL[number]}\n\nSkjema nummer {number} ble levert i 2023.\n"
        place.put(f"{file_name(title)}.md", f"---\n{front}---\n{body}")
        place.put(f"{file_name(title)}.docx", b"not a Word file")
    shown = {"referat.txt": parts[0], "referat.md": parts[1], "side.html": parts[2], "notat.docx": parts[3]}
    return {path: [ALL[number] for number in part] for path, part in shown.items()}


class Watch:
    """What ran, or reached for something, in any frame of a page without a policy; and dialogs that opened."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_context(
            bypass_csp=True, locale="nb-NO", viewport={"width": 1300, "height": 900}
        ).new_page()
        self.found: list[str] = []
        self.page.add_init_script(TRAP)
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: self.found.append(f"dialog: {dialog.message}"))
        self.page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        self.page.context.on("page", lambda page: self.found.append(f"opened: {page.url}"))

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.path.startswith("/ran/") or parts.hostname == "ran.invalid" or parts.scheme in ("data", "javascript"):
            self.found.append(f"asked: {request.url}")

    def look(self) -> None:
        """To be called before a page is left."""
        for frame in self.page.frames:
            self.found.extend(f"ran in {frame.url}: {one}" for one in frame.evaluate("window.__ran || []"))
        assert self.found == []


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    made = Watch(browser)
    yield made
    made.page.context.close()


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_they_would_run_were_they_taken_for_a_part_of_the_page(watch: Watch) -> None:
    """Without this, a test that finds that nothing runs would say nothing."""
    assert len(ALL) == len(set(ALL)) >= 200
    watch.page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<main></main>"))
    watch.page.goto("http://page.invalid/")
    watch.page.evaluate(
        """(all) => {
          for (const one of all) {
            const frame = document.createElement("iframe");
            frame.srcdoc = one;
            document.body.append(frame);
          }
        }""",
        ALL[:90],
    )
    watch.page.wait_for_function(
        """() => {
          const ran = (one) => { try { return one.__ran.length > 0; } catch { return false; } };
          return Array.from({ length }, (_, at) => frames[at]).filter(ran).length >= 30;
        }"""
    )
    assert len({one for one in watch.found if one.startswith("asked: ")}) >= 5
    watch.found.clear()


def test_nothing_of_what_is_written_runs(
    workshop: Workshop, edited: Callable[..., AbstractContextManager[Edited]], watch: Watch
) -> None:
    shown = fill(workshop)
    page, port = watch.page, free_port()
    with edited(f"http://127.0.0.1:{port}") as service:
        service.sign_in(page)
        listed = page.request.get(f"{service.address}/api/v1/documents").json()["documents"]
        ids = {one["path"]: one["id"] for one in listed}
        counted = read_documents(watch, service, ids, shown)
        assert counted == len(ALL) >= 200
        list_documents(watch, service)
        ask_questions(watch, service)
        with hosted(f'<script src="{service.address}/widget.js"></script>', "", css="", port=port) as here:
            ask_on_another_site(watch, here)
        watch.look()


def read_documents(watch: Watch, service: Edited, ids: dict[str, str], shown: dict[str, list[str]]) -> int:
    """How many are shown as they were written."""
    page, count = watch.page, 0
    for path, held in shown.items():
        sought = quote(held[3])
        page.goto(f"{service.address}/source/{ids[path]}?quote={sought}&find={sought}&language=nb")
        text = squeezed(page.locator("article").inner_text())
        missing = [one for one in held if one not in text]
        assert missing == []
        assert page.locator("#find").input_value() == held[3]
        count += len(held)
        watch.look()
    for path in ("rå.md", "rå.html", f"{file_name(ALL[0])}.md"):
        page.goto(f"{service.address}/source/{ids[path]}")
        expect(page.locator("article")).not_to_be_empty()
        links = page.locator("a").evaluate_all("all => all.map((one) => one.href)")
        assert links and all(one.startswith(f"{service.address}/") for one in links)
        assert page.locator("article script, article img, article iframe, article svg, article [onerror]").count() == 0
        watch.look()
    page.goto(f"{service.address}/source/{ids['rå.md']}")
    assert page.evaluate(HEADS, [ids[f"{file_name(title)}.md"] for title in ALL]) == list(map(squeezed, ALL))
    return count


HEADS = """async (ids) => {
  const strange = "script:not([src='/static/source.js']), img, iframe, svg, object, embed, style, base, [autofocus]";
  const titles = [];
  for (const id of ids) {
    const page = new DOMParser().parseFromString(await (await fetch(`/source/${id}`)).text(), "text/html");
    const names = [...page.querySelectorAll("*")].flatMap((one) => one.getAttributeNames());
    if (names.some((name) => name.startsWith("on")) || page.querySelector(strange)) throw new Error(page.title);
    titles.push(page.querySelector("h1").textContent.replace(/\\s+/g, " ").trim());
  }
  return titles;
}"""
"""The titles that the viewer shows of many documents; none of its pages has an element but its own."""


def list_documents(watch: Watch, service: Edited) -> None:
    page = watch.page
    page.goto(f"{service.address}/#documents")
    page.reload()
    titles = page.locator("#documents th[scope=row] a")
    expect(titles.first).to_be_visible()  # the list comes after the page
    assert set(map(squeezed, ALL)) <= set(map(squeezed, titles.all_inner_texts()))
    assert set(map(squeezed, ALL)) <= set(map(squeezed, page.locator("#document-kind option").all_inner_texts()))
    page.get_by_label("Velg filer").set_input_files(
        [
            FilePayload(name=name, mimeType="text/plain", buffer=b"Skjemaet ble levert av Lise.")
            for name in (UPLOADED, REFUSED)
        ]
    )
    page.get_by_role("button", name="Last opp").click()
    expect(page.locator("#editing [role=status]")).to_have_text("Innlesingen er ferdig.", timeout=JOB)
    expect(page.locator(".results li", has_text=f"{UPLOADED}: lastet opp.")).to_be_visible()
    expect(page.locator(".results li.problem")).to_contain_text(f"{REFUSED}: ikke lastet opp.")
    failed = page.locator(".failed li strong")
    expect(failed).to_have_count(len(ALL))
    assert set(failed.all_text_contents()) == {f"{file_name(one)}.docx" for one in ALL}
    expect(page.locator("#documents th a", has_text=re.escape(UPLOADED)[:3])).not_to_have_count(0)
    page.get_by_role("button", name=f"Spør om dette: «{ALL[0]}»").click()
    expect(page.locator(".entry h3")).to_contain_text(ALL[0])
    expect(page.locator(".entry .row")).to_be_visible()
    watch.look()


def ask_questions(watch: Watch, service: Edited) -> None:
    page = watch.page
    page.goto(f"{service.address}/#ask")
    page.reload()
    for number, question in enumerate(QUESTIONS, 1):
        ask(page, f"Hva er {question} i referatet?")
        entry = page.locator(".entry").last
        expect(page.locator(".entry .row")).to_have_count(number)
        expect(entry.locator("h3")).to_contain_text(question)
        entry.locator(".reference").first.click()
        expect(page.frame_locator("#source-frame").locator("#mark")).to_be_attached()
    assert any(one in squeezed(page.locator("#entries").inner_text()) for one in ALL if one not in QUESTIONS)
    page.locator(".leaving-out summary").last.click()
    page.get_by_role("button", name="Ikke nyttig").last.click()
    page.get_by_label("Vil du si hvorfor?").last.fill(COMMENT)
    page.locator(".comment button").last.click()
    expect(page.locator(".feedback").last.get_by_role("status")).to_have_text("Kommentaren er sendt.")
    page.get_by_role("button", name="Kopier svaret").last.click()
    for language in ("English", "Nynorsk", "Bokmål"):
        page.get_by_role("button", name=language).click()
    watch.look()
    page.get_by_role("button", name="Tidligere samtaler").click()
    expect(page.locator(".conversations li").first).to_contain_text(QUESTIONS[0])
    page.locator(".conversations .past").first.click()
    expect(page.locator(".entry")).to_have_count(len(QUESTIONS))
    page.get_by_role("link", name="Oversikter").click()
    page.get_by_label("Hva skal finnes i dokumentene?").fill(f"Hva er {QUESTIONS[1]}?")
    page.get_by_role("button", name="Lag oversikt").click()
    expect(page.locator("#overviews tbody tr").first).to_be_visible()
    page.get_by_role("button", name="Stans").click()  # what is found of the others looks like the first
    expect(page.locator(".kept li").first).to_contain_text(QUESTIONS[1])
    watch.look()


def ask_on_another_site(watch: Watch, here: str) -> None:
    page = watch.page
    page.goto(here)
    page.locator("#launcher").click()
    expect(page.locator("#filters")).to_be_visible()
    page.locator("#filters summary").click()
    ask(page, f"Hva er {QUESTIONS[2]} i referatet?")
    expect(page.locator(".entry h3")).to_contain_text(QUESTIONS[2])
    page.locator(".entry .reference").first.click()
    expect(page.frame_locator("#source-frame").locator("#mark")).to_be_attached()
    watch.look()
