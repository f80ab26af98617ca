"""The root of the tree."""

from __future__ import annotations

from typing import ClassVar

from assistant.types import Language


class AssistantError(Exception):
    """The root. A subclass sets `code` (stable, for programs), `status` (HTTP) and `texts`, whose
    `{fields}` are filled from `values`."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    texts: ClassVar[dict[Language, str]]

    def __init__(self, values: dict[str, object]) -> None:
        self.values = values
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        return self.texts[language].format_map(self.values)

    def __reduce__(self) -> tuple[object, ...]:
        # Files are read in a process of their own and errors come back pickled; the subclasses'
        # constructors take other arguments than `values`.
        return (rebuilt, (type(self), self.values))


def rebuilt(cls: type[AssistantError], values: dict[str, object]) -> AssistantError:
    """An error as it was before it was pickled."""
    error = cls.__new__(cls)
    AssistantError.__init__(error, values)
    return error
