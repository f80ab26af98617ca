"""The sample corpus is complete, can be made again, and holds what the questions about it ask for."""

from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import TypedDict

import pypdfium2
import pytest
import yaml
from docx import Document as open_word
from docx.table import Table
from pptx import Presentation as open_slides

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
GOLDEN = ROOT / "tests" / "evals" / "golden.json"
TRIPLES = ROOT / "tests" / "evals" / "triples.json"
OVERVIEWS = ROOT / "tests" / "evals" / "overviews.json"
KINDS = {"prosjektdokument", "reisenotat", "nasjonalt veikart", "nyhet"}
REQUIRED = {"title", "date", "publisher", "kind", "language"}


class Question(TypedDict, total=False):
    id: str
    question: str
    language: str
    style: str
    category: str
    history: list[str]
    triple: str
    documents: list[str]
    answers: list[str]
    all_of: list[str]
    unanswerable: bool


class OverviewQuestion(TypedDict, total=False):
    id: str
    question: str
    language: str
    filters: dict[str, list[str]]
    documents: dict[str, list[str]]
    partly: list[str]


# --- reading, apart from the product's own parsers ----------------------------------------------


class _Page(HTMLParser):
    """The text of a page's <article>, its <title>, and what its <meta name=…> and <html lang> say."""

    def __init__(self) -> None:
        super().__init__()
        self.details: dict[str, str] = {}
        self.text: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            if "name" in values:
                self.details[values["name"]] = values["content"]
            return
        if tag == "html":
            self.details["language"] = values["lang"]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        self.text.append(" ")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.details["title"] = data
        if "article" in self._open:
            self.text.append(data)


