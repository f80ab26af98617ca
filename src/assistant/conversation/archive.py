"""Conversations, kept in SQLite for a number of days and then gone.

One file beside the index, which outlives every generation. Each call opens a connection of its own, so that
any number of threads and a command line beside the server may use it at once (write-ahead log)."""

from __future__ import annotations

import copy
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.access import LOCAL, Groups, Principal, covers
from assistant.conversation import turn_of
from assistant.errors import ArchiveUnavailable, ConversationNotFound
from assistant.types import Answer, Conversation, ConversationEntry, Exchange, Source, Turn

# `owner` is that of a Principal, `reach` the groups that whoever asked could see, as JSON: a turn may tell of any
# document of theirs, so it is shown to nobody who sees less.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL DEFAULT '', started TEXT NOT NULL, updated TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_updated ON conversations (updated);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    asked TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, sources TEXT NOT NULL,
    reach TEXT NOT NULL DEFAULT 'null',
    PRIMARY KEY (conversation, number)
) STRICT, WITHOUT ROWID;
"""
_REMEMBERED = 6
"""Turns that a follow-up may point back into."""
_WAIT_SECONDS = 10.0

_ANSWER = TypeAdapter(Answer)
_SOURCES = TypeAdapter(tuple[Source, ...])
_REACH = TypeAdapter(Groups)


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """Safe to use from many threads and processes. With `days` of 0 nothing is kept, or made on disk."""

    def __init__(self, file: Path, days: int, now: Callable[[], datetime] = _now) -> None:
        self._file = file
        self._days = days
        self._now = now
        self._whose = LOCAL

    def of(self, principal: Principal) -> Archive:
        """The conversations of one principal, who may give them whatever ids it likes."""
        seen = copy.copy(self)
        seen._whose = principal
        return seen

    def keeping_nothing(self) -> Archive:
        """For who keeps conversations elsewhere."""
        return Archive(self._file, 0, self._now)

    def add(self, answer: Answer, sources: Mapping[str, Source]) -> None:
        """Keep an answer as the next turn of its conversation; `sources` holds the cited documents by id.
        An unknown id begins a conversation. Raises ArchiveUnavailable, as all methods do."""
        if not self._days:
            return
        cited = dict.fromkeys(citation.document_id for citation in answer.citations)
        kept = json.dumps([asdict(sources[id]) for id in cited], ensure_ascii=False)
        now = _written(self._now())
        self.forget_expired()
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversations (id, owner, started, updated) VALUES (?1, ?2, ?3, ?3) "
                "ON CONFLICT (id) DO UPDATE SET updated = ?3",
                (self._stored(answer.conversation_id), self._whose.owner, now),
            )
            connection.execute(
                "INSERT INTO turns (conversation, number, asked, question, answer, sources, reach) "
                "SELECT ?1, 1 + coalesce(max(number), 0), ?2, ?3, ?4, ?5, ?6 FROM turns WHERE conversation = ?1",
                (
                    self._stored(answer.conversation_id),
                    now,
                    answer.question,
                    json.dumps(asdict(answer), ensure_ascii=False),
                    kept,
                    json.dumps(None if self._whose.groups is None else sorted(self._whose.groups)),
                ),
            )

    def history(self, id: str) -> tuple[Turn, ...]:
        """The last turns of a conversation, oldest first; none where it is unknown."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT answer, reach FROM turns JOIN conversations ON id = conversation "
                "WHERE conversation = ? AND owner = ? AND updated >= ? ORDER BY number DESC LIMIT ?",
                (self._stored(id), self._whose.owner, self._oldest(), _REMEMBERED),
            ).fetchall()
            shown = [answer for answer, reach in reversed(rows) if self._may_see(reach)]
            return tuple(turn_of(_ANSWER.validate_json(answer)) for answer in shown)

    def entries(self, limit: int) -> tuple[ConversationEntry, ...]:
        """The latest conversations, latest first; none for who may not list them. They begin where whoever asks may
        see them, and have as many turns."""
        if not self._whose.lists:
            return ()
        with self._reading() as connection:
            connection.create_function("seen", 1, self._may_see, deterministic=True)
            rows = connection.execute(
                "SELECT id, question, started, updated, count(*), min(number) "  # the question is the first turn's
                "FROM conversations JOIN turns ON conversation = id WHERE owner = ? AND updated >= ? AND seen(reach) "
                "GROUP BY id ORDER BY updated DESC, id LIMIT ?",
                (self._whose.owner, self._oldest(), limit),
            ).fetchall()
            return tuple(ConversationEntry(id.removeprefix(f"{self._whose.owner}:"), *rest[:-1]) for id, *rest in rows)

    def conversation(self, id: str) -> Conversation:
        """Raises ConversationNotFound."""
        with self._reading() as connection:
            found = connection.execute(
                "SELECT started, updated FROM conversations WHERE id = ? AND owner = ? AND updated >= ?",
                (self._stored(id), self._whose.owner, self._oldest()),
            ).fetchone()
            rows = connection.execute(
                "SELECT asked, answer, sources, reach FROM turns WHERE conversation = ? ORDER BY number",
                (self._stored(id),),
            ).fetchall()
            turns = tuple(
                Exchange(asked, _ANSWER.validate_json(answer), _SOURCES.validate_json(sources))
                for asked, answer, sources, reach in rows
                if self._may_see(reach)
            )
            if found is None or not turns:
                raise ConversationNotFound(id)
            started, updated = found
            return Conversation(id, started, updated, turns)

    def delete(self, id: str) -> None:
        """Its owner may, also where it sees less now. Raises ConversationNotFound."""
        if not self._erase("id = ? AND owner = ?", self._stored(id), self._whose.owner):
            raise ConversationNotFound(id)

    def forget_expired(self) -> None:
        """Delete what is older than it may be; everything where nothing is to be kept."""
        self._erase("updated < ?", self._oldest())

    def _oldest(self) -> str:
        return _written(self._now() - timedelta(days=self._days)) if self._days else "9"  # after every time

    def _stored(self, id: str) -> str:
        """The id in the file, where no two owners have the same; what is the command line's stands as it is."""
        owner = self._whose.owner
        return f"{owner}:{id}" if owner or ":" in id else id

    def _may_see(self, reach: str) -> bool:
        return covers(self._whose.groups, _REACH.validate_json(reach))

    def _erase(self, which: str, *values: str) -> bool:
        """Delete conversations so that nothing of them is left in the file; False where there are none."""
        if not self._file.exists():
            return False
        with self._connected(self._file) as connection:
            if not connection.execute(f"DELETE FROM conversations WHERE {which}", values).rowcount:
                return False
            # Give the freed pages back, and empty the write-ahead log: it still holds what was overwritten.
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return True

    # --- connections ---

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Where nothing was ever kept there is nothing to read, and nothing is made."""
        with self._connected(self._file if self._file.exists() and self._days else None) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._mapped():
            if not self._file.exists():
                self._file.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))  # what was asked is for its owner alone
        with self._connected(self._file) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self, file: Path | None) -> Iterator[sqlite3.Connection]:
        """`file` is None for an empty archive."""
        with (
            self._mapped(),
            closing(sqlite3.connect(file or ":memory:", timeout=_WAIT_SECONDS, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not merely unlinked
            connection.execute("PRAGMA foreign_keys = ON")
            if not connection.execute("PRAGMA table_info(turns)").fetchone():
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
            elif not connection.execute("SELECT 1 FROM pragma_table_info('turns') WHERE name = 'reach'").fetchone():
                with suppress(sqlite3.OperationalError):  # another process was first
                    connection.execute("ALTER TABLE turns ADD COLUMN reach TEXT NOT NULL DEFAULT 'null'")
            yield connection

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValidationError) as error:
            raise ArchiveUnavailable(str(self._file), str(error).split("\n")[0]) from error


def _written(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
