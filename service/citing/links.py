"""Addresses that show a quote in its article: here, and on the publisher's site."""

from __future__ import annotations

from urllib.parse import quote as percent_encoded

from index.articles import Span

_FRAGMENT_WORDS = 4


def permalink(span: Span) -> str:
    """Return the path at which the span is shown in its article."""
    return permalink_at(span.article.id, span.start, span.end)


def permalink_at(article_id: str, start: int, end: int) -> str:
    """Return the path at which these characters of an article are shown, or that it has been removed."""
    return f"/articles/{article_id}?start={start}&end={end}"


def text_fragment(url: str, text: str) -> str:
    """Return the publisher's address, with a fragment that makes browsers scroll to the quoted text.

    As in the WICG's Text Fragments: a long quote by its first and last words, with ``-``, ``,`` and ``&`` encoded.
    """
    words = text.split()
    edges = [words] if len(words) <= 3 * _FRAGMENT_WORDS else [words[:_FRAGMENT_WORDS], words[-_FRAGMENT_WORDS:]]
    parts = ",".join(percent_encoded(" ".join(edge), safe="").replace("-", "%2D") for edge in edges)
    return f"{url.partition('#')[0]}#:~:text={parts}"
