"""The description of the API against the API: schemathesis tries what it says, and what it does not.

A few examples an operation; for many, which takes minutes:

    ASSISTANT_TEST_EXAMPLES=200 pytest tests/test_openapi.py"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.schemas import OpenApiSchema
from starlette.testclient import TestClient

from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.conversation.archive import Archive
from assistant.job import Job
from tests.fakes import Workshop, settings_over

_EXAMPLES = int(os.environ.get("ASSISTANT_TEST_EXAMPLES", "4"))


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenApiSchema, str]]:
    """The description of an application with everything in it, and the key of who may do all."""
    from tests.conftest import PLAN, WATER
    from tests.fakes import fake_weights

    root = tmp_path_factory.mktemp("openapi")
    with pytest.MonkeyPatch.context() as patch:
        fake_weights(patch)
        place = Workshop(root)
        place.put("plan.md", PLAN)
        place.put("vann.txt", WATER)
        place.run()
        key = Keys(root / "keys.json").make("tests", "admin", None)[1]
        app = create_app(
            settings_over(place).model_copy(
                update={"api_keys_file": root / "keys.json", "anonymous": "none", "requests_per_minute": 0}
            )
        )
        app.state.assistant.archive = Archive(root / "conversations.sqlite", 30)
        app.state.job = Job({}, place.folders, command=("true",))
        with TestClient(app, client=("192.0.2.1", 1)):
            yield schemathesis.openapi.from_asgi("/openapi.json", app), key


def test_the_api_is_as_it_is_described(described: tuple[OpenApiSchema, str]) -> None:
    schema, key = described
    schema.config.checks.positive_data_acceptance.expected_statuses = ["2XX", "401", "403", "404", "409", "415", "422"]
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        strategy = st.one_of(
            operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode.all()
        )

        @settings(
            max_examples=_EXAMPLES,
            deadline=None,
            database=None,
            derandomize=_EXAMPLES < 10,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def attempt(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {key}"})

        attempt()
        tried += 1
    assert tried >= 25
