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
import pytest

from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.api.documents import MEDIA_TYPES
from assistant.job import Job
from ingest.read import FORMATS
from tests.conftest import PLAN, ROOT, TRIP
from tests.fakes import Workshop, settings_over
from tests.serving import served

_EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "5")
_JOB = """
import sys
print('{"event": "result", "generation": null, "failed": []}' if "--json-lines" in sys.argv else "now in use: 1")
"""
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
include-path-regex = "^/api/v1/conversations/[{]id[}]"
parameters = { "path.id" = "turen" }

[[operations]]
include-path-regex = "^/v1/models/[{]id[}]"
parameters = { "path.id" = "romerike-assistant" }

[[operations]]
include-path-regex = "^/api/v1/(ask|search|overview|documents|questions)$|^/v1/chat/completions$"
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


@pytest.fixture
def service(workshop: Workshop, tmp_path: Path) -> Iterator[Service]:
    """A service that nobody uses without a key, and an admin's key."""
    workshop.put("plan.md", PLAN)
    workshop.put("reiser/tur.md", TRIP)
    workshop.put("brev.pdf", (ROOT / "tests/data/letter.pdf").read_bytes())
    workshop.run()
    settings = settings_over(workshop, days=30).model_copy(
        update={"api_keys_file": tmp_path / "keys.json", "anonymous": "none", "requests_per_minute": 0}
    )
    _, key = Keys(tmp_path / "keys.json").make("Kari", "admin", None)
    app = create_app(settings)
    app.state.job = Job({}, workshop.folders, command=(sys.executable, "-c", _JOB))
    with served(app) as address:
        yield Service(address, key)


@pytest.mark.parametrize("keyed", [True, False], ids=["admin", "nobody"])
def test_every_reply_is_described(service: Service, tmp_path: Path, keyed: bool) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "schemathesis.toml").write_text(service.config(), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{service.address}/openapi.json", "--checks", "all"]
    command += ["--max-examples", _EXAMPLES, "--seed", "1", "--continue-on-failure", "--no-color"]
    # Without a key hardly a request gets as far as its schema: one phase of the four tells all there is to tell.
    command += ["-H", f"Authorization: Bearer {service.key}"] if keyed else ["--phases", "fuzzing"]
    environment = os.environ | {"NO_PROXY": "127.0.0.1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "33 selected / 33 total" in done.stdout


def test_each_format_has_its_media_type_in_the_description(service: Service) -> None:
    description = httpx.get(f"{service.address}/openapi.json", timeout=60).json()
    described = description["paths"]["/api/v1/documents/{id}/file"]["get"]["responses"]["200"]["content"]
    assert set(described) == set(MEDIA_TYPES) == {media for _, media in FORMATS.values()}
    assert "HTTPValidationError" not in json.dumps(description)
