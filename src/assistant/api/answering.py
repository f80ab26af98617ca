"""Asking, as every way in does it: counted, and logged as far as it may be."""

from __future__ import annotations

import logging
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.answer import Assistant, Event, Question
from assistant.api.metrics import Metrics
from assistant.suggestions import Turns
from assistant.types import Answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answering:
    """`log_questions` says whether what is asked may stand in the log. What can wait watches `turns`."""

    metrics: Metrics
    log_questions: bool
    turns: Turns = field(default_factory=Turns)

    def events(self, assistant: Assistant, question: Question) -> Generator[Event, None, None]:
        """As `Assistant.ask`."""
        if self.log_questions:
            log.info("asked: %s", question.text, extra={"about": {"question": question.text}})
        with self.turns.asking():
            yield from self.metrics.observed(assistant.ask(question))

    def answer(self, assistant: Assistant, question: Question) -> Answer:
        """As `Assistant.answer`."""
        for event in self.events(assistant, question):
            if isinstance(event, Answer):
                return event
        raise AssertionError("ask ends with an answer")


def _answering(request: Request) -> Answering:
    return cast("Answering", request.app.state.answering)


TheAnswering = Annotated[Answering, Depends(_answering)]
