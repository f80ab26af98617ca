"""What `generated_client` runs: the client that was made asks, searches, reads, rates, uploads, and is told what is
wrong. Takes the service's address and the key of an admin, who alone sees two documents."""

from __future__ import annotations

import asyncio
import io
import sys

from assistant_client import AuthenticatedClient
from assistant_client.api.ask import ask_ask, ask_questions, ask_search
from assistant_client.api.conversations import (
    conversations_delete_conversation,
    conversations_export_conversation,
    conversations_get_conversation,
    conversations_list_conversations,
)
from assistant_client.api.documents import (
    documents_get_document,
    documents_get_file,
    documents_get_page,
    documents_list_documents,
    documents_remove,
    documents_state,
    documents_upload,
)
from assistant_client.api.feedback import feedback_give, feedback_latest
from assistant_client.api.health import health_readyz
from assistant_client.api.openai import openai_complete, openai_list_models
from assistant_client.api.overview import overview_export, overview_make
from assistant_client.api.session import session_who
from assistant_client.models import (
    Answer,
    Ask,
    AskAll,
    AskFilters,
    BodyDocumentsUpload,
    Completed,
    Completion,
    Conversation,
    ConversationList,
    ConversationsExportConversationFormat,
    DocumentList,
    DocumentText,
    FeedbackList,
    Given,
    GivenRating,
    JobState,
    Message,
    MessageRole,
    Models,
    OpenAIProblem,
    Overview,
    OverviewExportFormat,
    Problem,
    Questions,
    Ready,
    Removed,
    SearchResult,
    Session,
    Uploaded,
)
from assistant_client.types import File

_COST = "Hva koster brua over elva?"


def main(address: str, key: str) -> None:
    client = AuthenticatedClient(base_url=address, token=key, timeout=None, raise_on_unexpected_status=True)
    with client:
        answer = _asks(client)
        asyncio.run(_asks_without_waiting(address, key))
        _reads(client, answer)
        _looks_back(client, answer)
        _makes_an_overview(client)
        _speaks_like_others(client)
        _uploads_and_removes(client)
        _is_told_what_is_wrong(client, address)


def _asks(client: AuthenticatedClient) -> Answer:
    answer = ask_ask.sync(client=client, body=Ask(question=_COST))
    assert isinstance(answer, Answer), answer
    assert answer.status == "answered" and "7 millioner" in answer.text
    sources: list[str] = answer.references  # always there, also where it is empty
    assert len(answer.citations) >= 1 and sources and answer.notice is None
    ready = health_readyz.sync(client=client)
    assert isinstance(ready, Ready) and ready.documents == 2
    who = session_who.sync(client=client)
    assert isinstance(who, Session) and who.groups is None and "edit" in who.may
    offered = ask_questions.sync(client=client)
    assert isinstance(offered, Questions) and isinstance(offered.complete, bool)
    return answer


async def _asks_without_waiting(address: str, key: str) -> None:
    async with AuthenticatedClient(base_url=address, token=key, timeout=None) as client:
        answer = await ask_ask.asyncio(client=client, body=Ask(question=_COST))
        assert isinstance(answer, Answer) and answer.status == "answered"


def _reads(client: AuthenticatedClient, answer: Answer) -> None:
    citation = answer.citations[0]
    found = ask_search.sync(client=client, q=_COST, limit=3)
    assert isinstance(found, SearchResult) and 0 < len(found.hits) <= 3
    assert all(0 <= hit.score <= 1 for hit in found.hits)
    listed = documents_list_documents.sync(client=client)
    assert isinstance(listed, DocumentList)
    paths = {one.path: one.id for one in listed.documents}
    assert set(paths) == {"bru.md", "brev.pdf"} and set(listed.ingested.additional_properties) == set(paths.values())
    document = documents_get_document.sync(citation.document_id, client=client)
    assert isinstance(document, DocumentText)
    assert document.text[citation.start : citation.end] == citation.quote
    original = documents_get_file.sync(paths["brev.pdf"], client=client)
    assert isinstance(original, File) and original.payload.read(5) == b"%PDF-"
    picture = documents_get_page.sync(paths["brev.pdf"], 1, client=client)
    assert isinstance(picture, File) and picture.payload.read(4) == b"\x89PNG"


