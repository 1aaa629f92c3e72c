from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import Unfetchable
from index.sources.addresses import Address, without_tracking


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("http://example.org", "http://example.org/"),
        (" HTTPS://Example.ORG:443/A?b=C#part ", "https://example.org/A?b=C"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("http://bücher.example/ü?ö=1", "http://xn--bcher-kva.example/%C3%BC?%C3%B6=1"),
        ("http://example.org/a%20b c", "http://example.org/a%20b%20c"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
        ("http://example.org?q", "http://example.org/?q"),
    ],
)
def test_address_is_written_in_one_way(given: str, written: str) -> None:
    assert str(Address.of(given)) == written
    assert str(Address.of(written)) == written


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/", "only addresses that begin with http"),
        ("file:///etc/passwd", "only addresses that begin with http"),
        ("//example.org/", "only addresses that begin with http"),
        ("javascript:alert(1)", "only addresses that begin with http"),
        ("http://ann:secret@example.org/", "a user name or password"),
        ("http://example.org@127.0.0.1/", "a user name or password"),
        ("http:///path", "names no host"),
        ("http://exa mple.org/", "host is malformed"),
        ("http://example.org\\@127.0.0.1/", "a user name or password"),
        ("http://example.org\\.evil.example/", "host is malformed"),
        ("http://example.org:99999/", "malformed"),
        ("http://example.org:x/", "malformed"),
        ("http://[::1/", "malformed"),
        ("http://[::1%25eth0]/", "malformed"),
        ("http://exam\nple.org/", "control characters"),
        ("http://example.org/\r\nHost: evil", "control characters"),
        ("http://example.org/\ud800", "control characters"),
        ("http://example.org/" + "a" * 2_000, "more than 2,000 characters"),
        ("http://-/", "host is malformed"),
        ("http://\u2100.example/", "malformed"),
    ],
)
def test_address_that_is_none_is_refused(url: str, why: str) -> None:
    with pytest.raises(Unfetchable, match=why) as refused:
        Address.of(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b", "https://example.org/b"),
        ("b?c", "https://example.org/a/b?c"),
        ("//other.example", "https://other.example/"),
    ],
)
def test_redirect_is_read_from_where_it_was_met(location: str, leads_to: str) -> None:
    assert str(Address.of("https://example.org/a/x").joined(location)) == leads_to


def test_parameters_that_only_track_are_dropped_and_the_others_stay_in_order() -> None:
    url = "https://Example.org/story?id=7&utm_source=x&UTM_Medium=y&page=2&fbclid=z&gclid=&at_medium=RSS&q=a+b#top"
    assert without_tracking(url) == "https://example.org/story?id=7&page=2&q=a+b"
    assert without_tracking("https://example.org/?utm_source=x") == "https://example.org/"
    assert without_tracking("https://example.org/?utm") == "https://example.org/?utm"


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://h/", "http://h?", "http://["]))
def test_any_text_is_an_address_in_ascii_or_one_error(text: str, before: str) -> None:
    try:
        address = Address.of(before + text)
    except Unfetchable:
        return
    assert str(address).isascii()
    assert str(address).isprintable()
    assert " " not in str(address)
    assert Address.of(str(address)) == address
    assert without_tracking(without_tracking(str(address))) == without_tracking(str(address))
