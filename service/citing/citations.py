"""An answer's quotes to take away: text, Markdown, BibTeX, CSL-JSON, W3C Web Annotation; its figures: CSV, SVG."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.text.sentences import heading
from service.answering import wording
from service.answering.answer import Answer, Quote
from service.citing import chart, figures, markdown
from service.citing.bibtex import entries
from service.citing.links import permalink
from service.citing.markdown import source
from service.english.lexicon import SHORT_MONTHS

_PAGE = re.compile(r"page (\d+)")


@dataclass(frozen=True, slots=True)
class Cited:
    """Quotes of an answer to be cited, the question as it was asked, the answer's id, and this server's address."""

    question: str
    answer: Answer
    answer_id: str
    quotes: Sequence[Quote]
    root: str

    @property
    def caution(self) -> str:
        """What became of the question, if it was not answered; the quotes are then no answer."""
        if self.answer.answerable:
            return ""
        return f"{wording.label(self.answer.outcome, self.answer.reason)}: {self.question}"

    def link(self, quote: Quote) -> str:
        """Return the address at which the quote is shown in its article."""
        return self.root + permalink(quote.span)


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write citations, its media type, and the file name suffix."""

    write: Callable[[Cited], str]
    mimetype: str
    suffix: str


def _key(quote: Quote) -> str:
    return f"newsquote-{quote.span.article.id}-{quote.span.start}"


def _text(cited: Cited) -> str:
    def one(quote: Quote) -> str:
        url = quote.span.article.url
        return "\n".join([f"“{quote.span.text}”", ", ".join(source(quote)), *([url] if url else []), cited.link(quote)])

    return "\n\n".join([*([cited.caution] if cited.caution else []), *map(one, cited.quotes)])


def _markdown(cited: Cited) -> str:
    quotes = (markdown.quote(quote, cited.root) for quote in cited.quotes)
    return "\n\n".join([f"**{markdown.plain(cited.caution or cited.question)}**", *quotes])


def _bibtex(cited: Cited) -> str:
    return entries([(_key(quote), _bibtex_fields(quote, cited)) for quote in cited.quotes])


def _bibtex_fields(quote: Quote, cited: Cited) -> dict[str, str | None]:
    article, day = quote.span.article, quote.span.article.published
    return {
        "author": article.author and f"{{{article.author}}}",
        "title": heading(article),
        "howpublished": article.publisher,
        "year": f"{day.year}" if day else None,
        "month": SHORT_MONTHS[day.month - 1].lower() if day else None,
        "day": f"{day.day}" if day else None,
        "url": article.url or cited.link(quote),
        "pages": _page(quote),
        "note": _note(quote, cited, f" (characters {quote.span.start} to {quote.span.end})"),
    }


def _note(quote: Quote, cited: Cited, place: str = "") -> str:
    """Return the quote's words, where they stand, and that they do not answer, if they do not."""
    return f"“{quote.span.text}”{place}{f' — {cited.caution}' if cited.caution else ''}"


def _page(quote: Quote) -> str | None:
    """Return the number of the page, if the quote's place is one."""
    found = _PAGE.fullmatch(quote.span.place or "")
    return found[1] if found else None


def _locator(quote: Quote) -> dict[str, str]:
    page = _page(quote)
    return {"locator": page, "label": "page"} if page else {"locator": f"{quote.span.start}-{quote.span.end}"}


def _csl(cited: Cited) -> str:
    def one(quote: Quote) -> dict[str, object]:
        article, day = quote.span.article, quote.span.article.published
        item = {
            "id": _key(quote),
            "type": "article-newspaper",
            "title": heading(article),
            "author": article.author and [{"literal": article.author}],
            "container-title": article.publisher,
            "issued": day and {"date-parts": [[day.year, day.month, day.day]]},
            "URL": article.url or cited.link(quote),
            "note": _note(quote, cited),
            **_locator(quote),
        }
        return {name: value for name, value in item.items() if value}

    return json.dumps(list(map(one, cited.quotes)), ensure_ascii=False, indent=1)


def _annotation(cited: Cited) -> str:
    context = "http://www.w3.org/ns/anno.jsonld"
    items = [_annotation_of(quote, cited) for quote in cited.quotes]
    if len(items) == 1:
        return json.dumps({"@context": context, **items[0]}, ensure_ascii=False, indent=1)
    address = f"{cited.root}/api/answers/{cited.answer_id}?format=annotation"
    page = {"@context": context, "id": address, "type": "AnnotationPage", "items": items}
    return json.dumps(page, ensure_ascii=False, indent=1)


def _annotation_of(quote: Quote, cited: Cited) -> dict[str, object]:
    span, around = quote.span, quote.context
    article = span.article
    quoted = {
        "type": "TextQuoteSelector",
        "exact": span.text,
        "prefix": article.text[around.start : span.start],
        "suffix": article.text[span.end : around.end],
    }
    target = {
        "source": f"{cited.root}/api/articles/{article.id}/text",
        "scope": article.url or f"{cited.root}/articles/{article.id}",
        "selector": [quoted, {"type": "TextPositionSelector", "start": span.start, "end": span.end}],
    }
    body = {
        "type": "TextualBody",
        "value": cited.caution or cited.question,
        "format": "text/plain",
        "purpose": "describing",
    }
    address = f"{cited.root}/api/answers/{cited.answer_id}?format=annotation&quote={quote.rank}"
    return {"id": address, "type": "Annotation", "motivation": "highlighting", "body": body, "target": target}


def _csv(cited: Cited) -> str:
    return figures.table(cited.answer, cited.quotes)


def _svg(cited: Cited) -> str:
    return chart.svg(cited.caution or cited.question, list(figures.given(cited.answer, cited.quotes)), cited.root)


FORMATS = {
    "text": Format(_text, "text/plain", "txt"),
    "markdown": Format(_markdown, "text/markdown", "md"),
    "bibtex": Format(_bibtex, "application/x-bibtex", "bib"),
    "csl": Format(_csl, "application/vnd.citationstyles.csl+json", "json"),
    "annotation": Format(_annotation, "application/ld+json", "jsonld"),
    "csv": Format(_csv, "text/csv", "csv"),
    "svg": Format(_svg, "image/svg+xml", "svg"),
}
"""By name, as in ``?format=``."""
