"""What a page says about its article in JSON-LD, with the words of schema.org."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Node = Mapping[str, object]

_ARTICLES = frozenset(
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle "
    "reviewnewsarticle askpublicnewsarticle liveblogposting blogposting report scholarlyarticle techarticle "
    "advertisercontentarticle satiricalarticle".split()
)
_TAG = re.compile(r"<[^<>]{1,200}>")
_MOST_DEPTH = 6
"""Lists and objects inside one another that are looked into."""


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The things that the page's scripts describe."""

    nodes: Sequence[Node]

    @classmethod
    def of(cls, scripts: Sequence[str]) -> LinkedData:
        """Return what the scripts say; those that are no JSON say nothing."""
        return cls([node for script in scripts for node in _nodes(_parsed(script))])

    def article(self, urls: Sequence[str], titles: Sequence[str]) -> Node:
        """Return what is said about the page's own article; nothing if that cannot be told from others.

        Of several, it is the one with one of the addresses of the page, or with one of its titles.
        """
        found = [node for node in self.nodes if _types(node) & _ARTICLES and "headline" in node]
        if len(found) == 1:
            return found[0]
        mine = {url.rstrip("/") for url in urls}
        for node in found:
            named = (self._address(node.get(key)) for key in ("url", "mainEntityOfPage", "@id"))
            if mine & {url.split("#")[0].rstrip("/") for url in named if url}:
                return node
        return next((node for node in found if plain(node.get("headline")) in titles), {})

    def _address(self, value: object) -> str | None:
        if isinstance(value, Mapping):
            return self._address(value.get("@id") or value.get("url"))
        return value if isinstance(value, str) else None

    def names(self, value: object) -> list[str]:
        """Return the names of people or organizations: given as names, as things, or by reference to one."""
        if isinstance(value, list):
            return list(dict.fromkeys(name for one in value[:20] for name in self.names(one)))
        if isinstance(value, Mapping):
            named = value.get("name") or self._referred(value).get("name")
            return self.names(named) if isinstance(named, str | list) else []
        name = plain(value)
        return [name] if name else []

    def _referred(self, reference: Node) -> Node:
        wanted = reference.get("@id")
        return next((node for node in self.nodes if wanted and node.get("@id") == wanted and "name" in node), {})


def plain(value: object) -> str:
    """Return the text on one line, without the markup and entities that some put into JSON."""
    if not isinstance(value, str):
        return ""
    return " ".join(_TAG.sub("", html.unescape(value)).split())


def _parsed(script: str) -> object:
    bare = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(bare, strict=False)  # line breaks in strings are common
    except (ValueError, RecursionError):
        return None


def _nodes(value: object, depth: int = 0) -> Iterator[Node]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, list | dict):
                yield from _nodes(inner, depth + 1)


def _types(node: Node) -> set[str]:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return {name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str)}
