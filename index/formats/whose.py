"""Whose a page is, by its host. The only file that names publicsuffixlist, which carries the list and asks no network.

A publisher is named only where the host is one of a few that leave no doubt; nothing is made up from a name.
"""

from __future__ import annotations

import ipaddress
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

PUBLISHERS = {
    "abc.net.au": "ABC News (Australia)",
    "abcnews.com": "ABC News",
    "afp.com": "AFP",
    "aljazeera.com": "Al Jazeera",
    "apnews.com": "AP News",
    "axios.com": "Axios",
    "bbc.co.uk": "BBC News",
    "bbc.com": "BBC News",
    "bloomberg.com": "Bloomberg",
    "cbc.ca": "CBC News",
    "cbsnews.com": "CBS News",
    "channelnewsasia.com": "CNA",
    "cnbc.com": "CNBC",
    "cnn.com": "CNN",
    "csmonitor.com": "The Christian Science Monitor",
    "dw.com": "Deutsche Welle",
    "economist.com": "The Economist",
    "euronews.com": "Euronews",
    "foxnews.com": "Fox News",
    "france24.com": "France 24",
    "ft.com": "Financial Times",
    "independent.co.uk": "The Independent",
    "indianexpress.com": "The Indian Express",
    "irishtimes.com": "The Irish Times",
    "kyivindependent.com": "The Kyiv Independent",
    "latimes.com": "Los Angeles Times",
    "livemint.com": "Live Mint",
    "nbcnews.com": "NBC News",
    "npr.org": "NPR",
    "nytimes.com": "The New York Times",
    "pbs.org": "PBS",
    "politico.com": "Politico",
    "politico.eu": "Politico Europe",
    "propublica.org": "ProPublica",
    "reuters.com": "Reuters",
    "rferl.org": "Radio Free Europe/Radio Liberty",
    "scmp.com": "South China Morning Post",
    "sky.com": "Sky News",
    "smh.com.au": "The Sydney Morning Herald",
    "straitstimes.com": "The Straits Times",
    "telegraph.co.uk": "The Telegraph",
    "theatlantic.com": "The Atlantic",
    "theguardian.com": "The Guardian",
    "thehill.com": "The Hill",
    "thehindu.com": "The Hindu",
    "thetimes.co.uk": "The Times",
    "thetimes.com": "The Times",
    "time.com": "Time",
    "usatoday.com": "USA Today",
    "voanews.com": "Voice of America",
    "washingtonpost.com": "The Washington Post",
    "wsj.com": "The Wall Street Journal",
}
"""By registrable domain."""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def domain(url: str) -> str | None:
    """Return the registrable domain of a web address, such as ``bbc.co.uk``; None if it has none, or is an address of
    a machine.
    """
    host = (_host(url) or "").rstrip(".")
    if _is_machine(host):
        return None
    try:
        found: str | None = _suffixes().privatesuffix(host.encode("idna").decode().lower())
    except (UnicodeError, ValueError):  # no name that there can be
        return None
    return found


def _is_machine(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def publisher(url: str | None) -> str | None:
    """Return who publishes at this address, if that is known for sure."""
    return PUBLISHERS.get(domain(url) or "") if url else None


def is_same_site(one: str, other: str) -> bool:
    """Whether both addresses are of one host, or of one registrable domain."""
    found = domain(one)
    return _host(one) == _host(other) if found is None else found == domain(other)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
