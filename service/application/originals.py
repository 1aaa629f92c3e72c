"""Originals that are kept: given back, and read again after what reads them has improved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from index.articles import Article
from index.errors import NoOriginal, UnreadableArticle
from index.formats import fields, registry
from index.formats.files import read
from index.formats.given import Outcome
from index.store.articles import Outcome as Stored
from index.store.origins import Kept, Original
from index.text.sentences import heading
from service.wiring import Components

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Reread:
    """An article whose original was read again, and the article that took its place; itself if the text is the same.

    With an ``error``, it cannot be read any more, and stays as it is.
    """

    before: Article
    after: Article
    error: UnreadableArticle | None = None

    @property
    def is_changed(self) -> bool:
        """Whether there is a new text."""
        return self.before != self.after


class Originals:
    """What articles were read from, where the settings keep it."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def original(self, sha256: str) -> Original:
        """Return the file with this SHA-256 that articles were read from.

        :raises NoOriginal: if there is none that is kept.
        """
        found = self._components.store.origins.original(sha256) if _SHA256.fullmatch(sha256) else None
        if found is None:
            raise NoOriginal
        return found

    def outdated(self, *, every: bool = False) -> list[str]:
        """Return the ids of the current articles that something older than today's version read; or ``every`` one."""
        return self._components.store.origins.outdated({} if every else registry.extractors())

    def reread(self, article_ids: list[str]) -> Iterator[Reread]:
        """Read the originals again, and yield what became of each article.

        What is known about an article stays, as it may have been corrected; what was not known is filled in.
        """
        for kept in self._components.store.origins.kept(article_ids):
            outcome = self._read(kept)
            if isinstance(outcome, UnreadableArticle):
                yield Reread(kept.article, kept.article, outcome)
                continue
            known = {name: value for name in fields.NAMES if (value := getattr(kept.article, name)) is not None}
            after = replace(outcome, **known)
            if self._components.ingester.replace(kept.article, after) is Stored.UNCHANGED:
                after = kept.article
            else:
                self._components.sources.pass_on(kept.article.id, after.id)
            yield Reread(kept.article, after)

    def _read(self, kept: Kept) -> Outcome:
        origin = kept.article.origin
        assert origin is not None
        limits, encoding = self._components.settings.limits, None if origin.is_guess else origin.encoding
        (outcome,) = read(
            heading(kept.article),
            BytesIO(kept.content),
            limits,
            media_type=origin.media_type,
            url=kept.article.url,
            encoding=encoding,
        )
        return outcome
