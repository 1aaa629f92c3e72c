"""What tests of readers share: a file to outcomes, and the one article that is expected in it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from index.articles import Article
from index.formats.files import read
from index.formats.given import Limits, Outcome

DATA = Path(__file__).parents[2] / "data"
LIMITS = Limits(article_bytes=100_000, file_bytes=1_000_000, document_bytes=1_000_000)


def outcomes(
    name: str,
    content: bytes,
    limits: Limits = LIMITS,
    *,
    media_type: str | None = None,
    url: str | None = None,
    encoding: str | None = None,
) -> list[Outcome]:
    return list(read(name, BytesIO(content), limits, media_type=media_type, url=url, encoding=encoding))


def article(name: str, content: bytes, *, url: str | None = None, encoding: str | None = None) -> Article:
    (found,) = outcomes(name, content, url=url, encoding=encoding)
    assert isinstance(found, Article), found
    return found


def document(name: str) -> Article:
    return article(name, (DATA / "documents" / name).read_bytes())


def complaints(name: str, content: bytes, limits: Limits = LIMITS, **known: str) -> list[str]:
    return [str(found) for found in outcomes(name, content, limits, **known) if not isinstance(found, Article)]