def _looks_back(client: AuthenticatedClient, answer: Answer) -> None:
    kept = conversations_list_conversations.sync(client=client)
    assert isinstance(kept, ConversationList)
    assert answer.conversation_id in {one.id for one in kept.conversations}
    conversation = conversations_get_conversation.sync(answer.conversation_id, client=client)
    assert isinstance(conversation, Conversation) and conversation.turns[0].answer == answer
    for format_ in ConversationsExportConversationFormat:
        written = conversations_export_conversation.sync(answer.conversation_id, client=client, format_=format_)
        assert isinstance(written, str) and _COST in written
    given = Given(answer_id=answer.id, rating=GivenRating.VALUE_1, comment="Godt.")
    assert feedback_give.sync_detailed(client=client, body=given).status_code == 204
    latest = feedback_latest.sync(client=client)
    assert isinstance(latest, FeedbackList) and latest.feedback[0].comment == "Godt."
    gone = conversations_delete_conversation.sync_detailed(answer.conversation_id, client=client)
    assert gone.status_code == 204


def _makes_an_overview(client: AuthenticatedClient) -> None:
    overview = overview_make.sync(client=client, body=AskAll(question="List opp alt om brua", most_findings=3))
    assert isinstance(overview, Overview) and overview.coverage.total == 2
    table = overview_export.sync_detailed(overview.id, client=client, format_=OverviewExportFormat.XLSX)
    assert table.content.startswith(b"PK")


def _speaks_like_others(client: AuthenticatedClient) -> None:
    models = openai_list_models.sync(client=client)
    assert isinstance(models, Models)
    messages = [Message(role=MessageRole.USER, content=_COST)]
    done = openai_complete.sync(client=client, body=Completion(model=models.data[0].id, messages=messages))
    assert isinstance(done, Completed) and "[1]" in done.choices[0].message.content
    wrong = openai_complete.sync(client=client, body=Completion(model="another", messages=messages))
    assert isinstance(wrong, OpenAIProblem) and wrong.error.code == "model_not_found"


def _uploads_and_removes(client: AuthenticatedClient) -> None:
    file = File(io.BytesIO(b"# Notat\n\nFergen koster 3 millioner."), "ferge.md", "text/markdown")
    sent = documents_upload.sync(client=client, body=BodyDocumentsUpload(file, folder="nytt", ingest=False))
    assert isinstance(sent, Uploaded) and (sent.path, sent.replaced) == ("nytt/ferge.md", False)
    state = documents_state.sync(client=client)
    assert isinstance(state, JobState) and state.status == "idle" and state.result is None
    listed = documents_list_documents.sync(client=client)
    assert isinstance(listed, DocumentList)
    removed = documents_remove.sync(listed.documents[0].id, client=client)
    assert isinstance(removed, Removed) and removed.ingest.status == "running"


def _is_told_what_is_wrong(client: AuthenticatedClient, address: str) -> None:
    unknown = documents_get_document.sync_detailed("nobody", client=client)
    assert isinstance(unknown.parsed, Problem)
    assert (unknown.status_code, unknown.parsed.status, unknown.parsed.code) == (404, 404, "document_not_found")
    assert unknown.headers["content-type"].startswith("application/problem+json")
    empty = ask_ask.sync(client=client, body=Ask(question="?"))
    assert isinstance(empty, Problem) and (empty.status, empty.code) == (422, "question_empty")
    narrowed = Ask(question=_COST, filters=AskFilters(kinds=["ingen slik"]))
    filtered = ask_ask.sync(client=client, body=narrowed)
    assert isinstance(filtered, Problem) and filtered.code == "filter_unknown"
    with AuthenticatedClient(base_url=address, token="wrong", timeout=None) as stranger:
        refused = ask_ask.sync(client=stranger, body=Ask(question=_COST))
        assert isinstance(refused, Problem) and (refused.status, refused.code) == (401, "key_unknown")


if __name__ == "__main__":
    main(*sys.argv[1:3])
    sys.stdout.write("the generated client does what it should\n")
