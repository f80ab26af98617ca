"""`assistant doctor` and `assistant keys`."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from assistant.access.keys import Keys
from assistant.chat.model import ChatModel
from assistant.cli import app
from assistant.doctor import Finding, examine
from assistant.settings import Settings
from assistant.types import LANGUAGES
from tests.fakes import Workshop, chat_model, settings_over


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def _examined(settings: Settings, **changes: object) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in examine(settings.model_copy(update={"port": 0, **changes})):
        found.setdefault(finding.check, []).append(finding)
    return found


# --- doctor -------------------------------------------------------------------------------------


def test_a_sound_set_up_is_called_so(library: Workshop, fake_model: None) -> None:
    found = _examined(settings_over(library))
    assert set(found) == {"corpus", "data", "index", "model", "access", "reading", "port"}
    assert [one.verdict for one in found["index"]] == ["ok", "ok"]
    assert "4 dokumenter" in found["index"][0].text
    assert {one.verdict for name in ("corpus", "data", "model", "port") for one in found[name]} <= {"ok", "note"}
    assert not [one for listed in found.values() for one in listed if one.verdict == "wrong"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_named_with_the_way_out(workshop: Workshop, tmp_path: Path, language: str) -> None:
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(0o644)
    found = _examined(
        settings_over(workshop),
        corpus_dir=tmp_path / "nowhere",
        api_keys_file=tmp_path / "keys.json",
        chat_model="gguf:nowhere.gguf",
        host="0.0.0.0",
        language=language,
    )
    names = {"corpus": "nowhere", "index": "python -m ingest", "model": "nowhere.gguf", "access": "chmod"}
    for check, named in names.items():
        assert [one.verdict for one in found[check]] == ["wrong"], check
        assert named in found[check][0].text


def test_a_language_model_is_asked_for_a_word(
    library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    models: list[ChatModel] = [chat_model(""), chat_model("Hei.")]
    monkeypatch.setattr("assistant.doctor.open_chat", lambda settings: models.pop())
    for verdict in ("ok", "wrong"):
        (finding,) = _examined(settings_over(library))["model"]
        assert (finding.verdict, "fake:chat" in finding.text) == (verdict, True)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """What a mode forbids, root may all the same."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("corpus", "data", "verdicts", "words"),
    [
        (0o777, 0o777, ["ok", "ok"], ("kan leses.", "kan skrives")),
        (0o555, 0o777, ["note", "ok"], ("men ikke endres", "kan skrives")),
        (0o444, 0o777, ["wrong", "ok"], ("kan ikke åpnes", "kan skrives")),
        (0o000, 0o555, ["wrong", "wrong"], ("kan ikke åpnes", "ASSISTANT_DATA_DIR")),
        (0o777, 0o000, ["ok", "wrong"], ("kan leses.", "ASSISTANT_DATA_DIR")),
    ],
)
def test_what_the_folders_modes_let_it_do(corpus: int, data: int, verdicts: list[str], words: tuple[str, str]) -> None:
    with TemporaryDirectory() as place:  # pytest's own are not gone through by anybody else
        folders = {name: Path(place) / name for name in ("corpus", "data")}
        Path(place).chmod(0o755)
        for folder, mode in zip(folders.values(), (corpus, data), strict=True):
            folder.mkdir()
            folder.chmod(mode)
        settings = Settings(corpus_dir=folders["corpus"], data_dir=folders["data"] / "not" / "yet")
        with _as_nobody():
            found = list(islice(examine(settings), 2))
        assert [one.check for one in found] == ["corpus", "data"]
        assert [one.verdict for one in found] == verdicts
        assert all(said in one.text for said, one in zip(words, found, strict=True))


def test_little_room_and_a_taken_port_are_noted(
    library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.doctor.shutil.disk_usage", lambda folder: SimpleNamespace(free=400_000_000))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = _examined(settings_over(library), port=port)
    assert [(one.verdict, "0.4 GB" in one.text) for one in found["data"]] == [("note", True)]
    assert [(one.verdict, str(port) in one.text) for one in found["port"]] == [("note", True)]


def test_who_gets_in_is_told(library: Workshop, fake_model: None, tmp_path: Path) -> None:
    settings = settings_over(library)
    assert "0.0.0.0" in _examined(settings, host="0.0.0.0", anonymous="reader")["access"][-1].text
    assert _examined(settings, host="0.0.0.0")["access"][-1].verdict == "note"
    Keys(tmp_path / "keys.json").make("Kari", "reader", None)
    (finding,) = _examined(settings, host="0.0.0.0", api_keys_file=tmp_path / "keys.json")["access"]
    assert finding.verdict == "ok"


def test_an_index_that_does_not_find_is_wrong(
    library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.answer.search", lambda *given: ())
    verdicts = [one.verdict for one in _examined(settings_over(library))["index"]]
    assert verdicts == ["ok", "wrong"]


def test_the_command_exits_with_1_where_something_is_wrong(
    library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = {"DATA_DIR": library.data, "CORPUS_DIR": library.corpus, "EMBEDDING_MODEL": "fake", "PORT": 0}
    for name, value in given.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", str(value))
    good = _run("doctor")
    assert good.exit_code == 0, good.output
    assert good.stdout.startswith("ok ")
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "empty"))
    bad = _run("doctor", "--json")
    assert bad.exit_code == 1
    assert {one["check"] for one in json.loads(bad.stdout)["findings"] if one["verdict"] == "wrong"} == {"index"}


# --- keys ---------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_API_KEYS_FILE", str(tmp_path / "keys.json"))
    return tmp_path / "keys.json"


def test_keys_are_made_listed_and_revoked(file: Path) -> None:
    made = _run("keys", "make", "--name", "Kari", "--role", "editor", "--group", "hr", "--group", ".")
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    principal = Keys(file).principal(key)
    assert principal is not None
    assert (principal.may, principal.groups) == (frozenset({"read", "edit"}), frozenset({"hr", "."}))
    listed = _run("keys").stdout
    assert principal.owner in listed and "Kari" in listed and "., hr" in listed and key not in listed
    shown = json.loads(_run("keys", "--json").stdout)["keys"]
    assert [(one["name"], "sha256" in one) for one in shown] == [("Kari", False)]
    assert _run("keys", "revoke", principal.owner).exit_code == 0
    assert Keys(file).principal(key) is None
    again = _run("keys", "revoke", principal.owner)
    assert again.exit_code == 2
    assert principal.owner in again.stderr


def test_a_key_is_a_readers_of_everything_unless_said(file: Path) -> None:
    made = json.loads(_run("keys", "make", "--name", "Ola", "--json").stdout)
    principal = Keys(file).principal(made["key"])
    assert principal is not None
    assert (principal.owner, principal.may, principal.groups) == (made["id"], frozenset({"read"}), None)


def test_without_a_file_for_them_there_are_no_keys() -> None:
    result = _run("keys", "make", "--name", "Kari")
    assert result.exit_code == 2
    assert "ASSISTANT_API_KEYS_FILE" in result.stderr
    assert _run("keys", "make", "--name", "Kari", "--role", "king").exit_code == 2
