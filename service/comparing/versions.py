"""What changed in an article from one version to the next."""

from __future__ import annotations

from dataclasses import dataclass

from index.store.records import Record
from index.text.sentences import heading
from service.comparing.change import Change
from service.comparing.differences import abridged, differences


@dataclass(frozen=True, slots=True)
class VersionChange:
    """Two versions, and what differs in their headings and in their texts, leaving out text far from any change."""

    before: Record
    after: Record
    title: tuple[Change, ...]
    text: tuple[Change, ...]

    @classmethod
    def between(cls, before: Record, after: Record) -> VersionChange:
        """Compare the two."""
        return cls(
            before,
            after,
            tuple(differences(heading(before.article), heading(after.article))),
            tuple(abridged(differences(before.article.text, after.article.text))),
        )
