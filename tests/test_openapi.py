"""The description at `/openapi.json` against the service: whatever schemathesis makes of it is sent, and every reply
must be one that is described. `SCHEMATHESIS_EXAMPLES=300 pytest tests/test_openapi.py` runs it long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import jsonschema
import pytest

from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.api.documents import MEDIA_TYPES
from assistant.job import Job
from ingest.read import FORMATS
from tests.conftest import PLAN, TRIP
from tests.fakes import Workshop, fake_weights, low_pdf, settings_over
from tests.serving import served

_EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "5")
_RESULT = '{"event": "result", "generation": null, "added": 1, "failed": []}'
_JOB = ("sh", "-c", f"""case "$*" in *--json-lines*) echo '{_RESULT}';; *) echo "now in use: 1";; esac""", "job")
"""Stands for the job: what it does to documents is tested elsewhere."""

# Ids that are there, or every request would end at 404. What 422 may mean beside "the schema was right after all" is
# held in tests/described.py: no schema can say that a filter's value is one of the documents', that a period must not
# end before it begins, nor what a file's content or name is.
_CONFIG = """
hooks = "tests.described"

[[operations]]
include-path-regex = "^/api/v1/documents/[{]id[}]"
parameters = { "path.id" = "DOCUMENT", "path.page" = 1 }

[[operations]]
include-name = "DELETE /api/v1/documents/{id}"
phases.stateful.enabled = false # it is there until the job is done, as 202 says; nothing may be made of that

[[operations]]
include-name = "POST /api/v1/overview"
phases.coverage.generation.mode = "positive" # what it takes is what `ask` takes, and one thing more

[[operations]]
include-path-regex = "^/api/v1/conversations/[{]id[}]"
parameters = { "path.id" = "turen" }

[[operations]]
include-path-regex = "^/v1/models/[{]id[}]"
parameters = { "path.id" = "romerike-assistant" }

[[operations]]
include-path-regex = "^/api/v1/(ask|search|overview|documents)$|^/v1/chat/completions$"
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 415, 422]
"""


@dataclass(frozen=True)
class Service:
    address: str
    key: str

    def config(self) -> str:
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.address, headers=headers, timeout=60) as client:
            client.post("/api/v1/ask", json={"question": "Hva koster prosjektet?", "conversation_id": "turen"})
            documents = client.get("/api/v1/documents").json()["documents"]
        return _CONFIG.replace("DOCUMENT", next(one["id"] for one in documents if one["path"] == "brev.pdf"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that nobody uses without a key, and an admin's key."""
    root = tmp_path_factory.mktemp("openapi")
    workshop = Workshop(root)
    workshop.put("plan.md", PLAN)
    workshop.put("reiser/tur.md", TRIP)
    workshop.put("brev.pdf", low_pdf("Brev", "Kommunene samarbeider om vann."))
    settings = settings_over(workshop, days=30).model_copy(
        update={"api_keys_file": root / "keys.json", "anonymous": "none", "requests_per_minute": 0}
    )
    _, key = Keys(root / "keys.json").make("Kari", "admin", None)
    with pytest.MonkeyPatch.context() as patch:
        fake_weights(patch)
        workshop.run()
        app = create_app(settings)
    app.state.job = Job({}, workshop.folders, command=_JOB)
    with served(app) as address:
        yield Service(address, key)


def test_every_reply_is_described(service: Service, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(service.config(), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{service.address}/openapi.json", "--checks", "all"]
    command += ["--max-examples", _EXAMPLES, "--seed", "1", "--continue-on-failure", "--no-color"]
    command += ["-H", f"Authorization: Bearer {service.key}"]
    environment = os.environ | {"NO_PROXY": "127.0.0.1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "33 selected / 33 total" in done.stdout


def test_without_a_key_it_is_told_as_described(service: Service) -> None:
    description = httpx.get(f"{service.address}/openapi.json", timeout=60).json()
    components = {"components": description["components"]}
    open_to_all = set()
    with httpx.Client(base_url=service.address, timeout=60) as client:
        for path, operations in description["paths"].items():
            for method, operation in operations.items():
                reply = client.request(method, path.replace("{page}", "1"))
                said = operation["responses"][str(reply.status_code)]
                if reply.content:
                    schema = said["content"][reply.headers["content-type"]]["schema"] | components
                    jsonschema.validate(reply.json(), schema, cls=jsonschema.Draft202012Validator)
                if reply.status_code == 401:
                    assert operation["security"][0] == {"Key": []}
                    assert said["headers"].keys() == {"WWW-Authenticate"} and "www-authenticate" in reply.headers
                else:
                    open_to_all.add((method, path))
    session = "/api/v1/session"
    assert open_to_all == {("get", "/healthz"), ("get", "/readyz"), ("get", session), ("delete", session)}


def test_what_takes_a_key_and_what_is_sent_whole(service: Service) -> None:
    description = httpx.get(f"{service.address}/openapi.json", timeout=60).json()
    locks = {
        (method, path): operation.get("security", [])
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    }
    key: dict[str, list[str]] = {"Key": []}
    assert locks["post", "/api/v1/documents"] == locks["post", "/api/v1/session"] == [key]
    assert locks["post", "/api/v1/ask"] == locks["get", "/readyz"] == [key, {}]
    assert locks["get", "/healthz"] == []
    schemas = description["components"]["schemas"]
    assert set(schemas["Answer"]["required"]) == set(schemas["Answer"]["properties"])
    assert schemas["Ask"]["required"] == ["question"]


def test_each_format_has_its_media_type_in_the_description(service: Service) -> None:
    description = httpx.get(f"{service.address}/openapi.json", timeout=60).json()
    described = description["paths"]["/api/v1/documents/{id}/file"]["get"]["responses"]["200"]["content"]
    assert set(described) == set(MEDIA_TYPES) == {media for _, media in FORMATS.values()}
    assert "HTTPValidationError" not in json.dumps(description)
