"""A web page as a tree, and what it says about its article. The only file that names lxml.

Sources: schema.org (JSON-LD, microdata), the Open Graph protocol, the HTML Standard (``time``, ``rel``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.errors import BadArticle
from index.formats import days, whose
from index.formats.linked_data import LinkedData, Node, plain

_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "citation_author")
_DAYS = (
    "article:published_time",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "dc.date.issued",
    "dcterms.created",
    "citation_publication_date",
    "pubdate",
    "publish-date",
    "dc.date",
    "date",
)
_SITES = ("og:site_name", "publisher", "dc.publisher", "article:publisher", "application-name")
_BESIDE = "ancestor::aside or ancestor::nav or ancestor::footer or ancestor::li or ancestor::article/ancestor::article"
_BY = re.compile(r"^by:?\s+(?=\S)", re.IGNORECASE)
_BYLINE = re.compile(r"by:?\s+([^\n|•·]{3,100})", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:updated?|modified|corrected|revised)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|–—·•:-]\s+|\s*[|»]\s*")
_ADDRESS = re.compile(r"https?://|www\.|@\w", re.IGNORECASE)
_CONTROL = re.compile(
    r"(?:share|tweet|pin it|print|save|comment|copy link|follow|e-?mail)(?: \w+){0,3}|read more|skip to \w+(?: \w+)?",
    re.IGNORECASE,
)
_OFFER = re.compile(r"paywall|regwall|subscri|newsletter|cookie|consent|signup|sign-up", re.IGNORECASE)
_HOLDS_BLOCKS = ".//p or .//h2 or .//h3 or .//article"
_IS_LAYOUT = ".//td[.//p or .//table or string-length(normalize-space(.)) > 400]"
"""Tables that are no tables: pages were laid out in them."""
_MOST_DATE_WORDS = 12
"""Of a line that is there for its date: "Published 28 September 2025. Updated: 30 September 2025"."""
_MOST_OFFER_WORDS = 80
"""Of a box that asks readers for something. The article itself may be called a paywall's, too, and is longer."""
_MOST_TIMES = 50
_MOST_LABEL_CHARS = 60


