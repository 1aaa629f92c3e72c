"""Clients and a writer of a server that may be gone at any moment, and what became of what they sent."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import Any

TIMEOUT_S = 120.0
"""Longer than the server lets anything take: what gets no response in this time is an error."""
PAUSE_S = 0.2
"""After a request that no server answered, and after each article that was written."""
OVERLOADED = "The server is too busy"
QUESTIONS = (
    "How many North Korean soldiers were sent to Russia?",
    "How long did the Moon cover the Sun?",
    "Who became world chess champion?",
    "Who won the Nobel Prize in Physics?",
    "When will Europa Clipper arrive?",
    "How many gold medals did China win?",
    "When did Notre-Dame reopen?",
    "How many soldiers were killed, by the count of Seoul?",
    "What does the White House say about North Korea?",
    "Was the cathedral rebuilt?",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, when it began and ended, and how: an HTTP status, or 0 and the error there was instead."""

    what: str
    began: float
    ended: float
    status: int
    said: str = ""

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_overload(self) -> bool:
        """Whether the server said that it has too much to do, and when to come again."""
        return self.status == 503 and OVERLOADED in self.said and "Retry-After" in self.said

    @property
    def ms(self) -> float:
        return 1000 * (self.ended - self.began)


@dataclass
class Caller:
    """Sends requests over one connection, opened anew when it is gone, and notes what became of each."""

    port: int
    sent: list[Sent] = field(default_factory=list)
    _connection: HTTPConnection | None = None

    def call(self, what: str, method: str, path: str, body: object = None) -> bytes | None:
        """Return what was answered; nothing, if that was not what was asked for."""
        began = time.monotonic()
        try:
            status, said, content = self._exchange(method, path, body)
        except (OSError, HTTPException) as error:
            status, said, content = 0, repr(error), b""
            self.close()
        self.sent.append(Sent(what, began, time.monotonic(), status, said))
        return content if self.sent[-1].is_ok else None

    def _exchange(self, method: str, path: str, body: object) -> tuple[int, str, bytes]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        payload = None if body is None else json.dumps(body)
        self._connection.request(method, path, payload, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        is_error = response.status >= 400
        return response.status, f"{response.headers}{content[:500].decode()}" if is_error else "", content

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass
class Reader:
    """Asks questions, and follows each quote into its article."""

    caller: Caller
    dice: random.Random
    written: list[dict[str, str]]
    texts: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    quotes: int = 0

    def run(self, over: Event) -> None:
        while not over.is_set():
            if not self._ask():
                over.wait(PAUSE_S)
        self.caller.close()

    def _ask(self) -> bool:
        question = {"question": self._question()}
        if self.kept and self.dice.random() < 0.2:
            question = {"question": "Who said so?", "conversation_id": self.dice.choice(sorted(self.kept))}
        content = self.caller.call("question", "POST", "/api/query", question)
        if content is None:
            return False
        answer = json.loads(content)
        self.kept.add(answer["conversation_id"])
        return all(self._follow(quote) for quote in answer["quotes"])

    def _question(self) -> str:
        if self.written and self.dice.random() < 0.3:
            return f"What colour was the {self.dice.choice(self.written)['what']} painted?"
        return self.dice.choice(QUESTIONS)

    def _follow(self, quote: dict[str, Any]) -> bool:
        """Hold a quote against the text of its article, byte for byte."""
        article = quote["article"]
        if (text := self._text(article["id"])) is None:
            return False
        assert text[quote["start"] : quote["end"]].encode() == quote["text"].encode(), quote
        assert hashlib.sha256(text.encode()).hexdigest() == article["sha256"], article
        self.quotes += 1
        return True

    def _text(self, article_id: str) -> str | None:
        if article_id not in self.texts:
            content = self.caller.call("text", "GET", f"/api/articles/{article_id}/text")
            if content is None:
                return None
            self.texts[article_id] = content.decode()
        return self.texts[article_id]


@dataclass
class Writer:
    """Adds one article after another, each until that is acknowledged."""

    caller: Caller
    make: Callable[[int], dict[str, str]]
    acknowledged: list[dict[str, str]] = field(default_factory=list)

    def run(self, over: Event) -> None:
        while not over.is_set():
            fresh = self.make(len(self.acknowledged))
            content = self.caller.call("write", "POST", "/api/articles", {"text": fresh["text"]})
            if content is not None:
                self.acknowledged.append({**fresh, "id": json.loads(content)["id"]})
            over.wait(PAUSE_S)
        self.caller.close()
