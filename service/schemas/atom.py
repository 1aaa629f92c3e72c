"""A watched question's timeline as an Atom feed (RFC 4287), written with the standard library's ElementTree.

Contents are XHTML, so that foreign text is text in the one tree there is, and is escaped once, when that is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from service.english.dates import written
from service.schemas.quotes import QuoteBody
from service.schemas.watches import EntryInfo, WatchBody
from service.visible import visible

MIMETYPE = "application/atom+xml"
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_NOT_XML = re.compile("[\ufffe\uffff]")
_GONE = "The article quoted here has since been removed."


def feed(watch: WatchBody, root: str) -> bytes:
    """Return the feed.

    :param root: this server's address, for links here.
    """
    element = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    told = [entry for entry in watch.timeline if not entry.is_quiet]
    _text(element, "id", f"{root}{watch.feed}")
    _text(element, "title", watch.question)
    _text(element, "subtitle", "What new articles say on this question, in their own words.")
    _text(element, "updated", max([watch.made_at, *(entry.made_at for entry in told)]).isoformat())
    _text(ET.SubElement(element, "author"), "name", "Newsquote")
    ET.SubElement(element, "link", {"rel": "self", "type": MIMETYPE, "href": f"{root}{watch.feed}"})
    for entry in told:
        _entry(element, entry, root)
    written: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return written


def _entry(parent: ET.Element, entry: EntryInfo, root: str) -> None:
    element = ET.SubElement(parent, "entry")
    _text(element, "id", f"urn:uuid:{entry.id}")
    _text(element, "title", title(entry))
    _text(element, "updated", entry.made_at.isoformat())
    here = [quote for quote in entry.answer.quotes if quote.text]
    if here:
        address = f"{root}{here[0].permalink}#quote"
        ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": address})
    content = ET.SubElement(element, "content", {"type": "xhtml"})
    div = ET.SubElement(content, "div", {"xmlns": _XHTML})
    for quote in _quotes(entry):
        _quote(div, quote, root)


def title(entry: EntryInfo) -> str:
    """Return what an entry tells in one line: its kind, and the short answer, if there is one."""
    short = entry.answer.answer
    is_short = short is not None and short.kind != "evidence" and entry.kind not in {"superseded", "removed"}
    return f"{entry.label}: {short.text}" if short is not None and is_short else entry.label


def _quotes(entry: EntryInfo) -> Iterator[QuoteBody]:
    """Yield the quotes, and those of figures that are held against them."""
    yield from entry.answer.quotes
    ranks = {quote.rank for quote in entry.answer.quotes}
    yield from (figure.quote for figure in entry.answer.figures if figure.quote.rank not in ranks)


def _quote(parent: ET.Element, quote: QuoteBody, root: str) -> None:
    if not quote.text:
        _text(parent, "p", _GONE)
        return
    _text(ET.SubElement(parent, "blockquote"), "p", quote.text)
    article = quote.article
    day = article.published and written(article.published)
    source = ET.SubElement(parent, "p")
    link = _text(source, "a", article.title or article.id)
    link.set("href", article.url or f"{root}{quote.permalink}#quote")
    link.tail = "".join(f", {_plain(part)}" for part in (article.publisher, day, quote.place) if part)


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _plain(text)
    return element


def _plain(text: str) -> str:
    """Return the text without characters that XML has none for."""
    return _NOT_XML.sub("\ufffd", visible(text))
