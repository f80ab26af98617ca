"""An editor at the page of a real service: a document is sent in and asked about, what cannot be read is named with
its reason, the folder is read in again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import Edited
from tests.browser.test_accessible import faults
from tests.browser.test_page import ask
from tests.fakes import Workshop

Service = Callable[..., AbstractContextManager[Edited]]
JOB = 120_000
"""Milliseconds that a run of the job may take: it steps back for everything else on the machine."""
PLAN = "# Plan for brua\n\nBrua over elva koster 7 millioner kroner. Den åpnes i mai.\n"
MINUTES = "Referat fra styremøtet.\n\nStyret vedtok å leie fire nye lokaler i Storgata.\n"


def go_to_the_documents(page: Page, service: Edited) -> None:
    service.sign_in(page)
    page.get_by_role("link", name="Dokumenter").click()
    expect(page.locator("#editing")).to_be_visible()


def test_a_document_is_sent_in_and_asked_about(workshop: Workshop, edited: Service, browser: Browser) -> None:
    workshop.put("plan.md", PLAN)
    with edited() as service, browser.new_context(locale="nb-NO") as context:
        page = context.new_page()
        go_to_the_documents(page, service)
        expect(page.locator("#documents tbody tr")).to_have_count(1)
        page.get_by_label("Velg filer").set_input_files(
            [
                FilePayload(name="referat.txt", mimeType="text/plain", buffer=MINUTES.encode()),
                FilePayload(name="tall.docx", mimeType="application/octet-stream", buffer=b"PK\x03\x04 no Word file"),
            ]
        )
        page.get_by_role("button", name="Last opp").click()
        expect(page.locator("#editing [role=status]")).to_have_text("Innlesingen er ferdig.", timeout=JOB)
        expect(page.locator(".results li:not(.problem)")).to_have_text("referat.txt: lastet opp.")
        expect(page.locator(".results .problem")).to_contain_text("tall.docx: ikke lastet opp. ")
        expect(page.locator("#documents tbody tr")).to_have_count(2)
        page.get_by_role("link", name="Spør", exact=True).click()
        ask(page, "Hva vedtok styret?")
        expect(page.locator(".entry .text")).to_contain_text("leie fire nye lokaler")
        page.locator(".entry .text .reference").first.click()
        expect(page.frame_locator("#source-frame").locator("#mark")).to_contain_text("Styret vedtok")


def test_what_cannot_be_read_is_named_and_the_folder_read_in_again(
    workshop: Workshop, edited: Service, browser: Browser
) -> None:
    workshop.put("plan.md", PLAN)
    workshop.put("møter/ødelagt.docx", b"no Word file")
    with edited() as service, browser.new_context(locale="nb-NO") as context:
        page = context.new_page()
        go_to_the_documents(page, service)
        assert faults(page) == []
        page.get_by_role("button", name="Les inn på nytt").click()
        failed = page.locator(".failed li")
        expect(failed).to_contain_text("møter/ødelagt.docx", timeout=JOB)
        expect(page.locator(".editing summary")).to_have_text("Én fil kunne ikke leses")
        expect(failed).to_contain_text("er skadet eller ikke en Word-fil")
        page.get_by_role("button", name="Nynorsk").click()
        expect(failed).to_contain_text("Opne")
        page.get_by_role("button", name="English").click()
        expect(failed).to_contain_text("is damaged or not a Word file")
        page.get_by_role("button", name="Bokmål").click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == []
        workshop.put("møter/nytt.md", "# Nytt møte\n\nMøtet er 3. mai.\n")
        (workshop.corpus / "møter" / "ødelagt.docx").unlink()
        page.get_by_role("button", name="Les inn på nytt").click()
        expect(page.locator("#documents tbody tr")).to_have_count(2, timeout=JOB)
        expect(failed).to_have_count(0)
        page.locator("#session summary").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Logg ut").click()
        page.get_by_role("link", name="Dokumenter").click()
        expect(page.locator("#documents tbody tr")).to_have_count(2)
        expect(page.locator("#editing")).to_be_hidden()
