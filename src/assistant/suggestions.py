"""Suggested questions that are answered: each is put to search and reader before it is shown.

What a document answers is found once in each generation and language. Questions to begin with are found `Ahead`, by a
thread of their own; a page is told those that are known, and never waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.access import Groups
from assistant.answer import Assistant
from assistant.errors import AssistantError
from assistant.index import Generation
from assistant.starters import candidates, in_order
from assistant.types import Language

log = logging.getLogger(__name__)

_TRIED = 6
"""Candidates of one document that are tried, ..."""
_FOUND = 3
"""... until so many are answered."""
_DOCUMENTS = 24
"""Documents that are looked through for questions to begin with."""
_KEPT = 2000
"""Documents whose questions are remembered."""
_PATIENCE = 30
"""Seconds that a trial gives way to questions at most: on a service that is always asked, starters come too."""
_NARROWER = 2
"""Questions that a refusal offers."""
STARTERS = 4
"""Questions to begin with, where nobody says how many."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and the document that answers it."""

    text: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Known:
    """The questions to begin with that are known so far, and whether these are all."""

    questions: tuple[Suggestion, ...]
    complete: bool


class Turns:
    """Lets what nobody waits for give way to questions. Safe to use from many threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asking = 0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """A question is being answered."""
        with self._changed:
            self._asking += 1
        try:
            yield
        finally:
            with self._changed:
                self._asking -= 1
                self._changed.notify_all()

    def give_way(self, seconds: float) -> bool:
        """Wait until no question is being answered, at most so long. Whether none is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._asking == 0, seconds)


class Suggestions:
    """Safe to use from many threads. The assistant that is handed in decides which documents there are."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, Language], tuple[Suggestion, ...]] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def known(self, assistant: Assistant, limit: int, language: Language) -> Known:
        """Questions to begin with: the first of each document, then, where these are few, the next of each. Tries
        none. Raises like `Index.reading`."""
        with assistant.index.reading() as generation:
            known = [self._known.get((generation.name, id, language)) for id in _to_begin_with(generation, language)]
        found = [one for one in known if one is not None]
        firsts = _of_others(found, limit)
        if len(firsts) == limit or len(found) == len(known):
            return Known(_some(found, limit), complete=True)
        return Known(tuple(one[0] for one in firsts), complete=False)

    def about(
        self, assistant: Assistant, documents: Sequence[str], limit: int, language: Language
    ) -> tuple[Suggestion, ...]:
        """Questions about some documents, of each in turn. Raises like `Index.reading`."""
        with assistant.index.reading() as generation:
            known = [id for id in dict.fromkeys(documents) if id in generation.sources]
            each = [self._of(assistant, generation, id, language) for id in known]
        return tuple(islice(_in_turn(each), limit))

    def narrower(self, generation: Generation, documents: Sequence[str], language: Language) -> tuple[str, ...]:
        """The same for who is refused an answer: those that are known, of each document in turn. Tries none."""
        known = [self._known.get((generation.name, id, language), ()) for id in documents]
        return tuple(dict.fromkeys(one.text for one in islice(_in_turn(known), _NARROWER)))

    def try_next(self, assistant: Assistant, limit: int, language: Language) -> bool:
        """Try the next document that may have a question to begin with. False where there is no need of more.
        Raises like `Index.reading`."""
        if self.known(assistant, limit, language).complete:
            return False
        with assistant.index.reading() as generation:
            for id in _to_begin_with(generation, language):
                if (generation.name, id, language) not in self._known:
                    self._of(assistant, generation, id, language)
                    return True
        return False

    def stop(self) -> None:
        """Try nothing more: the index is about to be closed."""
        self._stopped = True

    def _of(self, assistant: Assistant, generation: Generation, id: str, language: Language) -> tuple[Suggestion, ...]:
        key = (generation.name, id, language)
        with self._lock:  # one at a time: nobody waits for these, and questions have the processor
            found = self._known.get(key)
            if found is None:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                tried = candidates(generation.document(id), language)[:_TRIED]
                answered = (
                    text
                    for text in tried
                    if not self._stopped and id in assistant.quoted(generation, text, language)
                )
                found = tuple(Suggestion(text, id) for text in islice(answered, _FOUND))
                if not self._stopped:
                    self._known[key] = found
        return found


class Ahead:
    """Finds questions to begin with before they are needed, in a thread that gives way to whoever asks. Safe to use
    from many threads."""

    def __init__(self, suggestions: Suggestions, turns: Turns) -> None:
        self._suggestions = suggestions
        self._turns = turns
        self._wanted: dict[tuple[Groups, int, Language], Assistant] = {}
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._closed = False

    def want(self, assistant: Assistant, limit: int, language: Language) -> None:
        """Find them soon. What was wanted last is found first: somebody is looking at the page."""
        key = (assistant.index.groups, limit, language)
        with self._lock:
            if self._closed:
                return
            self._wanted.pop(key, None)
            self._wanted[key] = assistant
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="starters", daemon=True)
                self._worker.start()

    def close(self) -> None:
        """Returns when what is tried now is done, which is soon."""
        with self._lock:
            self._closed = True
            worker = self._worker
        self._suggestions.stop()
        if worker is not None:
            worker.join()

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            key, assistant = wanted
            self._give_way()
            try:
                more = self._suggestions.try_next(assistant, key[1], key[2])
            except AssistantError as error:  # whoever asks for them is told
                log.debug("no questions to begin with: %s", error)
                more = False
            if not more:
                with self._lock:
                    self._wanted.pop(key)

    def _next(self) -> tuple[tuple[Groups, int, Language], Assistant] | None:
        with self._lock:
            if self._closed or not self._wanted:
                self._worker = None
                return None
            return next(reversed(self._wanted.items()))

    def _give_way(self) -> None:
        for _ in range(_PATIENCE):
            if self._closed or self._turns.give_way(1.0):
                return


def _to_begin_with(generation: Generation, language: Language) -> list[str]:
    return [source.id for source in in_order(generation.sources.values(), language)[:_DOCUMENTS]]


def _of_others(each: Iterable[Sequence[Suggestion]], limit: int) -> list[Sequence[Suggestion]]:
    """Up to `limit` documents' questions, without those whose first ones are asked of an earlier document too."""
    found: list[Sequence[Suggestion]] = []
    firsts: set[str] = set()
    for suggestions in each:
        if others := [one for one in suggestions if one.text not in firsts]:
            found.append(others)
            firsts.add(others[0].text)
        if len(found) == limit:
            break
    return found


def _some(each: Iterable[Sequence[Suggestion]], limit: int) -> tuple[Suggestion, ...]:
    """The first of each document; where they do not reach, the second of each, and so on."""
    asked = {one.text: one for one in reversed(tuple(_in_turn(_of_others(each, limit))))}
    return tuple(islice(reversed(asked.values()), limit))


def _in_turn(each: Iterable[Sequence[Suggestion]]) -> Iterable[Suggestion]:
    return (one for one in chain.from_iterable(zip_longest(*each)) if one is not None)
