"""The values that pass between the stages, in the order they come to be.

file -> Document(blocks, words) -> Passage(sentences) -> generation
question -> Hit -> Draft -> Answer(sentences, citations)

All of them are frozen. Offsets count Unicode code points in `Document.text`, which is the one
normalised text of a document: passages, sentences, quotes, boxes and the viewer all point into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["nb", "nn", "en"]
"""A language the product speaks. A document may be in any language."""

LANGUAGES: tuple[Language, ...] = get_args(Language)

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "footnote"]
FoundBy = Literal["dense", "stems", "grams"]
FilterField = Literal["kinds", "publishers", "languages", "documents", "date"]
Status = Literal["answered", "no_answer"]
About = Literal["documents", "abilities", "maker"]


# --- a document as it was read ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page. `page` counts from 1; x and y are fractions (0-1) of the page's width
    and height as it is shown, origin top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Word:
    """A whitespace-free run of the text, `[start, end)`, and where it is drawn (PDF only).

    A word has several boxes where it was broken by a hyphen, or where a table row repeats the name
    of its column."""

    start: int
    end: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest piece a parser knows: `Document.text[start:end]`.

    `page` is the page or slide (from 1), None in a format without pages. `heading_path` holds the
    headings above the block, outermost first; a heading's own text is the last of its path. `row` is
    the row of a sheet (from 1), None elsewhere; the sheet's name is a heading."""

    kind: BlockKind
    start: int
    end: int
    page: int | None
    heading_path: tuple[str, ...]
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a document beside its text: the columns of the catalogue.

    `path` is relative to the corpus folder, with `/`; `date` is ISO 8601 (a year, a month or a
    day); `kind` is free text such as "trip note"; `url` says where the document was published;
    `superseded_by` is the id of the document that says it replaces this one. `fetched` is the day, ISO 8601, when the
    file was taken from there; `unread` the code of the error for which the file cannot be read as it lies now: this
    is its last good version."""

    id: str
    path: str
    sha256: str
    media_type: str
    title: str
    language: str
    date: str | None
    publisher: str | None
    kind: str | None
    url: str | None
    pages: int | None
    characters: int
    passages: int = 0
    superseded_by: str | None = None
    unread: str | None = None
    fetched: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document read and normalised. Blocks are in reading order, do not overlap, and are parted
    by whitespace alone. `page_labels` are the numbers printed on a PDF's pages ("iv", "A-3"), one a page;
    empty where they are the pages' own numbers, or the file does not say. `replaces` holds the paths of the
    documents that it says it supersedes, as they were written."""

    source: Source
    text: str
    blocks: tuple[Block, ...]
    words: tuple[Word, ...] = ()
    page_labels: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` in a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole blocks or sentences, the unit of search. `text` is verbatim.

    `indexed_text` is what is embedded and indexed: the title, the headings, for the rest of a long
    list its lead-in, and the text. `sentences` are the spans that may be quoted: sentences, table
    rows, and short lists together with the sentence that leads into them."""

    id: str
    document_id: str
    start: int
    end: int
    text: str
    indexed_text: str
    heading_path: tuple[str, ...]
    pages: tuple[int, ...]
    sentences: tuple[Span, ...]

    def between(self, start: int, end: int) -> str:
        """The passage's text from `start` to `end`, which are offsets in its document's."""
        return self.text[start - self.start : end - self.start]


# --- from a question to its answer --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer; an empty field lets all through. Dates are ISO 8601, inclusive.
    `without` holds the ids of documents that may not."""

    documents: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the trained network says of a sentence: its logit, of which 0 stands for "no answer here", and
    the place of the words in it that answer best, `[start, end)` in the document."""

    logit: float
    answer: Span


@dataclass(frozen=True, slots=True)
class Recognised:
    """A filter that a question itself names. `field` is "kinds", "publishers", "languages", "documents" or "date";
    `values` are the filter's, of a date one ISO 8601 interval ("2023/2024", "2024/.."). `label` is for people, in
    the answer's language."""

    field: FilterField
    values: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found. `score` is the fused score (0-1), after reranking the probability that
    the passage answers; `cosine` is what the embedding said of it, None where only the keywords found it.
    `judgements` has one for each of the passage's sentences, None where the network has not read it."""

    passage: Passage
    source: Source
    score: float
    found_by: tuple[FoundBy, ...]
    cosine: float | None = None
    judgements: tuple[Judgement, ...] | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a document that supports something: `text[start:end] == quote`."""

    passage: Passage
    source: Source
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence on its way to the user, with the quotes that bear it; never without one."""

    quotes: tuple[Quote, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote and its place. `quote == document_text[start:end]`. `page_label` is the number
    printed on the page where it is another than `page`; `row` is the row of a sheet; `superseded_by` is the id
    of the document that replaced it; `unread` is the code of the error for which the document's file cannot be read
    as it lies now: the quote is from its last readable version. `language` is the document's, which need not be the
    answer's; empty where it was not kept."""

    number: int
    passage_id: str
    document_id: str
    title: str
    date: str | None
    page: int | None
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int
    boxes: tuple[Box, ...]
    url: str
    page_label: str | None = None
    row: int | None = None
    media_type: str = ""
    superseded_by: str | None = None
    unread: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """`citations` are the numbers of the citations that bear the sentence; empty only in an answer about
    the assistant itself (`Answer.about`)."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A drafted sentence that no document bore out, and why, in the answer's language."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Near:
    """A document worth a look although it did not answer. `language` is as in Citation."""

    document_id: str
    title: str
    language: str = ""


def near_of(source: Source) -> Near:
    """A document as one to look in."""
    return Near(source.id, source.title, source.language)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation and what came of it. `question` is as it was asked, `whole` as it was
    understood; `cited` are the documents that the answer cites, in order."""

    question: str
    whole: str
    answer_text: str
    cited: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many documents were searched, of how many there are."""

    searched: int
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets. `milliseconds` has one entry a stage. `references` has one line for each
    document cited, in APA style, its title between asterisks. `recognised` are the filters that the question
    itself named.

    `question` is as it was asked, `understood_as` as it was searched for where that is another. `about`
    says that the question was about the assistant itself: such an answer comes from the catalogue and
    from fixed texts, cites nothing, and names the documents that it lists in `documents`. `unanswered` are
    the parts of a question that no answer was found to, while another part has one. `suggestions` are
    narrower questions that are answered, where this one is not. `notice` tells that a language model failed, and
    what stands here instead of its answer."""

    id: str
    conversation_id: str
    status: Status
    text: str
    language: Language
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Dropped, ...]
    near: tuple[Near, ...]
    coverage: Coverage
    model: str
    generation: str
    milliseconds: dict[str, float]
    references: tuple[str, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    question: str = ""
    understood_as: str | None = None
    about: About | None = None
    documents: tuple[Near, ...] = ()
    unanswered: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    notice: str | None = None


def in_force(source: Source, sources: Mapping[str, Source]) -> Source | None:
    """What has taken the place of a document: the last of those that superseded one another; None for a document that
    is in force itself."""
    last = source
    while last.superseded_by is not None and last.superseded_by in sources:
        last = sources[last.superseded_by]
    return None if last is source else last


# --- what is kept of a conversation -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, `asked` at a time. `sources` are the documents cited, as they were then."""

    asked: str
    answer: Answer
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """`turns` are in the order they were asked. Times are ISO 8601 in UTC."""

    id: str
    started: str
    updated: str
    turns: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """A conversation in a list. `title` is its first question, `turns` their number."""

    id: str
    title: str
    started: str
    updated: str
    turns: int


# --- from a question to an overview -------------------------------------------------------------

RunStatus = Literal["running", "stopped", "done"]
ReviewState = Literal["waiting", "read", "unread"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of an overview: what one document says, the quote itself or a sentence that it bears.
    `citations` are numbers, never empty; `confidence` is the reader's (0-1)."""

    document_id: str
    title: str
    date: str | None
    text: str
    citations: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A document of an overview. `findings` says how many are listed, `more` how many beyond them were
    found and left out; `reason` why it could not be read through, in the overview's language."""

    document_id: str
    title: str
    date: str | None
    state: ReviewState
    findings: int
    more: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class OverviewCoverage:
    """Documents: `reviewed` of the `total` that were to be, `with_findings` of these; `unread` could not
    be read through, `waiting` have not been yet. `corpus` is how many there are beyond the filters."""

    reviewed: int
    total: int
    with_findings: int
    unread: int
    waiting: int
    corpus: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What every document says about a question, in the order of `documents`. `asked` is what each was
    read for; `text` says the coverage in words; times are ISO 8601 UTC."""

    id: str
    status: RunStatus
    question: str
    asked: str
    language: Language
    filters: Filters
    most_findings: int
    text: str
    coverage: OverviewCoverage
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    documents: tuple[Reviewed, ...]
    model: str
    generation: str
    created: str
    updated: str


def sentences_of(passage: Passage) -> Iterator[str]:
    """The texts of `passage.sentences`, in order."""
    for span in passage.sentences:
        yield passage.between(span.start, span.end)
