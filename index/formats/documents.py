"""A document to its one article: what was found in it, checked, with its origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from index.articles import Article
from index.errors import BadArticle
from index.formats import fields, text
from index.formats.given import Extracted, Extractor, Given, Outcome

Extract = Callable[[bytes, Given], Extracted]


def read(given: Given, media_type: str, extractor: Extractor, extract: Extract) -> Iterator[Outcome]:
    """Yield the one article in the file, or an error."""
    try:
        content = given.whole()
        found = extract(content, given)
        check_size(found.text, given.limits.article_bytes)
        yield replace(article(found), origin=extractor.origin(content, media_type, found))
    except BadArticle as error:
        yield given.unreadable(error)


def article(found: Extracted) -> Article:
    """Return what was found as an article; without a title, its first line may be one.

    :raises BadArticle: if the text is blank or holds characters that no text has.
    """
    whole = fields.article(found.text, acceptable(found.said))
    return whole if whole.title else replace(whole, title=text.headline(whole))


def acceptable(said: Mapping[str, str]) -> dict[str, str]:
    """Return what a document says about itself without what cannot be: nobody is there to mend it."""
    return {name: value for name, value in said.items() if _is_acceptable(name, value)}


def _is_acceptable(name: str, value: str) -> bool:
    try:
        fields.checked({name: value})
    except BadArticle:
        return False
    return True


def check_size(whole: str, most: int) -> None:
    """Do nothing if the text has at most so many bytes of UTF-8.

    :raises BadArticle: if it has more.
    """
    if len(whole.encode(errors="surrogatepass")) > most:
        raise BadArticle("text", f"too long: an article may have at most {most:,} bytes")
