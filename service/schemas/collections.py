"""Collections over the wire."""

from __future__ import annotations

from pydantic import BaseModel, Field

from index.formats.fields import MAX_COLLECTION_CHARS
from index.store.collections import Collection
from service.schemas.base import Body, Line, Moment


class CollectionBody(Body):
    """A collection to create, or its new name."""

    name: Line = Field(max_length=MAX_COLLECTION_CHARS, description="No two collections have the same name.")


class CollectionPath(BaseModel):
    """A collection in the address."""

    collection_id: str = Field(description="The id that came with the collection.")


class InsidePath(CollectionPath):
    """An article and a collection in the address."""

    article_id: str = Field(description="16 hex digits.")


class CollectionInfo(BaseModel):
    """A collection; ``articles`` counts the current ones in it."""

    id: str
    name: str
    articles: int
    made_at: Moment

    @classmethod
    def of(cls, collection: Collection) -> CollectionInfo:
        """Describe the collection."""
        return cls(id=collection.id, name=collection.name, articles=collection.articles, made_at=collection.made_at)


class CollectionList(BaseModel):
    """All collections, by name."""

    collections: list[CollectionInfo]
