"""The protocol, spoken by its official client: in this process, with a real one on its pipes, and over HTTP."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent
from structlog.testing import capture_logs

from index.errors import SettingsError
from service import mcp
from service.cli import main
from service.listening import listen
from service.newsquote import Newsquote
from service.readers.reader import Reader
from tests.conftest import TROOPS
from tests.test_processes import command, environment, run

ROOT = Path(__file__).parents[2]
QUESTION = "How many troops were sent?"
T = TypeVar("T")
NEWS = "North Korea sent 10,000 troops to Russia, officials said on Monday. They went by train."


def apart(conversation: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run it on a thread of its own: tests with a browser leave a loop on this one that goes on."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, conversation()).result()


def talk(server: Any, *calls: tuple[str, dict[str, Any]], mode: str = "auto") -> list[CallToolResult]:
    """Connect the official client, and return what the calls give."""

    async def conversation() -> list[CallToolResult]:
        async with Client(server, mode=mode) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return apart(conversation)


def text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_tools_are_described_for_clients_old_and_new(newsquote: Newsquote, mode: str) -> None:
    async def listed() -> Any:
        async with Client(mcp.server(newsquote), mode=mode) as client:
            return await client.list_tools()

    tools = {tool.name: tool for tool in apart(listed).tools}
    assert list(tools) == ["ask", "verify", "search_articles", "get_article"]
    for name, tool in tools.items():
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint is (name != "ask")  # a question stays as a turn
        assert tool.annotations.destructive_hint is False
    assert "Only the outcome `answered` may be told as an answer" in tools["ask"].description


def test_result_is_structured_and_text(newsquote: Newsquote) -> None:
    (result,) = talk(mcp.server(newsquote), ("ask", {"question": QUESTION, "top_k": 1}))
    assert not result.is_error
    (quote,) = result.structured_content["quotes"]
    assert TROOPS.text[quote["start"] : quote["end"]] == quote["text"]
    assert f"“{quote['text']}”" in text(result)


@pytest.mark.parametrize(
    ("tool", "given", "message"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "x" * 501}, "question: too long: 501 characters; the limit is 500"),
        ("ask", {"question": "?"}, "The question has no words to search for."),
        ("ask", {"question": QUESTION, "conversation_id": "none"}, "There is no such conversation"),
        ("get_article", {"article_id": "0" * 16}, "No article has the id '0000000000000000'."),
        ("drop", {}, "There is no tool 'drop'. The tools are ask, verify, search_articles, get_article."),
    ],
)
def test_what_is_wrong_is_told_in_our_words(
    newsquote: Newsquote, tool: str, given: dict[str, Any], message: str
) -> None:
    (result,) = talk(mcp.server(newsquote), (tool, given))
    assert result.is_error
    assert result.structured_content is None
    assert text(result).startswith(message)


def test_failure_of_ours_is_logged_and_shows_nothing(
    newsquote: Newsquote, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "read", lambda *_: 1 / 0)
    with capture_logs() as logs:
        (result,) = talk(mcp.server(newsquote), ("verify", {"quote": "troops"}))
    assert result.is_error
    assert text(result) == "Something went wrong here. It has been logged."
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("tool failed", "error")]
    assert logs[0]["exc_info"]


def test_address_that_cannot_be_listened_on_is_named() -> None:
    with listen("127.0.0.1", 0, "--host and --port") as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}"):
            listen("127.0.0.1", port, "--host and --port")


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSQUOTE_DATA_DIR", str(tmp_path))
    monkeypatch.delitem(sys.modules, "service.mcp")
    monkeypatch.delattr("service.mcp")
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    result = CliRunner().invoke(main, ["mcp"])
    assert result.exit_code == 1
    assert "Install requirements-mcp.txt" in result.output


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one article, made by the real model."""
    made = tmp_path_factory.mktemp("mcp")
    news, data = made / "news.txt", made / "data"
    news.write_text(NEWS)
    assert run(data, "add", str(news)).returncode == 0
    return data


ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ask", {"question": QUESTION}),
    ("search_articles", {"query": "troops"}),
    ("verify", {"quote": "They went by train."}),
    ("ask", {"question": ""}),
)


def assert_answered(results: list[CallToolResult]) -> None:
    asked, found, verified, refused = results
    (quote, *_) = asked.structured_content["quotes"]
    assert (asked.structured_content["outcome"], NEWS[quote["start"] : quote["end"]]) == ("answered", quote["text"])
    assert found.structured_content["articles"][0]["id"] == quote["article"]["id"]
    assert verified.structured_content["verdict"] == "verbatim"
    assert refused.is_error


@pytest.mark.slow
def test_real_process_answers_on_its_pipes_and_prints_nothing_else(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The client logs every line that is not the protocol's; the server logs every event, and starts with one."""
    given = environment(data, NEWSQUOTE_LOG_LEVEL="DEBUG", NEWSQUOTE_RANK_CONSTANT="retired, which is warned of")
    started = StdioServerParameters(command=sys.executable, args=command("mcp")[1:], env=given, cwd=ROOT)
    assert_answered(talk(started, *ASKED))
    assert caplog.messages == []


@contextmanager
def serving(data: Path, **more: str) -> Iterator[str]:
    """Serve over HTTP on a free port, and stop that in the end."""
    arguments = command("mcp", "--http", "--port", "0")
    process = subprocess.Popen(arguments, cwd=ROOT, env=environment(data, **more), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        yield next(found[1] for line in process.stderr if (found := re.search(r"is listening on (http://\S+)", line)))
    finally:
        process.terminate()
        process.communicate(timeout=30)


def refused(address: str, body: bytes = b"{}", **headers: str) -> int:
    given = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    asked = urllib.request.Request(address, body, given | headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.urlopen(asked, timeout=30)
    with found.value as error:
        return error.code


@pytest.mark.slow
def test_real_process_answers_over_http_and_refuses_strangers(data: Path) -> None:
    with serving(data, NEWSQUOTE_PUBLIC_URL="https://news.example") as address:
        results = talk(address, *ASKED)
        assert_answered(results)
        assert_answered(talk(address, *ASKED, mode="legacy"))  # by the handshake of 2025
        link = results[0].structured_content["quotes"][0]["permalink"]
        assert link.startswith("https://news.example/articles/")
        assert refused(address, Host="evil.example") == 421
        assert refused(address, Origin="https://evil.example") == 403
        assert refused(address, b" " * 400_000) == 413
        assert refused(address, b"{") == 400
