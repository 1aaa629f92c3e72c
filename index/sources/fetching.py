"""Addresses to what lies there: politely, within limits, and never to a machine that only this one can reach.

Each address on the way is checked before it is asked (``reach.py``, ``transport.py``), and its site's robots.txt is
kept to; each host gets one request at a time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Lock

from index.errors import Unfetchable
from index.sources.addresses import Address
from index.sources.robots import MAX_BYTES as MAX_ROBOTS_BYTES
from index.sources.robots import Robots
from index.sources.transport import Response, Transport
from index.sources.turns import Turns

PRODUCT = "Newsquote"
"""What we are called in a robots.txt."""
_REDIRECTS = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
_ROBOTS_KEPT_S = 3600.0
_ROBOTS_KEPT_UNREACHABLE_S = 300.0
"""A site that could not say what it allows is asked again soon."""
_MOST_ROBOTS = 500
_MAX_REDIRECTS = 5
_MAX_POST_ANSWER_BYTES = 100_000
_ACCEPT = "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.8"
_WANTS_KEY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_MAX_RETRY_AFTER_S = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    """How much is fetched, and how politely: ``delay_s`` lies between two requests to a host."""

    agent: str = PRODUCT
    max_bytes: int = 10_000_000
    timeout_s: float = 30.0
    delay_s: float = 1.0
    patience_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies at the address ``url``, where all redirects ended; empty if it ``is_unchanged`` since last time.

    ``media_type`` is in lower case without parameters, empty if the server does not say; ``encoding`` is the
    characters' that the server names.
    """

    url: str
    media_type: str
    body: bytes
    encoding: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_unchanged: bool = False