def read_page(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def pdf_pages(path: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    finally:
        pdf.close()


def word_texts(path: Path) -> Iterator[str]:
    for item in open_word(str(path)).iter_inner_content():
        if isinstance(item, Table):
            yield from (cell.text for row in item.rows for cell in row.cells)
        else:
            yield item.text


def slide_texts(path: Path) -> Iterator[str]:
    for slide in open_slides(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
            elif shape.has_text_frame:
                yield shape.text_frame.text
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def text_of(path: Path) -> str:
    match path.suffix:
        case ".pdf":
            text = " ".join(pdf_pages(path))
        case ".docx":
            text = " ".join(word_texts(path))
        case ".pptx":
            text = " ".join(slide_texts(path))
        case ".html":
            text = "".join(read_page(path).text)
        case _:
            text = path.read_text(encoding="utf-8").split("\n---\n", 1)[-1]
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def details_of(path: Path) -> dict[str, str]:
    if path.suffix == ".html":
        return read_page(path).details
    if path.suffix == ".md":
        fields = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    else:
        fields = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    return {name: str(value) for name, value in fields.items()}


def documents() -> list[Path]:
    return sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.suffix != ".yaml")


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_corpus", ROOT / "docs" / "make_corpus.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass with postponed annotations looks its module up here.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "make_corpus", module)
        spec.loader.exec_module(module)
    return module


# --- the corpus ---------------------------------------------------------------------------------


def test_every_format_language_and_kind_is_there() -> None:
    formats = Counter(path.suffix for path in documents())
    assert set(formats) == {".md", ".html", ".txt", ".pdf", ".docx", ".pptx"}
    assert formats.total() >= 18
    assert formats[".pdf"] >= 3 and formats[".docx"] >= 2 and formats[".pptx"] >= 1
    languages = Counter(details_of(path)["language"] for path in documents())
    assert languages["nn"] >= 2 and languages["en"] >= 2
    assert languages["nb"] > languages["nn"] + languages["en"]
    assert {details_of(path)["kind"] for path in documents()} == KINDS


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_document_has_its_details_and_names_its_source(path: Path) -> None:
    details = details_of(path)
    assert set(details) >= REQUIRED
    assert all(details[name].strip() for name in REQUIRED)
    assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", details["date"])
    text = text_of(path)
    assert re.search(r"\b[a-zæøå0-9-]+(\.kommune)?\.(no|dk|com)\b", text)
    assert details["date"][:4] in text


def test_names_are_composed_and_every_sidecar_has_its_document() -> None:
    paths = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert all(unicodedata.is_normalized("NFC", str(path.relative_to(CORPUS))) for path in paths)
    beside = {path.with_suffix("") for path in documents() if path.suffix not in {".md", ".html"}}
    assert {path.with_suffix("") for path in paths if path.suffix == ".yaml"} == beside


def test_two_pdfs_have_several_pages_and_one_has_columns_and_a_ruled_table() -> None:
    pages = {path.name: pdf_pages(path) for path in documents() if path.suffix == ".pdf"}
    assert sum(len(texts) >= 2 for texts in pages.values()) >= 2
    pdf = pypdfium2.PdfDocument(CORPUS / "veikart" / "veikart-for-helsenæringen.pdf")
    try:
        page = pdf[0]
        text = page.get_textpage()
        width = page.get_width()
        left, right, columns = (
            text.get_charbox(text.search(word).get_next()[0])
            for word in ("Lanseringen", "Eksport er", "Innhold")
        )
        assert left[0] < width / 2 < right[0]
        assert columns[1] < min(left[1], right[1])
        ruled = [item for item in page.get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
        assert len(ruled) >= 10
    finally:
        pdf.close()


def test_the_script_makes_the_very_documents_of_the_corpus(tmp_path: Path) -> None:
    made = script().make_corpus(tmp_path / "first")
    again = script().make_corpus(tmp_path / "second")
    names = {path.relative_to(tmp_path / "first") for path in made}
    assert names == {
        path.relative_to(CORPUS) for path in documents() if path.suffix in {".pdf", ".docx", ".pptx"}
    }
    for one, other in zip(made, again, strict=True):
        kept = CORPUS / one.relative_to(tmp_path / "first")
        assert one.read_bytes() == other.read_bytes()
        # Other versions of the libraries may write other bytes, never another text.
        assert text_of(one) == text_of(kept)
        assert one.with_suffix(".yaml").read_bytes() == kept.with_suffix(".yaml").read_bytes()


# --- the golden questions and the triples -------------------------------------------------------


def read_questions(path: Path) -> list[Question]:
    given = json.loads(path.read_text(encoding="utf-8"))
    assert given["version"] == 1
    questions: list[Question] = given["questions"]
    return questions


def golden() -> list[Question]:
    return read_questions(GOLDEN)


def triples() -> list[Question]:
    return read_questions(TRIPLES)


def category(question: Question) -> str:
    return question.get("category", "single")


def test_the_golden_questions_are_spread_as_meant() -> None:
    questions = golden()
    asked = {(*q.get("history", []), q["question"]) for q in questions}
    assert len(questions) == len({q["id"] for q in questions}) == len(asked) == 141
    assert sum(q.get("unanswerable", False) for q in questions) == 37
    assert Counter(q["language"] for q in questions) == {"nb": 76, "nn": 35, "en": 30}
    assert Counter(map(category, questions)) == {"single": 89, "conflict": 12, "two_part": 15, "follow_up": 25}
    assert {q["style"] for q in questions} == {"document", "layman"}
    singles = [q["style"] for q in questions if category(q) == "single"]
    assert singles.count("layman") >= len(singles) / 2


def test_the_golden_questions_ask_about_every_document() -> None:
    assert {CORPUS / path for q in golden() for path in q.get("documents", [])} == set(documents())


@pytest.mark.parametrize("question", golden(), ids=lambda question: question["id"])
def test_a_golden_question_has_the_fields_of_its_category(question: Question) -> None:
    assert set(question) <= Question.__annotations__.keys() - {"triple"}
    assert question["question"] == question["question"].strip() != ""
    # One without earlier questions stands alone; one with them is put after one or two others.
    assert ("history" in question) == (category(question) == "follow_up")
    history = question.get("history", [question["question"]])
    assert 1 <= len(history) <= 2 and all(earlier == earlier.strip() != "" for earlier in history)
    if category(question) in {"conflict", "two_part"}:
        # Both halves have to be quoted.
        assert len(question["all_of"]) >= 2


def test_each_triple_asks_for_one_fact_in_three_languages() -> None:
    questions = triples()
    asked = {q["question"] for q in questions}
    assert len(questions) == len({q["id"] for q in questions}) == len(asked) == 3 * 71
    assert not {q["id"] for q in golden()} & {q["id"] for q in questions}
    assert not {q["question"] for q in golden()} & asked
    assert {CORPUS / path for q in questions for path in q["documents"]} == set(documents())
    for name in {q["triple"] for q in questions}:
        three = [q for q in questions if q["triple"] == name]
        assert [q["language"] for q in three] == ["nb", "nn", "en"]
        own = {"id", "question", "language"}
        assert all(set(q) - {"all_of"} == own | {"triple", "style", "documents", "answers"} for q in three)
        first, *others = ({field: value for field, value in q.items() if field not in own} for q in three)
        assert others == [first, first]


@pytest.mark.parametrize("question", [*golden(), *triples()], ids=lambda question: question["id"])
def test_an_answer_stands_in_every_document_named_for_it(question: Question) -> None:
    if question.get("unanswerable"):
        assert not {"documents", "answers", "all_of"} & set(question)
        return
    assert question["documents"] and question["answers"]
    assert len(question["documents"]) == len(set(question["documents"]))
    texts = [text_of(CORPUS / path) for path in question["documents"]]
    for text, path in zip(texts, question["documents"], strict=True):
        assert any(answer in text for answer in question["answers"]), path
    for answer in [*question["answers"], *question.get("all_of", [])]:
        assert any(answer in text for text in texts), answer
    if category(question) in {"single", "follow_up"}:
        # Only the two halves of a conflict or of a two-part question may stand in different documents.
        assert all(answer in text for text in texts for answer in question.get("all_of", []))


# --- the overview questions ---------------------------------------------------------------------


def overviews() -> list[OverviewQuestion]:
    questions: list[OverviewQuestion] = json.loads(OVERVIEWS.read_text(encoding="utf-8"))["questions"]
    return questions


def test_the_overview_questions_are_spread_as_meant() -> None:
    questions = overviews()
    assert len({q["id"] for q in questions}) == len({q["question"] for q in questions}) == len(questions) >= 12
    assert Counter(q["language"] for q in questions) == {"nb": 14, "nn": 4, "en": 6}
    assert sum(not q["documents"] for q in questions) == 3
    assert sum(len(q["documents"]) for q in questions) > 100


@pytest.mark.parametrize("question", overviews(), ids=lambda question: question["id"])
def test_what_an_overview_is_to_find_stands_in_every_document_named_for_it(question: OverviewQuestion) -> None:
    partly = question.get("partly", [])
    assert not set(partly) & set(question["documents"])
    assert all((CORPUS / path).is_file() for path in partly)
    for path, wordings in question["documents"].items():
        text = text_of(CORPUS / path)
        assert all(wording in text for wording in wordings) and wordings, path
        assert question.get("filters", {}).get("kinds", [details_of(CORPUS / path)["kind"]]) == [
            details_of(CORPUS / path)["kind"]
        ]
