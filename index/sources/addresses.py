"""Web addresses: checked before anything is asked of them, and written in one way, so that one page has one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit

import idna

from index.errors import Unfetchable

MAX_CHARS = 2_000
"""As long as the address of an article may be."""
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_CONTROL = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]")
_PATH = "/%:@!$&'()*+,;=~-._"
"""What stays as it is in a path (RFC 3986), per cent signs too: what is encoded already is not encoded again."""
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(campaign|kwd|source|medium|content)|hsa_\w+|at_(medium|campaign\w*|custom\w*|link_\w+|ptr_\w+|"
    r"bbc_team|format)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|"
    r"mc_[ce]id|_hsenc|_hsmi|mkt_tok|oly_(anon|enc)_id|vero_id|wickedid|rb_clickid|s_cid|srsltid|guccounter|"
    r"guce_referrer\w*|_ga|_gl|cmpid|ocid|icid|smid|taid|ftag|__twitter_impression|campaign_id|ns_(campaign|mchannel|"
    r"source|linkname|fee)|xtor|ito",
    re.IGNORECASE,
)
"""Parameters that say where a reader came from, and nothing of what is shown: those of advertising networks, of
mailing lists, and of some large publishers."""


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in its parts; ``host`` is in lower case, without the brackets of an IPv6 address."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Return the address.

        :raises Unfetchable: if it is not one of http or https, holds a password, or is malformed.
        """
        text = url.strip(" \t\r\n\f")
        if len(text) > MAX_CHARS:
            raise Unfetchable(text, f"the address has more than {MAX_CHARS:,} characters")
        if _CONTROL.search(text):
            raise Unfetchable(text, "the address contains control characters")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise Unfetchable(text, f"the address is malformed: {error}") from error
        if parts.scheme not in PORTS:
            raise Unfetchable(text, "only addresses that begin with http:// or https:// can be")
        if "@" in parts.netloc:
            raise Unfetchable(
                text.replace(parts.netloc, "…@" + (parts.hostname or "")), "it contains a user name or password"
            )
        target = quote(parts.path or "/", safe=_PATH)
        if parts.query:
            target += "?" + quote(parts.query, safe=_PATH + "?")
        return cls(
            parts.scheme, _host(text, parts.hostname or ""), PORTS[parts.scheme] if port is None else port, target
        )

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them, without the scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What is before the path."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target

    def joined(self, location: str) -> Address:
        """Return the address that a redirect or a link here leads to.

        :raises Unfetchable: as ``of``.
        """
        try:
            return Address.of(urljoin(str(self), location.strip()))
        except ValueError as error:
            raise Unfetchable(str(self), f"it leads to a malformed address: {error}") from error


def without_tracking(url: str) -> str:
    """Return the address without the parameters that only say where a reader came from, and without its fragment.

    :raises Unfetchable: as ``Address.of``.
    """
    address = Address.of(url)
    path, _, query = address.target.partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return address.origin + path + ("?" + "&".join(kept) if kept else "")


def _host(url: str, host: str) -> str:
    """Return the host as it is looked up: ASCII, in lower case.

    :raises Unfetchable: if there is none, or it could be none.
    """
    if ":" in host:
        try:
            return str(IPv6Address(host.replace("%", "zone ")))  # a zone is of this machine alone
        except ValueError as error:
            raise Unfetchable(url, f"the address is malformed: {error}") from error
    try:
        ascii_host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise Unfetchable(url, f"the name of its host is malformed: {error}") from error
    if not _HOST.fullmatch(ascii_host):
        raise Unfetchable(url, "the address names no host" if not host else "the name of its host is malformed")
    return ascii_host
