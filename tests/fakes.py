"""What the tests of the core share: a folder of documents and its index, made without weights."""

from __future__ import annotations

import hashlib
import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from reportlab.pdfgen.canvas import Canvas

from assistant.answer import Assistant
from assistant.chat.model import ChatModel
from assistant.conversation.archive import Archive
from assistant.index import Folders, Generation, Index
from assistant.reading.fitted import PLAIN
from assistant.reading.reader import Reader
from assistant.settings import Settings
from assistant.types import Block, BlockKind, Document, Hit, Passage, Source, Span
from ingest.job import Options, Outcome, run
from tests.weights import FakeModel

FAKE = "fake"
"""The name of the fake embedding model."""


class Workshop:
    """A corpus folder, a data folder, and the job between them, with the fake model."""

    def __init__(self, root: Path, chroma_url: str = "") -> None:
        self.corpus = root / "corpus"
        self.data = root / "data"
        self.corpus.mkdir(parents=True)
        self.options = Options(
            corpus=self.corpus,
            data=self.data,
            embedding_model=FAKE,
            chroma_url=chroma_url,
            max_file_mb=1,
            keep_generations=2,
        )

    @property
    def folders(self) -> Folders:
        return Folders(self.data)

    def put(self, path: str, content: str | bytes) -> Path:
        file = self.corpus / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def as_settings(self, patch: pytest.MonkeyPatch) -> None:
        """Let the job's command, as a person or a timer starts it, find these folders."""
        patch.setenv("ASSISTANT_CORPUS_DIR", str(self.corpus))
        patch.setenv("ASSISTANT_DATA_DIR", str(self.data))
        patch.setenv("ASSISTANT_EMBEDDING_MODEL", self.options.embedding_model)
        patch.setenv("ASSISTANT_SETTLE_SECONDS", "0")

    def run(self) -> Outcome:
        return run(self.options, lambda step: None)

    def keep(self, generations: int) -> None:
        self.options = replace(self.options, keep_generations=generations)

    def index(self) -> Index:
        return Index(self.data, self.options.embedding_model, self.options.chroma_url)

    @contextmanager
    def assistant(self, chat: ChatModel | None = None, threshold: float = 0.0, days: int = 0) -> Iterator[Assistant]:
        """With a threshold of 0 everything is answered, with one of 1 nothing is. Conversations are kept
        for `days`."""
        archive = Archive(self.data / "conversations.sqlite", days)
        opened = Assistant(self.index(), FakeModel(), None, Reader(PLAIN), chat, threshold, 2000, archive)
        try:
            yield opened
        finally:
            opened.index.close()

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The current generation, closed again afterwards."""
        index = self.index()
        try:
            with index.reading() as generation:
                yield generation
        finally:
            index.close()


_JOB = """
import os, sys
sys.path[:0] = [{root!r}, {source!r}]
os.fsync = lambda handle: None
import ingest.job
from ingest.__main__ import main
from tests.weights import FakeModel
ingest.job.open_passages = lambda model: FakeModel()
sys.exit(main(sys.argv[1:]))
"""


def job_command(folder: Path) -> tuple[str, ...]:
    """The real job as a command, but for the weights; its script is put into `folder`."""
    root = Path(__file__).parents[1]
    script = folder / "job.py"
    script.write_text(_JOB.format(root=str(root), source=str(root / "src")), encoding="utf-8")
    return (sys.executable, str(script))


def fake_weights(patch: pytest.MonkeyPatch) -> None:
    """Let the job and the application embed with `FakeModel`."""
    patch.setattr("ingest.job.open_passages", lambda model, threads=0: FakeModel())
    patch.setattr("assistant.open.open_queries", lambda model: FakeModel())


def settings_over(place: Workshop, days: int = 0) -> Settings:
    """Over a workshop that tests may share, so that no conversation is kept unless `days` says so."""
    return Settings(
        corpus_dir=place.corpus,
        data_dir=place.data,
        embedding_model=place.options.embedding_model,
        chroma_url=place.options.chroma_url,
        answer_threshold=0,
        conversation_days=days,
    )


def chat_model(*replies: str) -> ChatModel:
    """A LangChain model that says these, one a question, in pieces as a server streams them."""
    return ChatModel("fake:chat", GenericFakeChatModel(messages=iter([AIMessage(r) for r in replies])))


def low_pdf(title: str, text: str) -> bytes:
    """A PDF of one page, so low that its picture is made at once."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(600, 40), invariant=1)
    canvas.setTitle(title)
    canvas.drawString(10, 15, text)
    canvas.save()
    return file.getvalue()


# --- values without a file ----------------------------------------------------------------------

Part = tuple[BlockKind, str]


def document(parts: Sequence[Part], id: str = "d1", title: str = "Tittel", page: int | None = None) -> Document:
    """A document of these blocks; a heading is of the first level and heads what follows."""
    text, blocks = "", []
    path: tuple[str, ...] = ()
    before: BlockKind | None = None
    for kind, words in parts:
        if text:
            text += "\n" if kind == before and kind in ("list_item", "table_row") else "\n\n"
        if kind == "heading":
            path = (words,)
        blocks.append(Block(kind, len(text), len(text) + len(words), page, path))
        text, before = text + words, kind
    return Document(source(id, title=title, characters=len(text)), text, tuple(blocks))


def source(
    id: str = "d1",
    title: str = "Tittel",
    date: str | None = None,
    kind: str | None = None,
    language: str = "nb",
    characters: int = 0,
) -> Source:
    return Source(
        id=id,
        path=f"{id}.md",
        sha256=hashlib.sha256(id.encode()).hexdigest(),
        media_type="text/markdown",
        title=title,
        language=language,
        date=date,
        publisher=None,
        kind=kind,
        url=None,
        pages=None,
        characters=characters,
    )


def hit(text: str, *sentences: str, id: str = "d1", title: str = "Tittel") -> Hit:
    """A hit on a passage that is the whole of its document; its sentences are found in it."""
    spans = tuple(Span(text.index(one), text.index(one) + len(one)) for one in sentences or (text,))
    passage = Passage(f"{id}-0", id, 0, len(text), text, f"{title}\n{text}", (), (), spans)
    return Hit(passage, source(id, title=title), 1.0, ("stems",))


def wait_for(condition: Callable[[], bool], seconds: float = 20, what: str = "") -> None:
    """Until the condition holds; fails with `what` where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)
