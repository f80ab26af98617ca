"""For schemathesis, which loads it by its name: what a schema cannot say of a request."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, GenerationMode, Response

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


@schemathesis.check
def refused_only_for_what_no_schema_says(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """What follows the schemas is refused with 415 or 422 for these reasons and for no others."""
    follows = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if follows and response.status_code in (415, 422):
        code = response.json()["code"]
        assert code in _BEYOND_SCHEMAS, f"{code}: {response.json()['detail']}"
    return None