class Page:
    """A page, parsed, and the address that it came from, if that is known."""

    def __init__(self, markup: str, url: str | None = None) -> None:
        """Parse the page.

        :raises BadArticle: if it has no element.
        """
        parser = HTMLParser(encoding="utf-8", remove_comments=False, huge_tree=False)
        try:
            self.tree: HtmlElement = document_fromstring(markup.encode(errors="replace"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise BadArticle("text", "the page has no elements") from error
        self._from = url

    def said(self) -> dict[str, str]:
        """Return what the page says: title, author, publisher, day and address, as far as it says so."""
        found = {
            "title": self.title,
            "author": self.author,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
        }
        return {name: value for name, value in found.items() if value}

    def without_furniture(self) -> HtmlElement:
        """Return the tree without what is never an article's, and with what only lays it out made plain.

        What the page says is read before that.
        """
        for element in self._elements("//a | //button"):
            if _CONTROL.fullmatch(_text(element)) and not _is_in_prose(element):
                element.drop_tree()
        for element in self._elements("//p[.//time] | //div[time]"):
            if len(_text(element).split()) <= _MOST_DATE_WORDS:
                element.drop_tree()
        for element in self._elements("//*[self::div or self::section or self::aside or self::form]"):
            offers = _OFFER.search(element.get("class", "") + " " + element.get("id", ""))
            if offers and element.xpath(".//button | .//input") and len(_text(element).split()) <= _MOST_OFFER_WORDS:
                element.drop_tree()
        for element in self._elements(f"//table[{_IS_LAYOUT}] | //*[self::ol or self::ul][li[{_HOLDS_BLOCKS}]]"):
            for part in (element, *element.iter("tbody", "tr", "td", "li")):
                part.tag = "div"
        return self.tree

    # Where and whose

    @cached_property
    def url(self) -> str | None:
        """The address to keep: the canonical one, if it is of the site that the page came from."""
        for said in (
            *self._values("//link[@rel='canonical']/@href"),
            self._meta("og:url"),
            *self._microdata("mainEntityOfPage"),
        ):
            if said and (canonical := self._accepted(said)):
                return canonical
        return self._from

    def _accepted(self, said: str) -> str | None:
        try:
            address = urldefrag(urljoin(self._from or "", said.strip())).url
            parts = urlsplit(address)
            path = urlsplit(self._from or "").path
        except ValueError:
            return None
        is_article = parts.path not in {"", "/"} or (self._from is not None and path in {"", "/"})
        if parts.scheme not in {"http", "https"} or not parts.hostname or not is_article:
            return None  # the address of a site's front page, which all of its pages would share
        return address if self._from is None or whose.is_same_site(address, self._from) else None

    @cached_property
    def publisher(self) -> str | None:
        """Who publishes it: by its own words, else by its host."""
        names = self._linked.names(self._article.get("publisher"))
        said = (*names, self._meta("og:site_name"), *self._microdata("publisher"), *map(self._meta, _SITES))
        return next((name for name in said if name and not _ADDRESS.search(name)), None) or whose.publisher(self.url)

    @cached_property
    def author(self) -> str | None:
        """Who wrote it, by its own words."""
        sources = (
            self._linked.names(self._article.get("author") or self._article.get("creator")),
            self._microdata("author"),
            [name for key in _AUTHORS for name in self._metas(key)],
            self._texts("//a[@rel='author'] | //*[contains(concat(' ', @class, ' '), ' p-author ')]"),
            self._bylines(),
        )
        for names in sources:
            mended = dict.fromkeys(_BY.sub("", name).strip(" ,;|") for name in names)
            people = [name for name in mended if name and not _ADDRESS.search(name) and name != self.publisher]
            if people:
                return ", ".join(people)
        return None

    def _bylines(self) -> list[str]:
        lines = self._texts("//*[contains(@class, 'byline') or contains(@class, 'author')]")
        found = (_BYLINE.match(line) for line in lines)
        return next(([line[1].strip()] for line in found if line), [])

    # Title

    @cached_property
    def title(self) -> str | None:
        """The headline: as the article's data has it, else as two of heading, title and Open Graph agree on."""
        if headline := plain(self._article.get("headline")) or next(iter(self._microdata("headline")), ""):
            return headline
        heading = self._headings[0] if len(self._headings) == 1 else ""
        if heading and heading.casefold() in self._window.casefold():
            return heading
        graph = self._without_site(self._meta("og:title") or "")
        return graph or heading or self._without_site(self._window) or None

    @cached_property
    def _headings(self) -> list[str]:
        return self._texts("//article//h1[not(ancestor::aside)]") or self._texts("//h1")

    @cached_property
    def _window(self) -> str:
        return next(iter(self._texts("//head/title | //title")), "")

    def _without_site(self, title: str) -> str:
        """Return the title without the name of the site before or after it; nothing if it is only that."""
        names = {name.casefold() for name in (self._meta("og:site_name"), self.publisher) if name}
        parts = [part for part in _SEPARATOR.split(title) if part]
        if title.casefold() in names or not parts:
            return ""
        for part, whole in ((parts[-1], title[: title.rfind(parts[-1])]), (parts[0], title[len(parts[0]) :])):
            if part.casefold() in names and len(parts) > 1:
                return whole.strip(" |–—·•:»-")
        return title

    # When

    @cached_property
    def published(self) -> date | None:
        """The day of publication, by the page's own words."""
        said = (
            plain(self._article.get("datePublished")),
            *self._microdata("datePublished"),
            *(value for key in _DAYS for value in self._metas(key)),
        )
        return next(filter(None, map(days.day, said)), None) or self._time()

    def _time(self) -> date | None:
        """Return the one day that the article's own ``time`` elements agree on, those of changes aside."""
        marked = self._elements("//time[@pubdate or contains(@class, 'publish') or contains(@class, 'entry-date')]")
        own = self._elements(f"(//article | //main)//time[not({_BESIDE})]") or self._elements(f"//time[not({_BESIDE})]")
        for times in (marked, own):
            found = {self._day_of(time) for time in times[:_MOST_TIMES] if not self._is_of_a_change(time)} - {None}
            if len(found) == 1:
                return found.pop()
        return None

    def _day_of(self, time: HtmlElement) -> date | None:
        return days.day(time.get("datetime") or _text(time))

    def _is_of_a_change(self, time: HtmlElement) -> bool:
        """Whether its class, or the words right before it, say that this is when the page was changed."""
        before = time.getprevious()
        label = (before.tail if before is not None else None) or ""
        if not label.strip():
            parent = time.getparent()
            label = _text(before) if before is not None else (parent.text or "") if parent is not None else ""
        return bool(_CHANGED.search(f"{time.get('class', '')} {label[-_MOST_LABEL_CHARS:]} {_text(time)}"))

    # What the page is made of

    @cached_property
    def _linked(self) -> LinkedData:
        return LinkedData.of(self._values("//script[contains(@type, 'ld+json')]/text()"))

    @cached_property
    def _article(self) -> Node:
        urls = [url for url in (self.url, self._from) if url]
        return self._linked.article(urls, [*self._headings, self._meta("og:title") or ""])

    def _microdata(self, name: str) -> list[str]:
        """Return the values of a property of the page's first article in microdata, and not of one inside it."""
        article = "contains(@itemtype, 'schema.org/') and contains(@itemtype, 'Article')"
        for scope in self._elements(f"(//*[@itemscope and {article}])[1]"):
            own = f".//*[@itemprop='{name}'][count(ancestor::*[@itemscope and {article}]) = $depth]"
            depth = len(scope.xpath(f"ancestor-or-self::*[@itemscope and {article}]"))
            return [value for one in scope.xpath(own, depth=depth) if (value := self._value(one))]
        return []

    @staticmethod
    def _value(element: HtmlElement) -> str:
        named = element.xpath("(.//*[@itemprop='name'])[1]") if element.get("itemscope") is not None else []
        one = named[0] if named else element
        return plain(one.get("content") or one.get("datetime")) or _text(one)

    def _meta(self, key: str) -> str | None:
        return next(iter(self._metas(key)), None)

    def _metas(self, key: str) -> Sequence[str]:
        return self._all_metas.get(key, ())

    @cached_property
    def _all_metas(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for element in self._elements("//meta[@content]"):
            for attribute in ("property", "name", "itemprop"):
                if (key := element.get(attribute)) and (value := plain(element.get("content"))):
                    found.setdefault(key.lower(), []).append(value)
        return found

    def _elements(self, path: str) -> list[HtmlElement]:
        found: list[HtmlElement] = self.tree.xpath(path)
        return found

    def _values(self, path: str) -> list[str]:
        return [str(value) for value in self.tree.xpath(path)]

    def _texts(self, path: str) -> list[str]:
        return [text for element in self._elements(path) if (text := _text(element))]


def _is_in_prose(element: HtmlElement) -> bool:
    """Whether words stand right before or after the element, which are of one sentence with it."""
    before = element.getprevious()
    parent = element.getparent()
    words = before.tail if before is not None else parent.text if parent is not None else ""
    return any(map(str.isalnum, f"{words or ''}{element.tail or ''}"))


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())
