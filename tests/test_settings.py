"""Settings come from the environment and from `.env`, and a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings, explained


def test_the_defaults_need_nothing_and_stay_at_home() -> None:
    settings = Settings()
    assert (settings.embedding_model, settings.chat_model, settings.chroma_url) == ("bundled", "none", "")
    assert settings.host == "127.0.0.1"
    assert settings.allowed_origins == ""


def test_the_environment_weighs_more_than_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ASSISTANT_PORT=9000\nASSISTANT_LANGUAGE=nn\nOTHER=1\nASSISTANT_UNKNOWN=1\n")
    monkeypatch.setenv("ASSISTANT_PORT", "9001")
    settings = Settings()
    assert (settings.port, settings.language) == (9001, "nn")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_each_wrong_setting_is_named_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "abc")
    monkeypatch.setenv("ASSISTANT_LANGUAGE", "de")
    with pytest.raises(ValidationError) as raised:
        Settings()
    first, second = sorted(explained(raised.value).split("\n"))
    assert first.startswith("ASSISTANT_LANGUAGE = 'de': ")
    assert second.startswith("ASSISTANT_PORT = 'abc': ")


@pytest.mark.parametrize("field", list(Settings.model_fields))
def test_each_setting_is_in_the_readme(field: str) -> None:
    readme = Path(__file__).parent.parent / "README.md"
    assert f"`ASSISTANT_{field.upper()}`" in readme.read_text(encoding="utf-8")
