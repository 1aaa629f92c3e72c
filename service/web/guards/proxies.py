"""Who asks, and at which address, behind proxies that are trusted. Nobody else's word for it is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from flask import Flask, request

from service.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FOR = "HTTP_X_FORWARDED_FOR"
_PROXIES_WORD = {
    "HTTP_X_FORWARDED_PROTO": ("wsgi.url_scheme", re.compile("https?")),
    "HTTP_X_FORWARDED_HOST": ("HTTP_HOST", re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}")),
    "HTTP_X_FORWARDED_PREFIX": ("SCRIPT_NAME", re.compile(r"(?:/[A-Za-z0-9._~-]+)+")),
}
"""Header → what it replaces, and what it may look like: a proxy might pass on what its client made up."""
_BESIDE = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")
"""Headers of proxies that tell us nothing else."""
_WAS_FORWARDED = "newsquote.was_forwarded"


def register(app: Flask, settings: Settings) -> None:
    """Believe the trusted proxies what they say about a request."""
    app.wsgi_app = _Proxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]


def client_address() -> str:
    """Return the address of the client: of the last one on the way that is not a trusted proxy."""
    return request.remote_addr or ""


def was_forwarded() -> bool:
    """Whether this request came through a proxy, trusted or not, as far as proxies say so."""
    return bool(request.environ.get(_WAS_FORWARDED))


class _Proxies:
    """Replaces the proxy's address by the client's, and our scheme, host and path by those that the client sees."""

    def __init__(self, app: WSGIApplication, trusted: Sequence[IPv4Network | IPv6Network]) -> None:
        self._app, self._trusted = app, trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = {name: environ.pop(name, "") for name in (_FOR, *_PROXIES_WORD)}
        environ[_WAS_FORWARDED] = any(said.values()) or any(name in environ for name in _BESIDE)
        way = self._way(environ.get("REMOTE_ADDR", ""), said[_FOR])
        environ["REMOTE_ADDR"] = way[-1]
        if self._trusts(way[0]):
            for name, (replaced, shape) in _PROXIES_WORD.items():
                values = said[name].split(",")  # one for each proxy, or the only one
                value = values[-min(max(1, len(way) - 1), len(values))].strip().rstrip("/")
                if shape.fullmatch(value):
                    environ[replaced] = value
        return self._app(environ, start_response)

    def _way(self, peer: str, forwarded_for: str) -> list[str]:
        """Return the addresses that the request has come by, from the one next to us to the client's.

        Each trusted proxy names the one before it; what is said before the first that is not trusted may be made up.
        """
        way = [str(_address(peer) or peer)]
        for hop in reversed(forwarded_for.split(",")):
            address = _address(hop)
            if address is None or not self._trusts(way[-1]):
                break
            way.append(str(address))
        return way

    def _trusts(self, peer: str) -> bool:
        return is_trusted(peer, self._trusted)


def is_trusted(peer: str, trusted: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether this is the address of a trusted proxy."""
    address = _address(peer)
    return address is not None and any(address in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in the text; one of IPv4 in IPv6's clothes as what it is."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
