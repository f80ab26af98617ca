"""The description of the API against the API: schemathesis tries what it says, and what it does not, with all
its checks.

A few examples an operation; for many, which takes minutes:

    ASSISTANT_EXAMPLES=200 pytest tests/test_openapi.py"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.schemas import OpenApiSchema

from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.conversation.archive import Archive
from assistant.job import Job
from tests.conftest import PLAN, WATER
from tests.fakes import Workshop, fake_weights, settings_over
from tests.serving import served

_EXAMPLES = int(os.environ.get("ASSISTANT_EXAMPLES", "3"))

# What only the index knows (which kinds there are), or what no schema says (that a question has a letter in it),
# is told with 422; what a file holds, with 415.
_ACCEPTED = ["2XX", "401", "403", "404", "409", "415", "422"]


@pytest.fixture(scope="module")
def served_with_a_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where an application with everything in it is served, and the key of who may do all."""
    root = tmp_path_factory.mktemp("openapi")
    with pytest.MonkeyPatch.context() as patch:
        fake_weights(patch)
        place = Workshop(root)
        place.put("plan.md", PLAN)
        place.put("vann.txt", WATER)
        place.run()
        key = Keys(root / "keys.json").make("tests", "admin", None)[1]
        given = {"api_keys_file": root / "keys.json", "anonymous": "none", "requests_per_minute": 0}
        app = create_app(settings_over(place).model_copy(update=given))
        app.state.assistant.archive = Archive(root / "conversations.sqlite", 30)
        app.state.job = Job({}, place.folders, command=("true",))
        with served(app) as address:
            yield address, key


@pytest.fixture(scope="module")
def key(served_with_a_key: tuple[str, str]) -> str:
    return served_with_a_key[1]


@pytest.fixture(scope="module")
def described(served_with_a_key: tuple[str, str]) -> OpenApiSchema:
    schema = schemathesis.openapi.from_url(f"{served_with_a_key[0]}/openapi.json")
    schema.config.checks.positive_data_acceptance.expected_statuses = _ACCEPTED
    return schema


@schemathesis.pytest.from_fixture("described").parametrize()
@settings(max_examples=_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_it_is_described(case: schemathesis.Case[Any], key: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
