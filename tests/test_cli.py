"""The command line: the same answers as the API's, and one clear line for what goes wrong."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from ingest.publish import only_writer
from tests.conftest import PLAN, REPORT, ROOT, TRIP, WATER
from tests.fakes import FAKE, Workshop

_COST = "Hva koster prosjektet?"


@pytest.fixture
def settings(library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(library.data))
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(library.corpus))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", FAKE)
    monkeypatch.setenv("ASSISTANT_ANSWER_THRESHOLD", "0")
    return monkeypatch


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.usefixtures("settings")
def test_ask_writes_the_answer_and_its_sources() -> None:
    result = _run("ask", _COST)
    assert result.exit_code == 0
    assert "Prosjektet koster 4,2 millioner kroner." in result.stdout
    assert "[1] Plan for Romerike, 8. februar 2021" in result.stdout


@pytest.mark.usefixtures("settings")
def test_ask_prints_the_contracts_json() -> None:
    answer = json.loads(_run("ask", _COST, "--json").stdout)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] == "Prosjektet koster 4,2 millioner kroner."
    assert {"id", "sentences", "near", "coverage", "model", "generation", "milliseconds"} <= answer.keys()


def test_a_refusal_is_followed_by_a_question_that_is_answered(
    settings: pytest.MonkeyPatch, workshop: Workshop
) -> None:
    workshop.put("plan.md", "# Plan\n\n## Samlede kostnader\n\nProsjektets samlede kostnader er 4,2 millioner kroner.")
    workshop.run()
    settings.setenv("ASSISTANT_DATA_DIR", str(workshop.data))
    settings.setenv("ASSISTANT_ANSWER_THRESHOLD", "0.4")
    refused = _run("ask", "Hvem er ordfører i Nittedal?").stdout
    assert refused.startswith("Det finner jeg ikke i dokumentene.")
    found = refused.splitlines()[-1].partition("Du kan spørre smalere: ")[2]
    assert found == "Hva står det om samlede kostnader?"
    assert "4,2 millioner kroner" in _run("ask", found).stdout


def test_ask_tells_on_the_other_channel_that_the_language_model_failed(settings: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings.setenv("ASSISTANT_CHAT_MODEL", "ollama:m")
    settings.setenv("ASSISTANT_CHAT_BASE_URL", url)
    settings.setenv("ASSISTANT_CHAT_RETRIES", "0")
    told = "Språkmodellen kunne ikke nås. Svaret er derfor sitater fra dokumentene."
    result = _run("ask", _COST)
    assert result.exit_code == 0
    assert "Prosjektet koster 4,2 millioner kroner." in result.stdout
    assert told in result.stderr
    assert told not in result.stdout
    answer = json.loads(_run("ask", _COST, "--json").stdout)
    assert (answer["model"], answer["notice"]) == ("none", told)


@pytest.mark.usefixtures("settings")
def test_search_lists_passages() -> None:
    hits = json.loads(_run("search", _COST, "--limit", "2", "--json").stdout)["hits"]
    assert len(hits) == 2
    assert hits[0]["title"] == "Plan for Romerike"
    written = _run("search", _COST, "--limit", "1").stdout
    assert "Plan for Romerike" in written
    assert "4,2 millioner" in written


@pytest.mark.usefixtures("settings")
def test_documents_are_listed() -> None:
    documents = json.loads(_run("documents", "--json").stdout)["documents"]
    assert [d["path"] for d in documents] == ["export.html", "plan.md", "reiser/københavn.md", "vann.txt"]
    written = _run("documents").stdout
    assert "Plan for Romerike (2021-02-08, prosjektdokument, Klyngen)" in written
    assert "()" not in written


@pytest.fixture
def talked(settings: pytest.MonkeyPatch, library: Workshop, tmp_path: Path) -> str:
    """A conversation of two questions, in a data folder of its own; its id."""
    data = tmp_path / "data"
    shutil.copytree(library.data, data)
    (data / "conversations.sqlite").unlink(missing_ok=True)
    settings.setenv("ASSISTANT_DATA_DIR", str(data))
    assert _run("ask", _COST, "--conversation", "møte").exit_code == 0
    written = _run("ask", "hvorfor det?", "--conversation", "møte").stdout
    assert written.startswith("Forstått som: Hvorfor koster prosjektet det?\n\n")
    return "møte"


def test_conversations_are_listed_exported_and_deleted(talked: str) -> None:
    listed = _run("conversations").stdout
    assert listed.startswith(f"{talked}  ")
    assert listed.endswith(f"  2  {_COST}\n")
    (entry,) = json.loads(_run("conversations", "--json").stdout)["conversations"]
    assert (entry["id"], entry["turns"]) == (talked, 2)
    assert _run("conversations", "export", talked).stdout.startswith("# Samtale ")
    exported = json.loads(_run("conversations", "export", talked, "--json").stdout)
    assert [turn["answer"]["question"] for turn in exported["turns"]] == [_COST, "hvorfor det?"]
    assert _run("conversations", "delete", talked).exit_code == 0
    assert _run("conversations").stdout == ""


def test_a_conversation_that_is_not_there_is_named(talked: str) -> None:
    for command in ("export", "delete"):
        result = _run("conversations", command, "nobody")
        assert result.exit_code == 2
        assert "'nobody'" in result.stderr


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "Spørsmålet er tomt"), ("nn", "Spørsmålet er tomt"), ("en", "The question is empty")]
)
def test_an_error_is_one_line_in_the_language_set(settings: pytest.MonkeyPatch, language: str, words: str) -> None:
    settings.setenv("ASSISTANT_LANGUAGE", language)
    result = _run("ask", "?")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [("ask", _COST), ("search", _COST), ("documents",)])
def test_without_an_index_each_command_says_so(
    settings: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "none"))
    result = _run(*command)
    assert result.exit_code == 2
    assert "python -m ingest" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "70000"), ("LANGUAGE", "de"), ("ANSWER_THRESHOLD", "2"), ("MAX_QUESTION_CHARS", "0")],
)
def test_a_wrong_setting_is_named_with_its_value(settings: pytest.MonkeyPatch, name: str, value: str) -> None:
    settings.setenv(f"ASSISTANT_{name}", value)
    result = _run("documents")
    assert result.exit_code == 2
    assert f"ASSISTANT_{name} = '{value}'" in result.stderr


def test_a_chat_model_that_does_not_exist_is_named(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("ASSISTANT_CHAT_MODEL", "gpt-5")
    result = _run("ask", _COST)
    assert result.exit_code == 2
    assert "'gpt-5'" in result.stderr


def test_a_port_in_use_is_told(settings: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.setenv("ASSISTANT_PORT", str(taken.getsockname()[1]))
        settings.setenv("ASSISTANT_LANGUAGE", "en")
        result = _run("serve")
    assert result.exit_code == 2
    assert "ASSISTANT_PORT" in result.stderr


Job = Callable[[str], Path]


@pytest.fixture
def job(settings: pytest.MonkeyPatch, tmp_path: Path) -> Job:
    """`job(script)`: what a shell does stands for `python -m ingest`. Gives the file that it may write as `$MARK`."""

    def stands_in(script: str) -> Path:
        file, mark = tmp_path / "python", tmp_path / "mark"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o700)
        settings.setenv("MARK", str(mark))
        settings.setattr("assistant.cli.sys.executable", str(file))
        return mark

    return stands_in


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 1", 1), ("kill -9 $$", 137)])
def test_ingest_hands_its_arguments_and_its_exit_code_on(job: Job, script: str, code: int) -> None:
    mark = job(f'echo "$@" > $MARK; {script}')
    assert _run("ingest", "mappe", "--json", "--help").exit_code == code
    assert mark.read_text() == "-m ingest mappe --json --help\n"


_GOES_ON = 'kill -INT $PPID; sleep 0.5; echo "in order" > $MARK; exit 2'
"""As the job that Ctrl-C has told itself, and that takes its time to leave nothing behind."""
_IS_TOLD = """
trap 'echo "in order" > $MARK; exit 2' TERM
kill -TERM $PPID
for at in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done
"""


@pytest.mark.parametrize("script", [_GOES_ON, _IS_TOLD], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("command", [("ingest",), ("up",), ("export", "a.zip")], ids=lambda one: one[0])
def test_the_job_is_let_stop_in_order_and_then_all_is_over(
    job: Job, settings: pytest.MonkeyPatch, script: str, command: tuple[str, ...]
) -> None:
    serving: list[object] = []
    settings.setattr("assistant.cli._serve", serving.append)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    mark = job(script)
    assert _run(*command).exit_code == 2
    assert mark.read_text() == "in order\n"
    assert serving == []
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


_ASSISTANT = "from assistant.cli import main; main()"


def test_a_real_job_that_waits_says_so_once_and_is_stopped(workshop: Workshop) -> None:
    """Ctrl-C reaches all that run in a terminal, which is what a process group is."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    environment |= {"ASSISTANT_CORPUS_DIR": str(workshop.corpus), "ASSISTANT_DATA_DIR": str(workshop.data)}
    command = [sys.executable, "-c", _ASSISTANT, "ingest", "--wait"]
    with only_writer(workshop.folders):
        process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        assert process.stderr is not None
        with process.stderr as told:
            first = told.readline()
            os.killpg(process.pid, signal.SIGINT)
            rest = told.read()  # until the last of them is gone
    assert first == "En annen innlesing er i gang. Venter til den er ferdig …\n"
    assert rest.startswith("Stanset.")
    assert rest.count("\n") == 1
    assert process.wait(30) == 2


