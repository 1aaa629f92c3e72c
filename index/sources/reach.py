"""Which machines may be reached. A page that is taken in must not lead to what only this machine can see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Ip = IPv4Address | IPv6Address

WEB_PORTS = frozenset((80, 443))
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out for machines (RFC 4291): local, reserved and multicast addresses lie outside."""
_SPECIAL = tuple(
    map(
        ip_network,
        """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
        192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 2001::/23 2001:db8::/32
        3fff::/20""".split(),
    )
)
"""What IANA's registries of special-purpose addresses hold, and multicast: what ``is_global`` knows of them depends on
the version of Python."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""An IPv4 address in its last 32 bits, behind a translator (RFC 6052)."""
_IN_TRANSLATION = IPv6Network("64:ff9b:1::/48")
"""The same, within one network (RFC 8215)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Public machines, at the ports of the web; and the private ``networks`` and further ``ports`` that are named."""

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset()

    def admits_port(self, port: int) -> bool:
        """Whether this port may be connected to."""
        return port in WEB_PORTS or port in self.ports

    def admits(self, address: str) -> bool:
        """Whether the machine at this numeric address may be connected to.

        An IPv6 address that stands for an IPv4 one is judged by both.
        """
        try:
            outer = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return all(map(self._admits, _meant(outer)))

    def _admits(self, ip: Ip) -> bool:
        return _is_public(ip) or any(ip in network for network in self.networks)


def _meant(ip: Ip) -> Iterator[Ip]:
    """Yield the addresses that a packet to this one may end at."""
    if isinstance(ip, IPv4Address):
        yield ip
    elif ip.ipv4_mapped:
        yield ip.ipv4_mapped
    elif ip.sixtofour:
        yield ip.sixtofour
    elif ip.teredo:
        yield from ip.teredo
    elif ip in _NAT64 or ip in _IN_TRANSLATION:
        yield IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip in _IN_TRANSLATION:  # where the IPv4 address is depends on the network, which is private
            yield ip
    else:
        yield ip


def _is_public(ip: Ip) -> bool:
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    return ip.is_global and not any(ip in network for network in _SPECIAL)
