"""The documents say what is so: settings, commands, addresses, links."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.routing import Match
from typer.main import get_command
from typer.testing import CliRunner

from assistant.api.app import create_app
from assistant.cli import app
from assistant.settings import Settings
from ingest.__main__ import _parser
from ingest.read import FORMATS, document_id
from ingest.read.sidecar import FIELDS, read_sidecar

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SETTING = re.compile(r"^\| `(ASSISTANT_\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


def blocks(language: str) -> list[str]:
    return [text for found, text in _BLOCK.findall(README) if found == language]


def commands() -> Iterator[list[str]]:
    """Every command of the README's shell blocks, in words, without variables set before it."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += [line[2:] for block in blocks("console") for line in block.splitlines() if line[:2] == "$ "]
    for line in lines:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        command: list[str] = []
        for word in [*lexer, "&&"]:
            if word == "&&":
                yield command
                command = []
            elif command or not re.match(r"[A-Z_]+=", word):
                command.append(word)


# --- settings -----------------------------------------------------------------------------------


def test_every_setting_is_in_the_table_with_its_default() -> None:
    table = {name: default for name, default, _ in _SETTING.findall(README)}
    settings = Settings().model_dump()
    assert table == {f"ASSISTANT_{field.upper()}": _shown(value) for field, value in settings.items()}


def _shown(value: object) -> str:
    if value is None or value == "":
        return "(empty)"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def test_every_setting_named_in_a_text_exists() -> None:
    known = {f"ASSISTANT_{field.upper()}" for field in Settings.model_fields}
    for document in DOCUMENTS:
        named = set(re.findall(r"ASSISTANT_[A-Z_]+[A-Z]", document.read_text(encoding="utf-8")))
        assert named <= known, document.name


# --- commands -----------------------------------------------------------------------------------


def test_every_command_can_be_parsed() -> None:
    group = get_command(app)
    subcommands = getattr(group, "commands")  # noqa: B009  (the type is private to typer)
    ours = [command for command in commands() if command and command[0] == "assistant"]
    assert {command[1] for command in ours} >= {"up", "serve", "ask", "search", "documents", "evaluate"}
    for _, name, *arguments in ours:
        subcommands[name].make_context(name, list(arguments))  # exits when an option does not exist
    jobs = [command for command in commands() if command[:3] == ["python", "-m", "ingest"]]
    shown = {word for command in jobs for word in command[3:]}
    assert shown >= {"--watch", "--status", "--rollback", "--json"}
    for command in jobs:
        _parser().parse_args(command[3:])


def test_options_that_do_not_exist_are_noticed() -> None:
    subcommands = getattr(get_command(app), "commands")  # noqa: B009
    with pytest.raises(Exception, match="No such option"):
        subcommands["ask"].make_context("ask", ["why?", "--nonsense"])
    with pytest.raises(SystemExit):
        _parser().parse_args(["--nonsense"])


def test_every_subcommand_is_in_the_readme() -> None:
    for name in getattr(get_command(app), "commands"):  # noqa: B009
        assert f"assistant {name}" in README


def test_the_check_runs_the_readmes_test_command() -> None:
    first, test = [block.strip() for block in blocks("sh")[:2]]
    assert first.endswith("&& assistant up")
    assert test.endswith("&& pytest -n 2")
    assert "\n" not in first
    assert "\n" not in test
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == test
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(ROOT / ".ci/run")], check=True)


def test_the_answer_shown_is_the_answer_given(sample_settings: Settings) -> None:
    (shown,) = blocks("console")
    asked, _, answer = shown.partition("\n")
    done = CliRunner().invoke(
        app, shlex.split(asked)[2:], env={"ASSISTANT_DATA_DIR": str(sample_settings.data_dir)}
    )
    assert done.output == answer


# --- addresses ----------------------------------------------------------------------------------


def test_every_address_is_served() -> None:
    routes = create_app(Settings()).routes
    asked = 0
    for command in commands():
        if command[:1] != ["curl"]:
            continue
        method = "POST" if "-d" in command and not any(word.endswith("G") for word in command[1:2]) else "GET"
        for path in (urlsplit(word).path for word in command if word.startswith("http://127.0.0.1")):
            scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
            assert any(route.matches(scope)[0] is Match.FULL for route in routes), (method, path)
            asked += 1
    assert asked >= 5


def test_the_document_that_is_fetched_is_in_the_corpus() -> None:
    fetched = re.findall(r"/documents/([0-9a-f]{16})/file -o (\S+)", README)
    assert fetched
    for id, name in fetched:
        (file,) = (ROOT / "corpus").rglob(name)
        assert document_id(file.relative_to(ROOT / "corpus").as_posix()) == id


# --- formats ------------------------------------------------------------------------------------


def test_every_format_is_in_the_table() -> None:
    rows = re.findall(r"^\| [\w ]+ \| ((?:`\.\w+` ?)+) \|", README, re.MULTILINE)
    assert {ending for row in rows for ending in re.findall(r"`(\.\w+)`", row)} == set(FORMATS)


def test_the_sidecar_shown_is_one_and_shows_every_field() -> None:
    (shown,) = blocks("yaml")
    metadata = read_sidecar(shown.encode(), "rapport.yaml")
    assert all(getattr(metadata, field) for field in FIELDS)
    assert metadata.date == "2024-03-21"


# --- links and what does not belong -------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in _LINK.findall(document.read_text(encoding="utf-8")):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file), target


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    # A checkout may belong to another user than the one that runs the tests.
    command = [git, "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    machine = r"(?<![\w.)}])/(?:[w]ork|[r]oot|[t]mp/w|[o]pt/pypi)\b(?!\.)"
    registry = (
        r"\b(?:pypi\.org|pythonhosted\.org|download\.pytorch\.org|docker\.io|gcr\.io|ghcr\.io|quay\.io|"
        r"registry\.npmjs\.org|proxy\.golang\.org|anaconda\.org)\b"
    )
    unwanted = re.compile(f"{machine}|{registry}")
    found = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a binary file, or one that is being removed
        found += [f"{name}: {match.group()}" for match in unwanted.finditer(text)]
    assert found == []
