"""MCP, as its own client speaks it, over a real port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from assistant.access.keys import Keys
from assistant.answer import Question
from assistant.api.app import create_app
from assistant.api.tools import Answered
from tests.fakes import Workshop, chat_model, settings_over
from tests.serving import served

Json = dict[str, object]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


@pytest.fixture
def address(library: Workshop, fake_model: None, keys: Keys, tmp_path: Path) -> Iterator[str]:
    keys.make("first", "reader", None)
    with served(create_app(settings_over(library).model_copy(update={"api_keys_file": tmp_path / "keys.json"}))) as url:
        yield url


def _with(address: str, key: str | None, use: Callable[[Client], Awaitable[None]]) -> None:
    async def connected() -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            await use(client)

    with ThreadPoolExecutor(1) as elsewhere:  # an earlier browser test may have left a loop running here
        elsewhere.submit(anyio.run, connected).result()


async def _called(client: Client, name: str, **arguments: object) -> Json:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def test_its_client_asks_searches_lists_and_reads(address: str) -> None:
    async def use(client: Client) -> None:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        assert tools == {"ask", "search", "list_documents", "read_document"}
        listed = await _called(client, "list_documents", kind="reisenotat")
        assert [one["path"] for one in listed["documents"]] == ["reiser/københavn.md"]  # type: ignore[attr-defined]
        answer = await _called(client, "ask", question="Hva koster prosjektet?")
        assert answer["status"] == "answered"
        citation = cast("list[Any]", answer["citations"])[0]
        whole = await _called(client, "read_document", document_id=citation["document_id"], characters=50_000)
        assert str(whole["text"])[citation["start"] : citation["end"]] == citation["quote"]
        part = await _called(client, "read_document", document_id=citation["document_id"], start=5, characters=10)
        assert (part["text"], part["next"]) == (str(whole["text"])[5:15], 15)
        found = await _called(client, "search", query="vann til husstander", limit=1)
        assert len(found["hits"]) == 1  # type: ignore[arg-type]

    _with(address, None, use)


def test_a_fall_back_says_so_here_too(library: Workshop) -> None:
    with library.assistant(chat_model("Det koster 99 kroner [1].")) as assistant:
        answered = Answered.of(assistant.answer(Question("Hva koster prosjektet?")))
    assert answered.notice is not None and answered.notice.startswith("Det språkmodellen skrev")


def test_what_goes_wrong_is_told_to_the_client(address: str) -> None:
    async def use(client: Client) -> None:
        for name, arguments in (
            ("read_document", {"document_id": "nobody"}),
            ("ask", {"question": "  "}),
            ("list_documents", {"kind": "brev"}),
        ):
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert len(str(result.content)) > 30

    _with(address, None, use)


def test_a_key_sees_its_groups_here_too(address: str, keys: Keys) -> None:
    everything = keys.make("all", "reader", None)[1]
    some = keys.make("reiser", "reader", ["reiser"])[1]

    async def all_of_them(client: Client) -> None:
        assert len((await _called(client, "list_documents"))["documents"]) == 4  # type: ignore[arg-type]

    async def only_these(client: Client) -> None:
        (document,) = cast("list[Any]", (await _called(client, "list_documents"))["documents"])
        assert document["path"] == "reiser/københavn.md"
        answer = await _called(client, "ask", question="Hva koster prosjektet?")
        assert {one["document_id"] for one in answer["citations"]} <= {document["id"]}  # type: ignore[attr-defined]

    _with(address, everything, all_of_them)
    _with(address, some, only_these)


def test_a_wrong_key_is_refused(address: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for headers in ({"Authorization": "Bearer wrong"}, {"Origin": "https://evil.example"}):
        response = httpx2.post(f"{address}/mcp", json=body, headers=headers, timeout=60)
        assert response.status_code in (401, 403)
