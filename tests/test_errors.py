"""One tree of errors: each in three languages, with a code, a status, and its value."""

from __future__ import annotations

import inspect
import pickle
import string
from collections.abc import Iterator

import pytest

from assistant import errors
from assistant.errors import AssistantError, FileError
from assistant.types import LANGUAGES


def _classes() -> Iterator[type[AssistantError]]:
    for _, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, AssistantError) and found not in (AssistantError, FileError):
            yield found


def _made(cls: type[AssistantError]) -> AssistantError:
    given: list[object] = []
    for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        given.append({"int": 7, "float": 7.5}.get(str(parameter.annotation), f"<{parameter.name}>"))
    return cls(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", list(_classes()))
def test_an_error_speaks_every_language_and_names_its_values(cls: type[AssistantError]) -> None:
    error = _made(cls)
    assert set(cls.texts) == set(LANGUAGES)
    messages = [error.message(language) for language in LANGUAGES]
    assert len(set(messages)) == len(LANGUAGES)
    assert str(error) == error.message("en")
    fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in cls.texts.values()]
    assert all(found == set(error.values) for found in fields)
    for message in messages:
        assert all(str(value) in message or "7" in message for value in error.values.values())
        assert message.endswith(".")


@pytest.mark.parametrize("cls", list(_classes()))
def test_an_error_has_a_code_and_a_status_of_its_own(cls: type[AssistantError]) -> None:
    assert cls.code != "error"
    assert 400 <= cls.status < 600
    assert [other for other in _classes() if other.code == cls.code] == [cls]


@pytest.mark.parametrize("cls", list(_classes()))
def test_an_error_survives_the_way_from_another_process(cls: type[AssistantError]) -> None:
    error = _made(cls)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is cls
    assert (str(again), again.values) == (str(error), error.values)
