"""For schemathesis, which loads it by its name: what a schema cannot say of a request."""

from __future__ import annotations

from itertools import count
from typing import Any, cast

import schemathesis
from schemathesis import Case, CheckContext, GenerationMode, HookContext, Response

from assistant.api.completions import MODEL

_BEYOND_SCHEMAS = {
    "question_empty",  # not a letter in it; of nothing but spaces the schema knows
    "filter_unknown",
    "filter_period",
    "file_unsupported",
    "file_empty",
    "upload_content_mismatch",
    "upload_name_invalid",
    "no_documents_to_review",
}


_EVENTS = "text/event-stream"
_asked = count()


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """What can be answered with events is, every other time: OpenAPI knows no parameter called `Accept`. A chat asks
    something of the model that there is, and every other upload is a document: few would be by chance."""
    every_other = next(_asked) % 2 == 0
    content = case.operation.definition.raw["responses"].get("200", {}).get("content", {})
    if _EVENTS in content and every_other:
        case.headers["Accept"] = _EVENTS
    if not (_follows(case) and isinstance(case.body, dict)):
        return
    if case.path == "/v1/chat/completions":
        case.body["model"] = MODEL
        messages = cast("list[Any]", case.body["messages"])
        case.body["messages"] = [*messages, {"role": "user", "content": "Hva koster prosjektet?"}]
    elif case.path == "/api/v1/documents" and every_other:
        fields = {name: (None, str(value)) for name, value in case.body.items() if name != "file"}
        kwargs["files"] = {"file": ("notat.md", b"# Notat\n\nNoe nytt.", "text/markdown"), **fields}


def _follows(case: Case[Any]) -> bool:
    """Whether it is as the schemas want it."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


@schemathesis.check
def refused_only_for_what_no_schema_says(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """What follows the schemas is refused with 415 or 422 for these reasons and for no others."""
    if _follows(case) and response.status_code in (415, 422):
        code = response.json()["code"]
        assert code in _BEYOND_SCHEMAS, f"{code}: {response.json()['detail']}"
    return None
