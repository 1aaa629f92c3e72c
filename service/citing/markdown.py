"""Quotes, and whole conversations, as Markdown (CommonMark): foreign text shows as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from index.text.sentences import heading
from service.answering import wording
from service.answering.answer import Answer, Kind, Outcome, Quote
from service.citing.links import permalink
from service.english.dates import written

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_IN_ADDRESS = "!#$%&'*+,/:;=?@[]~-._"
"""What stays in the address of a link: what would end it there is encoded."""
_GONE = "*The article quoted here has since been removed.*"
_NEAREST = 3
"""Quotes of a question of which it is uncertain whether they answer it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A question as it was asked, and its answer; of ``gone`` quotes, the articles have been removed since."""

    question: str
    answer: Answer
    gone: int = 0


def conversation(sections: Sequence[Section], root: str) -> str:
    """Return the questions in order, each with its answer and the quotes that give it.

    :param root: this server's address, for articles that have none of their own.
    """
    return "\n\n".join(block for section in sections for block in _section(section, root)) + "\n"


def _section(section: Section, root: str) -> Iterator[str]:
    answer = section.answer
    yield f"## {plain(section.question)}"
    if answer.question.casefold() != section.question.casefold():
        yield f"*Read as:* {plain(answer.question)}"
    if answer.outcome is Outcome.ANSWERED:
        yield from _short(answer)
    else:
        yield f"*{wording.label(answer.outcome, answer.reason)}.*"
        if answer.outcome is Outcome.UNCERTAIN and answer.quotes:
            yield "*The closest quotes, which may not answer:*"
    yield from (quote(one, root) for one in _shown(answer))
    if section.gone:
        yield _GONE


def _short(answer: Answer) -> Iterator[str]:
    """Yield the short answers, in the words of the quotes that follow; evidence has none."""
    if answer.figures:
        yield "*The articles give different figures:* " + ", ".join(
            f"**{plain(figure.quote.answer.text)}**" for figure in answer.figures
        )
    elif answer.kind is not Kind.EVIDENCE and answer.parts:
        sides = (f"{plain(part.side)}: " if part.side else "" for part in answer.parts)
        yield (
            "\n".join(f"- {side}**{plain(part.span.text)}**" for side, part in zip(sides, answer.parts, strict=True))
            if len(answer.parts) > 1
            else f"**{plain(answer.parts[0].span.text)}**"
        )


def _shown(answer: Answer) -> list[Quote]:
    """Return the quotes that give the answer, or a few that come nearest to an uncertain one."""
    if answer.outcome is Outcome.UNCERTAIN:
        return list(answer.quotes[:_NEAREST])
    ranks = {part.rank for part in answer.parts} | {figure.quote.rank for figure in answer.figures}
    ranks |= {one.rank for group in answer.groups for one in group}
    return [one for one in answer.every_quote if one.rank in ranks] if answer.answerable else []


def quote(given: Quote, root: str) -> str:
    """Return the quote with its source, which links to the article's own address or, if it has none, to ``root``."""
    title, *rest = map(plain, source(given))
    address = given.span.article.url or root + permalink(given.span)
    link = percent_encoded(address, safe=_IN_ADDRESS)
    return f"> {plain(given.span.text)}\n>\n> — [{title}]({link}){''.join(f', {r}' for r in rest)}"


def source(given: Quote) -> list[str]:
    """Return what is known of the article, its heading, publisher and day, and where in it the quote stands."""
    article = given.span.article
    day = article.published and written(article.published)
    return [part for part in (heading(article), article.publisher, day, given.span.place) if part]


def plain(text: str) -> str:
    """Return the text in one line, without anything that Markdown would take for its own."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
