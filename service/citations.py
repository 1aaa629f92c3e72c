"""An answer's quotes to take away: as text, Markdown, BibTeX, CSL-JSON and W3C Web Annotation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as percent_encoded

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexEncodingMiddleware
from bibtexparser.model import Block, Entry, Field

from service.bodies import AnswerBody, QuoteBody

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_FRAGMENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write citations down, its name as a file, and who asks for it by ``Accept``."""

    write: Callable[[AnswerBody, Sequence[QuoteBody], str], str]
    mimetype: str
    suffix: str


def text_fragment(url: str, text: str) -> str:
    """Return the publisher's address, with a fragment at which browsers scroll to the quoted text.

    As in the WICG's Text Fragments: a long quote by its first and last words, with ``-``, ``,`` and ``&`` encoded.
    """
    words = text.split()
    edges = [words] if len(words) <= 3 * _FRAGMENT_WORDS else [words[:_FRAGMENT_WORDS], words[-_FRAGMENT_WORDS:]]
    parts = ",".join(percent_encoded(" ".join(edge), safe="").replace("-", "%2D") for edge in edges)
    return f"{url.partition('#')[0]}#:~:text={parts}"


def written(day: date) -> str:
    """Return a day as readers write it: 16 December 2024."""
    return f"{day.day} {day:%B %Y}"


def _source(quote: QuoteBody) -> list[str]:
    article = quote.article
    day = article.published and written(article.published)
    return [part for part in (article.title, article.publisher, day) if part]


def _key(quote: QuoteBody) -> str:
    return f"newsquote-{quote.article.id}-{quote.start}"


def _text(_: AnswerBody, quotes: Sequence[QuoteBody], root: str) -> str:
    return "\n\n".join(
        "\n".join(
            [f"“{q.text}”", ", ".join(_source(q)), *([q.article.url] if q.article.url else []), root + q.permalink]
        )
        for q in quotes
    )


def _markdown(answer: AnswerBody, quotes: Sequence[QuoteBody], root: str) -> str:
    def plain(text: str) -> str:
        return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))

    def one(q: QuoteBody) -> str:
        title, *rest = _source(q)
        return (
            f"> {plain(q.text)}\n>\n> — [{plain(title)}]({root}{q.permalink}){''.join(f', {plain(r)}' for r in rest)}"
        )

    return "\n\n".join([f"**{plain(answer.question)}**", *map(one, quotes)])


def _bibtex(_: AnswerBody, quotes: Sequence[QuoteBody], root: str) -> str:
    entries = list[Block]()
    for q in quotes:
        article = q.article
        day = article.published
        fields = {
            "author": article.author and f"{{{article.author}}}",
            "title": article.title,
            "howpublished": article.publisher,
            "year": day and f"{day.year}",
            "month": day and f"{day:%b}".lower(),
            "day": day and f"{day.day}",
            "url": article.url or root + q.permalink,
            "note": f"“{q.text}” (characters {q.start} to {q.end})",
        }
        given = [Field(name, value) for name, value in fields.items() if value]
        entries.append(Entry("misc", _key(q), given))
    return write_string(Library(entries), prepend_middleware=[LatexEncodingMiddleware()])


def _csl(_: AnswerBody, quotes: Sequence[QuoteBody], root: str) -> str:
    items = []
    for q in quotes:
        day = q.article.published
        item = {
            "id": _key(q),
            "type": "article-newspaper",
            "title": q.article.title,
            "author": q.article.author and [{"literal": q.article.author}],
            "container-title": q.article.publisher,
            "issued": day and {"date-parts": [[day.year, day.month, day.day]]},
            "URL": q.article.url or root + q.permalink,
            "note": f"“{q.text}”",
            "locator": f"{q.start}-{q.end}",
        }
        items.append({name: value for name, value in item.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=1)


def _annotation(answer: AnswerBody, quotes: Sequence[QuoteBody], root: str) -> str:
    def one(q: QuoteBody) -> dict[str, object]:
        target = {
            "source": f"{root}/api/articles/{q.article.id}/text",
            "scope": q.article.url or f"{root}/articles/{q.article.id}",
            "selector": [
                {"type": "TextQuoteSelector", "exact": q.text, "prefix": q.before, "suffix": q.after},
                {"type": "TextPositionSelector", "start": q.start, "end": q.end},
            ],
        }
        body = {"type": "TextualBody", "value": answer.question, "format": "text/plain", "purpose": "describing"}
        address = f"{root}/api/answers/{answer.answer_id}?format=annotation&quote={q.rank}"
        return {"id": address, "type": "Annotation", "motivation": "highlighting", "body": body, "target": target}

    context = "http://www.w3.org/ns/anno.jsonld"
    if len(quotes) == 1:
        return json.dumps({"@context": context, **one(quotes[0])}, ensure_ascii=False, indent=1)
    address = f"{root}/api/answers/{answer.answer_id}?format=annotation"
    page = {"@context": context, "id": address, "type": "AnnotationPage", "items": [one(q) for q in quotes]}
    return json.dumps(page, ensure_ascii=False, indent=1)


FORMATS = {
    "text": Format(_text, "text/plain", "txt"),
    "markdown": Format(_markdown, "text/markdown", "md"),
    "bibtex": Format(_bibtex, "application/x-bibtex", "bib"),
    "csl": Format(_csl, "application/vnd.citationstyles.csl+json", "json"),
    "annotation": Format(_annotation, "application/ld+json", "jsonld"),
}
"""By name, as in ``?format=``."""
