"""What happens when somebody shows a key or token that is wrong: the place at which guessing is slowed down."""

from __future__ import annotations

import structlog

from service.web.proxies import client_address


def noticed_wrong_token() -> None:
    """Note that the client of this request has shown a wrong key or token."""
    structlog.get_logger().warning("wrong key", client=client_address())
