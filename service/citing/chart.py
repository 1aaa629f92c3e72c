"""Figures as a drawing: a row for each, and a dot on one axis. Here as an SVG that stands alone, with its sources."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from index.articles import Article
from index.text.sentences import heading
from service.citing.axis import Axis, written
from service.citing.figures import Given
from service.citing.links import permalink
from service.english.dates import written as written_day
from service.english.dates import written_short
from service.english.hedges import Hedge

WHISKERS = {
    Hedge.AT_LEAST: "M0 0H21M16-4 21 0 16 4",
    Hedge.AT_MOST: "M0 0H-21M-16-4-21 0-16 4",
    Hedge.ABOUT: "M-17 0H17M-12-4-17 0-12 4M12-4 17 0 12 4",
}
"""From the middle of a dot to where the true number may lie: a direction and no measure. As the data of an SVG path."""
RADIUS = 5
_LEGEND = {Hedge.AT_LEAST: "→ at least", Hedge.AT_MOST: "← at most", Hedge.ABOUT: "↔ about"}

_WIDTH, _MARGIN = 720, 24
_INSIDE = _WIDTH - 2 * _MARGIN
_LABEL = 220
"""What a row's words have of the width."""
_LEFT, _RIGHT = _MARGIN + _LABEL + 26, _WIDTH - _MARGIN - 26
"""Where the axis begins and ends: there is room for a whisker on both sides."""
_ROW = 46
_CHARACTER = 0.56
"""The width of a letter as a share of its size, a little generous, because fonts differ."""
_BOLD = 0.9
"""Bold letters are wider: so much of the width counts for them."""
_LEADING = 1.35
"""The height of a line, in sizes of its letters."""
_PAPER, _INK, _SOFT, _LINE, _ACCENT = "#ffffff", "#1d1b18", "#625d55", "#ddd8ce", "#8a2c1d"
_SERIF, _SANS = "Charter, Georgia, serif", "system-ui, sans-serif"


class _Style(NamedTuple):
    """How words look; sizes are in pixels."""

    size: int
    fill: str = _INK
    family: str = _SANS
    weight: str = "400"


_HEADLINE = _Style(20, family=_SERIF, weight="600")
_WORDS, _TOLD = _Style(15, weight="600"), _Style(13, _SOFT)
_QUOTED = _Style(14, family=_SERIF)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold: https://www.w3.org/TR/xml/#charsets."""


def notes(hedges: Iterable[Hedge | None], axis: Axis) -> list[str]:
    """Return what the whiskers mean that are drawn, and what must be said about the axis."""
    drawn = set(hedges)
    return [*(said for hedge, said in _LEGEND.items() if hedge in drawn), *([axis.note] if axis.note else [])]


def svg(title: str, figures: Sequence[Given], root: str) -> str:
    """Return the drawing. It has its own colours and no style sheet, so that it looks the same wherever it is put.

    Figures in another unit than the first have no place on its axis, and are left out.

    :param root: the address of the server to whose articles it links.
    """
    figures = [one for one in figures if one.number.unit == figures[0].number.unit]
    drawing = Element("svg", xmlns="http://www.w3.org/2000/svg", width=f"{_WIDTH}", fill=_INK)
    drawing.set("font-family", _SANS)
    SubElement(drawing, "title").text = _clean(title)
    SubElement(drawing, "desc").text = _clean("; ".join(map(_described, figures)) or "No figures.")
    paper = SubElement(drawing, "rect", width="100%", height="100%", fill=_PAPER)
    y = _paragraph(drawing, title, _MARGIN, _HEADLINE)
    if figures:
        y = _plot(drawing, figures, y + 14)
    for one in figures:
        y = _source(drawing, one, root, y + 14)
    height = f"{y + _MARGIN:.0f}"
    paper.set("height", height)
    drawing.set("height", height)
    drawing.set("viewBox", f"0 0 {_WIDTH} {height}")
    return tostring(drawing, encoding="unicode")