@pytest.mark.parametrize(
    ("script", "indexed", "served"),
    [("exit 0", True, True), ("exit 1", True, True), ("exit 2", True, True), ("exit 2", False, False),
     ("kill -9 $$", True, False)],
)  # fmt: skip
def test_up_serves_when_there_is_something_to_serve(
    job: Job, settings: pytest.MonkeyPatch, tmp_path: Path, script: str, indexed: bool, served: bool
) -> None:
    if not indexed:
        settings.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "none"))
    job(script)
    serving: list[object] = []
    settings.setattr("assistant.cli._serve", serving.append)
    result = _run("up")
    assert bool(serving) is served
    assert result.exit_code == (0 if served else 2)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("arguments", [("ask",), ("search", _COST, "--limit", "0"), ("nothing",), ("evaluate",)])
def test_wrong_arguments_are_refused(arguments: tuple[str, ...]) -> None:
    assert _run(*arguments).exit_code == 2


# --- complete overviews -------------------------------------------------------------------------

_TASK = "Gå gjennom alle dokumentene og finn hva prosjektet koster"


@pytest.fixture
def over_four(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The four documents in a folder of one's own: an overview leaves something there."""
    for path, text in (("plan.md", PLAN), ("reise.md", TRIP), ("export.html", REPORT), ("vann.txt", WATER)):
        workshop.put(path, text)
    workshop.run()
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(workshop.data))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", FAKE)
    monkeypatch.setenv("ASSISTANT_OVERVIEW_THRESHOLD", "0")
    return workshop


