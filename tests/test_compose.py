"""docker-compose.yml, the Dockerfile and .dockerignore: what must hold wherever they are run."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TypeAlias, cast

import pytest
import yaml

from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

Yaml: TypeAlias = "str | int | float | bool | list[Yaml] | dict[str, Yaml] | None"
Service = dict[str, Yaml]


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, Service]]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, Service]]", yaml.safe_load(text))


@pytest.fixture(scope="module")
def services(compose: dict[str, dict[str, Service]]) -> dict[str, Service]:
    return compose["services"]


def test_three_services(services: dict[str, Service]) -> None:
    assert set(services) == {"api", "ingest", "chroma"}
    assert services["api"]["command"] == ["assistant", "serve"]
    assert services["ingest"]["command"] == ["python", "-m", "ingest", "--watch"]


def test_only_the_api_is_published_and_only_on_the_loopback_address(services: dict[str, Service]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(published) == ["api"]
    ports = cast("list[str]", published["api"])
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert not any("network_mode" in service for service in services.values())


def test_vectors_and_documents_have_no_way_out(
    compose: dict[str, dict[str, Service]], services: dict[str, Service]
) -> None:
    assert compose["networks"]["index"] == {"internal": True}
    assert services["ingest"]["networks"] == services["chroma"]["networks"] == ["index"]
    assert set(cast("list[str]", services["api"]["networks"])) == {"index", "outside"}


def test_both_share_the_data_volume_and_read_the_corpus(
    compose: dict[str, dict[str, Service]], services: dict[str, Service]
) -> None:
    shared = ["data:/data", "./corpus:/corpus:ro"]
    assert services["api"]["volumes"] == services["ingest"]["volumes"] == shared
    assert set(compose["volumes"]) == {"data", "chroma"}
    for name in ("api", "ingest"):
        environment = cast("dict[str, str]", services[name]["environment"])
        assert environment["ASSISTANT_DATA_DIR"] == "/data"
        assert environment["ASSISTANT_CORPUS_DIR"] == "/corpus"


def test_chroma_is_a_profile_and_both_can_be_switched_to_it(services: dict[str, Service]) -> None:
    chroma = services["chroma"]
    assert chroma["profiles"] == ["server"]
    assert re.fullmatch(r"chromadb/chroma:\d+\.\d+\.\d+", str(chroma["image"]))
    version = str(chroma["image"]).rpartition(":")[2]
    assert f'"chromadb>={version},' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in ("api", "ingest"):
        environment = cast("dict[str, str]", services[name]["environment"])
        assert environment["ASSISTANT_CHROMA_URL"] == "${ASSISTANT_CHROMA_URL:-}"


def test_what_is_handed_on_has_the_defaults_of_the_settings(services: dict[str, Service]) -> None:
    defaults = Settings().model_dump()
    handed_on = 0
    for name in ("api", "ingest"):
        for variable, value in cast("dict[str, str]", services[name]["environment"]).items():
            field = variable.removeprefix("ASSISTANT_").lower()
            assert field in defaults, variable
            if match := re.fullmatch(r"\$\{(\w+):-(.*)\}", value):
                assert match.group(1) == variable
                assert match.group(2) == str(defaults[field])
                handed_on += 1
    assert handed_on >= 5


def test_health_asks_for_readiness_without_other_programs(services: dict[str, Service]) -> None:
    test = cast("list[str]", cast("Service", services["api"]["healthcheck"])["test"])
    assert test[:3] == ["CMD", "python", "-c"]
    compile(test[3], "healthcheck", "exec")
    assert "http://127.0.0.1:8000/readyz" in test[3]


@pytest.mark.parametrize("profile", [[], ["--profile", "server"]])
def test_compose_itself_accepts_the_file(profile: list[str]) -> None:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed")
    command = [program, "-f", str(ROOT / "docker-compose.yml"), *profile, "config"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "127.0.0.1:8000:8000" in done.stdout or "host_ip: 127.0.0.1" in done.stdout


def test_the_image_runs_as_an_ordinary_user_and_offline() -> None:
    base = re.search(r"^FROM python:(\d+\.\d+)-slim$", DOCKERFILE, re.MULTILINE)
    assert base
    assert f'requires-python = ">={base.group(1)}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")
    assert "HF_HUB_OFFLINE=1" in DOCKERFILE


def test_the_image_gets_what_is_let_in_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert copied == let_in
    assert all((ROOT / name).exists() for name in let_in)
