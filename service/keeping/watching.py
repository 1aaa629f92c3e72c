"""Watched questions, beside the requests: asked of what came in, and what is new posted to webhooks.

What is posted is signed as the Standard Webhooks have it (standardwebhooks.com), for which there are libraries: the
HMAC-SHA256 of id, timestamp and body, joined by full stops.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from http import HTTPStatus

from index.errors import Unfetchable
from service.application.watches import SECRET_PREFIX, Parcel
from service.newsquote import Newsquote
from service.schemas.watches import Posted

_AT_ONCE = 10
"""Entries that are posted in one go, so that slow webhooks do not hold up what else is to be done."""
_TAKEN = range(200, 300)
_REDIRECTED = range(300, 400)


def keep_watch(newsquote: Newsquote, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Look at what came in since the last time, post what is new, and return how many entries were made.

    It ends early, between two steps, if it does not ``goes_on``; the next time goes on from there.
    """
    count = newsquote.watches.check_all(goes_on)
    for parcel in newsquote.watches.due(_AT_ONCE):
        if goes_on() and newsquote.watches.take(parcel):
            _post(newsquote, parcel)
    return count


def _post(newsquote: Newsquote, parcel: Parcel) -> None:
    root = newsquote.settings.public_url.rstrip("/")
    told = Posted.of(parcel.watch, parcel.entry).model_dump_json(context={"root": root}).encode()
    headers = {"Content-Type": "application/json"}
    headers |= signed(parcel.webhook.secret, parcel.entry.id, told, round(time.time()))
    try:
        status = newsquote.fetcher.post(parcel.webhook.url, told, headers)
    except Unfetchable as error:
        newsquote.watches.note_posted(parcel, error.why)
        return
    problem = _problem(status)
    newsquote.watches.note_posted(parcel, problem, is_final=status == HTTPStatus.GONE)


def signed(secret: str, entry_id: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Return the headers by which whoever has the secret knows that the body is ours, and how old it is.

    :param timestamp: seconds since 1970.
    """
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{entry_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{b64encode(digest).decode()}"
    return {"webhook-id": entry_id, "webhook-timestamp": str(timestamp), "webhook-signature": signature}


def _problem(status: int) -> str | None:
    """Return what is wrong with an answer of this status; None if it says that what was posted was taken."""
    if status in _TAKEN:
        return None
    if status in _REDIRECTED:
        return f"it answered {status}: redirects are not followed"
    if status == HTTPStatus.GONE:
        return "it answered 410: it wants no more"
    return f"it answered {status}"
