from __future__ import annotations

from ipaddress import ip_network

import pytest

from index.sources.reach import Reach

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep the keys of a machine
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo, behind whose public server is 127.0.0.1
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "no address",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_admitted(address: str) -> None:
    assert Reach().admits(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_any_other_address_is_refused_in_whatever_form(address: str) -> None:
    assert not Reach().admits(address)


def test_named_network_is_admitted_and_nothing_beside_it() -> None:
    reach = Reach((ip_network("10.1.0.0/16"), ip_network("fd00::/8")))
    admitted = ["10.1.2.3", "::ffff:10.1.2.3", "2002:a01:203::", "fd00::5", "8.8.8.8"]
    refused = ["10.2.0.1", "127.0.0.1", "::ffff:10.2.0.1", "fe80::1", "64:ff9b:1::a01:203"]
    assert [address for address in (*admitted, *refused) if reach.admits(address)] == admitted


def test_only_the_ports_of_the_web_and_named_ones_are_admitted() -> None:
    assert [port for port in (22, 80, 443, 6379, 8080) if Reach(ports=frozenset([8080])).admits_port(port)] == [
        80,
        443,
        8080,
    ]
