"""The settings. Only the entry points (command line, API, ingestion job) build them; everything
else is handed plain values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.types import Language


class Settings(BaseSettings):
    """Read from environment variables `ASSISTANT_…` and from `.env` in the working directory. The
    README holds a table of them, which a test keeps complete."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_file=".env", extra="ignore", frozen=True)

    corpus_dir: Path = Path("corpus")
    data_dir: Path = Path("data")
    language: Language = "nb"

    embedding_model: str = "bundled"
    chat_model: str = "none"
    chat_base_url: str = ""
    chat_api_key_file: Path | None = None
    chat_api_version: str = "2024-10-21"
    chat_context: int = Field(default=4096, ge=2048)
    chat_timeout: float = Field(default=120.0, gt=0)
    chat_first_token_timeout: float = Field(default=60.0, gt=0)
    chat_retries: int = Field(default=2, ge=0, le=10)
    reader: Literal["trained", "plain"] = "trained"
    answer_threshold: float = Field(default=0.4, ge=0, le=1)
    overview_threshold: float = Field(default=0.3, ge=0, le=1)
    overview_days: int = Field(default=30, ge=0, le=36500)

    conversation_days: int = Field(default=30, ge=0, le=36500)

    chroma_url: str = ""
    keep_generations: int = Field(default=2, ge=1)
    max_file_mb: int = Field(default=50, ge=1)
    read_seconds: float = Field(default=60.0, gt=0)
    read_memory_mb: int = Field(default=2000, ge=100)
    web_sources: bool = False
    settle_seconds: float = Field(default=1.5, ge=0, le=60)
    watch_poll_seconds: float = Field(default=0.0, ge=0)
    watch_check_seconds: float = Field(default=300.0, ge=1)
    max_question_chars: int = Field(default=2000, ge=1)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    allowed_origins: str = ""
    api_keys_file: Path | None = None
    anonymous: Literal["none", "local", "reader"] = "local"
    anonymous_groups: str = ""
    requests_per_minute: int = Field(default=120, ge=0)
    concurrent_requests: int = Field(default=100, ge=1)
    request_seconds: float = Field(default=600.0, gt=0)
    feedback_days: int = Field(default=365, ge=0, le=36500)
    log_format: Literal["text", "json"] = "text"
    log_questions: bool = False

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        for origin in listed(value):
            if not re.fullmatch(r"https?://[a-z0-9.\[\]:-]+", origin):
                raise ValueError(f"{origin!r} is not an origin such as https://intranett.example.org, in small letters")
        return value


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as another process of ours reads them."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {f"ASSISTANT_{field.upper()}": str(value) for field, value in values.items()}


def listed(value: str) -> tuple[str, ...]:
    """What a setting parts by commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def explained(error: ValidationError) -> str:
    """A wrong setting, named with its value, a line each."""
    return "\n".join(
        f"ASSISTANT_{'_'.join(str(part) for part in one['loc']).upper()} = {one['input']!r}: {one['msg']}"
        for one in error.errors()
    )
