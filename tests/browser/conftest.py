"""A browser and the real application for it: built, served on a free port, torn down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.job import Job
from assistant.settings import Settings
from tests.fakes import Workshop, job_command, settings_over
from tests.serving import free_port, served

ROOT = Path(__file__).parents[2]

expect.set_options(timeout=30_000)  # an answer of the real service, on a machine that has more to do


@pytest.fixture(scope="session")
def host_port() -> int:
    """Where a page of another site may stand that the application lets in."""
    return free_port()


@pytest.fixture(scope="session")
def app(sample_data: Path, host_port: int) -> FastAPI:
    """The application over the sample corpus. The plain reader answers at once, and what it answers is the same
    each time."""
    return over_the_sample(sample_data, host_port)


def over_the_sample(data: Path, host_port: int) -> FastAPI:
    settings = Settings(
        corpus_dir=ROOT / "corpus",
        data_dir=data,
        reader="plain",
        allowed_origins=f"http://127.0.0.1:{host_port}",
        requests_per_minute=0,
    )
    return create_app(settings)


@pytest.fixture(scope="session")
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; Playwright's own is not downloaded. Where CI is set, it must be there."""
    path = shutil.which("chromium")
    if path is None:
        message = "chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@dataclass(frozen=True, slots=True)
class Edited:
    """A service over documents of one's own, with the key of an editor. Only the weights are faked."""

    place: Workshop
    address: str
    key: str

    def sign_in(self, page: Page) -> None:
        page.goto(self.address)
        page.locator("#session summary").click()
        page.get_by_label("Nøkkelen din").fill(self.key)
        with page.expect_navigation():
            page.get_by_role("button", name="Logg inn").click()


@pytest.fixture
def edited(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AbstractContextManager[Edited]]:
    """`with edited(allowed_origins=…) as service`: what lies in the workshop has been read in. `ollama` is the address
    of a language model's server."""
    monkeypatch.setattr("assistant.job._LOWER", 0)  # who waits for the job here has nothing else to do

    @contextmanager
    def made(allowed_origins: str = "", ollama: str = "") -> Iterator[Edited]:
        workshop.run()
        settings = settings_over(workshop, days=1).model_copy(
            update={
                "api_keys_file": tmp_path / "keys.json",
                "allowed_origins": allowed_origins,
                "chat_model": "ollama:m" if ollama else "none",
                "chat_base_url": ollama,
                "requests_per_minute": 0,
                "settle_seconds": 0,
                "max_file_mb": 1,
            }
        )
        _, key = Keys(tmp_path / "keys.json").make("editor", "editor", None)
        app = create_app(settings)
        job = cast("Job", app.state.job)
        app.state.job = Job(job.environment, job.folders, job.settled, job_command(tmp_path))
        with served(app) as address:
            yield Edited(workshop, address, key)

    return made


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """`open_page(width=…, locale=…)`: a fresh visit to the page. A fault in its scripts fails the test."""
    contexts = []
    faults: list[str] = []

    def opened(width: int = 1400, height: int = 900, locale: str = "nb-NO", dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        # A refused inline script or style is only said on the console.
        page.on(
            "console",
            lambda message: faults.append(message.text) if "Content Security" in message.text else None,
        )
        page.goto(f"{address}/")
        # What is asked about is on the page when the documents are known.
        page.wait_for_selector("#filters summary:not(:empty)")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