@pytest.mark.usefixtures("over_four")
def test_an_overview_is_a_table_with_its_coverage() -> None:
    result = _run("overview", _TASK)
    assert result.exit_code == 0
    assert "Plan for Romerike (8. februar 2021)" in result.stdout
    assert "] Prosjektet koster 4,2 millioner kroner." in result.stdout
    assert result.stdout.rstrip().split("\n")[-1].startswith("4 av 4 dokumenter gjennomgått, ")
    lines = result.stderr.strip().split("\n")
    assert lines[0].startswith("Leser 4 dokumenter etter: Hva prosjektet koster (oversikt ")
    assert [line.split(",")[0] for line in lines[1:]] == ["1/4", "2/4", "3/4", "4/4"]
    assert "\r" not in result.stderr


def test_an_overview_is_written_to_files_and_shown_again(over_four: Workshop, tmp_path: Path) -> None:
    result = _run("overview", _TASK, "--csv", str(tmp_path / "o.csv"), "--xlsx", str(tmp_path / "o.xlsx"))
    assert result.exit_code == 0
    assert "4,2 millioner kroner" in (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
    assert len((tmp_path / "o.xlsx").read_bytes()) > 1000
    assert result.stdout.startswith(f"→ {tmp_path / 'o.csv'}\n→ {tmp_path / 'o.xlsx'}\n4 av 4 dokumenter")
    id = result.stderr.split("(oversikt ")[1].split(")")[0]
    made = json.loads(_run("overview", "--resume", id, "--json").stdout)
    assert (made["id"], made["status"], made["coverage"]["reviewed"]) == (id, "done", 4)
    unwritable = _run("overview", "--resume", id, "--csv", str(over_four.data))
    assert unwritable.exit_code == 2
    assert repr(str(over_four.data)) in unwritable.stderr


@pytest.mark.usefixtures("over_four")
def test_an_overview_of_some_documents() -> None:
    made = json.loads(_run("overview", _TASK, "--kind", "reisenotat", "--most-findings", "1", "--json").stdout)
    assert [one["title"] for one in made["documents"]] == ["Reise til København"]
    assert (made["coverage"]["total"], made["coverage"]["corpus"], len(made["findings"])) == (1, 4, 1)
    assert _run("overview", _TASK, "--kind", "brev").exit_code == 2


def test_an_overview_that_is_interrupted_says_how_to_go_on(
    over_four: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant import overview

    reviewed: list[str] = []

    def review(*given: object) -> object:
        reviewed.append("one")
        if len(reviewed) == 3:
            raise KeyboardInterrupt
        return ()

    with monkeypatch.context() as patch:
        patch.setattr(overview, "review", review)
        result = _run("overview", _TASK)
    assert result.exit_code == 130
    last = result.stderr.strip().split("\n")[-1]
    assert last.startswith("Stanset. Gå videre med: assistant overview --resume ")
    again = _run(*last.partition("assistant ")[2].split())
    assert again.exit_code == 0
    assert [line.split(",")[0] for line in again.stderr.strip().split("\n")[1:]] == ["3/4", "4/4"]


def test_an_overview_that_could_not_read_everything_exits_with_1(over_four: Workshop) -> None:
    name = over_four.folders.current_name() or ""
    with sqlite3.connect(over_four.folders.generation(name) / "catalogue.sqlite") as catalogue:
        catalogue.execute("UPDATE documents SET text = x'00' WHERE path = 'vann.txt'")
    result = _run("overview", _TASK)
    assert result.exit_code == 1
    assert "3 av 4 dokumenter gjennomgått" in result.stdout
    assert "- vann: " in result.stdout


def test_a_bar_takes_the_place_of_the_one_before(over_four: Workshop) -> None:
    from assistant.answer import Question
    from assistant.overview import Overviews
    from assistant.overview.runs import Runs
    from assistant.overview.terminal import follow

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    with over_four.assistant() as assistant:
        overviews = Overviews(assistant, Runs(over_four.data / "o.sqlite", 1), 0.0)
        follow(overviews.go(overviews.start(Question(_TASK))), screen, "en")
    first, *bars = screen.getvalue().rstrip().split("\r")
    assert first.startswith("Reading 4 documents for: ")
    assert len(bars) == 4
    assert len({len(bar) for bar in bars[:-1]}) == 1, "a shorter line must cover a longer one"
    assert bars[-1].startswith("[########################] 4/4, ")


@pytest.mark.usefixtures("over_four")
@pytest.mark.parametrize("arguments", [(), (_TASK, "--resume", "abc"), ("--resume", "abc")])
def test_an_overview_needs_a_question_or_one_that_is_kept(arguments: tuple[str, ...]) -> None:
    assert _run("overview", *arguments).exit_code == 2