class _TimeLeft:
    """Seconds for one thing that is fetched, however many requests that takes; waiting for a turn costs none."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    @contextmanager
    def running(self) -> Iterator[float]:
        """Take the time that is spent meanwhile; yield when there will be none left, as ``time.monotonic`` counts."""
        begun = time.monotonic()
        try:
            yield begun + self._seconds
        finally:
            self._seconds -= time.monotonic() - begun


class Fetcher:
    """Fetches and posts; safe to use from several threads."""

    def __init__(self, transport: Transport, policy: Policy) -> None:
        self._transport, self._policy = transport, policy
        self._turns = Turns(policy.patience_s, transport.wait)
        self._lock = Lock()
        self._robots: dict[str, tuple[float, Robots]] = {}

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
    ) -> Fetched:
        """Return what lies at the address, or that it is what it was when it had this ``etag`` or was modified.

        :raises Unfetchable: if it cannot be had, or may not be; its ``status`` is the server's, if it gave one.
        """
        asked = {"Accept": _ACCEPT, "If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in asked.items() if value}
        address, time_left = Address.of(url), _TimeLeft(self._policy.timeout_s)
        for _ in range(_MAX_REDIRECTS + 1):
            response = self._get(address, headers, time_left, max_bytes or self._policy.max_bytes)
            if response.status not in _REDIRECTS:
                return _fetched(address, response, is_conditional=bool(etag or last_modified))
            address = address.joined(_location(address, response))
        raise Unfetchable(url, f"it redirects more than {_MAX_REDIRECTS} times")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send the body to the address, and return the status that it is answered with; no redirect is followed.

        :raises Unfetchable: if there is no answer.
        """
        address, time_left = Address.of(url), _TimeLeft(self._policy.timeout_s)
        with self._turns.at(address.host, self._policy.delay_s), time_left.running() as ends:
            told = self._told(headers)
            return self._transport.exchange(
                "POST", address, told, body, ends=ends, max_bytes=_MAX_POST_ANSWER_BYTES
            ).status

    def close(self) -> None:
        """Break off what is under way, and let nothing begin any more."""
        self._transport.close()

    def _get(self, address: Address, headers: Mapping[str, str], time_left: _TimeLeft, max_bytes: int) -> Response:
        try:
            robots = self._robots_of(address, time_left)
        except Unfetchable as error:  # of the robots.txt, which nobody asked for by name
            raise Unfetchable(str(address), error.why, may_pass=error.may_pass) from error
        if not robots.allow(str(address)):
            raise Unfetchable(str(address), robots.refusal, may_pass=not robots.is_known)
        pause_s = max(self._policy.delay_s, robots.delay_s)
        with self._turns.at(address.host, pause_s), time_left.running() as ends:
            return self._transport.exchange("GET", address, self._told(headers), ends=ends, max_bytes=max_bytes)

    def _told(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {"User-Agent": self._policy.agent, **headers}

    def _robots_of(self, address: Address, time_left: _TimeLeft) -> Robots:
        """Return the rules of the address's site, asked for once an hour."""
        with self._lock:
            kept = self._robots.get(address.origin)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        robots, kept_s = self._read_robots(address, time_left)
        with self._lock:
            if len(self._robots) >= _MOST_ROBOTS:
                self._robots.pop(next(iter(self._robots)))
            self._robots[address.origin] = (time.monotonic() + kept_s, robots)
        return robots

    def _read_robots(self, address: Address, time_left: _TimeLeft) -> tuple[Robots, float]:
        """Return the rules, and for how many seconds they count.

        A site without any allows everything; one that fails to say allows nothing for now (RFC 9309, 2.3.1).
        """
        at = replace(address, target="/robots.txt")
        for _ in range(_MAX_REDIRECTS + 1):
            with self._turns.at(at.host, 0.0), time_left.running() as ends:
                told = self._told({"Accept": "text/plain,*/*;q=0.8"})
                response = self._transport.exchange("GET", at, told, ends=ends, max_bytes=4 * MAX_ROBOTS_BYTES)
            if response.status not in _REDIRECTS:
                break
            at = at.joined(_location(at, response))
        if response.status == HTTPStatus.OK:
            return Robots.read(response.body, PRODUCT), _ROBOTS_KEPT_S
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            return Robots.allowing_nothing(), _ROBOTS_KEPT_UNREACHABLE_S
        return Robots.allowing_everything(), _ROBOTS_KEPT_S


def _location(address: Address, response: Response) -> str:
    if not (location := response.headers.get("location", "")):
        raise Unfetchable(str(address), "it redirects to nowhere", status=response.status)
    return location


def _fetched(address: Address, response: Response, *, is_conditional: bool) -> Fetched:
    """Return what was sent.

    :raises Unfetchable: if that is not what lies at the address, but why it cannot be had.
    """
    media_type, encoding = _content_type(response.headers.get("content-type", ""))
    etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
    if response.status == HTTPStatus.NOT_MODIFIED and is_conditional:
        return Fetched(str(address), media_type, b"", encoding, etag, modified, is_unchanged=True)
    if response.status != HTTPStatus.OK:
        raise Unfetchable(
            str(address),
            _refusal(response.status),
            status=response.status,
            retry_after_s=_retry_after_s(response),
            may_pass=response.status in _PASSING or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
        )
    return Fetched(str(address), media_type, response.body, encoding, etag, modified)


def _refusal(status: int) -> str:
    named = " ".join((str(status), _PHRASES.get(status, ""))).strip()
    if status in _WANTS_KEY:
        return f"its server refuses it ({named}): it may be behind a login or a paywall"
    if status in _GONE:
        return f"there is no such page ({named})"
    if status in _LATER:
        return f"its server asks us to come back later ({named})"
    return f"its server answers {named}"


def _content_type(header: str) -> tuple[str, str | None]:
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset")
    is_named = bool(header.strip()) and "/" in header
    return message.get_content_type() if is_named else "", charset.strip() if isinstance(charset, str) else None


def _retry_after_s(response: Response) -> int | None:
    """Return after how many seconds the server wants to be asked again; None if it does not say."""
    said = response.headers.get("retry-after", "").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit():
        return min(int(said), _MAX_RETRY_AFTER_S) if len(said) < 10 else _MAX_RETRY_AFTER_S  # noqa: PLR2004
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    left = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(0, round(left.total_seconds())), _MAX_RETRY_AFTER_S)