def _plot(drawing: Element, figures: Sequence[Given], top: float) -> float:
    """Draw the axis and the rows; return where they end."""
    axis = Axis.of([one.number.number for one in figures])
    bottom = top + _ROW * len(figures)
    for tick in axis.ticks:
        x = _across(axis, tick)
        _line(drawing, x, top, x, bottom)
        _text(drawing, written(tick, figures[0].number.unit), x, bottom + 18, _TOLD, anchor="middle")
    for number, one in enumerate(figures):
        _row(drawing, one, _across(axis, one.number.number), top + _ROW * (number + 0.5))
    if told := notes((one.hedge for one in figures), axis):
        _text(drawing, "  ·  ".join(told), _MARGIN, bottom + 44, _TOLD)
    return bottom + (60 if told else 34)


def _row(drawing: Element, one: Given, x: float, y: float) -> None:
    article = one.quote.span.article
    row = SubElement(drawing, "g")
    SubElement(row, "title").text = _clean(f"“{one.quote.span.text}”")
    _text(row, _clipped(one.words, _BOLD * _LABEL, _WORDS), _MARGIN, y - 2, _WORDS)
    day = article.published and written_short(article.published)
    room = _LABEL - (len(day or "") + 3) * _TOLD.size * _CHARACTER
    publisher = article.publisher and _clipped(article.publisher, room, _TOLD)
    _text(row, " · ".join(part for part in (publisher, day) if part), _MARGIN, y + 16, _TOLD)
    _line(row, _MARGIN + _LABEL, y, x, y)
    place = SubElement(row, "g", transform=f"translate({x:.1f} {y:.1f})")
    if one.hedge:
        whisker = {"fill": "none", "stroke": _ACCENT, "stroke-width": "2"}
        SubElement(place, "path", d=WHISKERS[one.hedge], attrib=whisker)
    SubElement(place, "circle", r=f"{RADIUS}", fill=_ACCENT)


def _source(drawing: Element, one: Given, root: str, top: float) -> float:
    """Write a quote and its source, a link to its place; return where they end."""
    link = SubElement(drawing, "a", href=root + permalink(one.quote.span))
    y = _paragraph(link, f"“{one.quote.span.text}”", top, _QUOTED)
    return _paragraph(link, _told(one.quote.span.article), y + 2, _TOLD)


def _told(article: Article) -> str:
    day = article.published and written_day(article.published)
    return " · ".join(part for part in (article.publisher, day, heading(article)) if part)


def _described(one: Given) -> str:
    article = one.quote.span.article
    day = article.published and written_day(article.published)
    told = ", ".join(part for part in (article.publisher, day) if part)
    return f"{one.words} ({told})" if told else one.words


def _across(axis: Axis, value: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * axis.place(value)


def _line(parent: Element, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    SubElement(parent, "line", {name: f"{value:.1f}" for name, value in ends.items()}, stroke=_LINE)


def _text(parent: Element, words: str, x: float, y: float, style: _Style, anchor: str = "start") -> None:
    """Write one line, in the direction of its own letters."""
    font = {"font-size": f"{style.size}", "font-family": style.family, "font-weight": style.weight}
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "fill": style.fill, "unicode-bidi": "plaintext"}
    SubElement(parent, "text", place | font).text = _clean(words)


def _paragraph(parent: Element, words: str, top: float, style: _Style) -> float:
    """Write lines as wide as the drawing; return where they end."""
    for line in textwrap.wrap(words, _characters(words, _INSIDE, style)):
        top += style.size * _LEADING
        _text(parent, line, _MARGIN, top - style.size * (_LEADING - 1), style)
    return top


def _clipped(words: str, width: float, style: _Style) -> str:
    """Return the words in one line, without those for which there is no room."""
    most, words = _characters(words, width, style), " ".join(words.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _characters(words: str, width: float, style: _Style) -> int:
    """Return how many characters of this text have room; those of Chinese, Japanese and Korean are twice as wide."""
    columns = sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in words)
    return max(2, int(width / (style.size * _CHARACTER) * len(words) / max(1, columns)))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
