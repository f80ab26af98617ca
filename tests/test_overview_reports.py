"""Thirty yearly reports under the default model: an overview finds nearly all that state a measure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from assistant.answer import Question
from assistant.evaluation.questions import squeezed
from assistant.open import open_assistant, open_overviews
from assistant.overview import Overviews
from assistant.settings import Settings
from assistant.types import Overview
from tests.conftest import ROOT
from tests.reports import QUESTIONS, Report, reports


@pytest.fixture(scope="module")
def overviews(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Overviews]:
    root = tmp_path_factory.mktemp("reports")
    for report in reports():
        (root / "corpus" / report.path).parent.mkdir(parents=True, exist_ok=True)
        (root / "corpus" / report.path).write_text(report.text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment |= {"ASSISTANT_DATA_DIR": str(root / "data"), "ASSISTANT_CORPUS_DIR": str(root / "corpus")}
    command = [sys.executable, "-m", "ingest", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == 30
    settings = Settings(data_dir=root / "data", corpus_dir=root / "corpus")
    assistant = open_assistant(settings)
    yield open_overviews(settings, assistant)
    assistant.index.close()


def _made(overviews: Overviews, question: str) -> Overview:
    *_, made = overviews.go(overviews.start(Question(question)))
    assert isinstance(made, Overview)
    assert (made.coverage.reviewed, made.coverage.total) == (30, 30)
    return made


def _holds(made: Overview, report: Report) -> bool:
    """Whether what is listed of a report quotes one of its measures."""
    year = report.path.rpartition("-")[2].removesuffix(".md")
    quotes = [squeezed(one.quote).lower() for one in made.citations if one.title.endswith(year)]
    return any(measure.lower() in quote for measure in report.measures for quote in quotes)


def test_nearly_every_report_that_states_a_measure_is_found(overviews: Overviews) -> None:
    made = _made(overviews, QUESTIONS["nb"])
    stating = [report for report in reports() if report.measures]
    assert len(stating) == 24
    found = [report for report in stating if _holds(made, report)]
    assert len(found) >= 22
    silent = {report.path for report in reports() if not report.measures}
    listed = {one.title for one in made.documents if one.findings}
    assert sum(f"Årsrapport {path[-7:-3]}" in listed for path in silent) <= 4


@pytest.mark.parametrize("question", ["Hva ble gjort med solceller på taket?", "Kva seier rapportane om reindrift?"])
def test_what_no_report_speaks_of_is_found_in_none(overviews: Overviews, question: str) -> None:
    assert _made(overviews, question).findings == ()
