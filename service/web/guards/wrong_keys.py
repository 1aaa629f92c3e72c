"""What happens when somebody shows a key or token that is wrong: who does so again and again must wait."""

from __future__ import annotations

import structlog

from service.web.guards.proxies import client_address
from service.web.guards.rates import rates
from service.web.requests import newsquote

_WHAT = "wrong keys"


def refuse_guessing() -> None:
    """Do nothing unless the client of this request has shown too many wrong keys in this minute.

    :raises TooMany: if it has; even a right one would then tell that it is right.
    """
    rates().check(_WHAT, newsquote().settings.wrong_keys_per_minute)


def noticed_wrong_token() -> None:
    """Note that the client of this request has shown a wrong key or token.

    :raises TooMany: if another request did so meanwhile, and that was the last one allowed.
    """
    structlog.get_logger().warning("wrong key", client=client_address())
    rates().count(_WHAT, newsquote().settings.wrong_keys_per_minute)
