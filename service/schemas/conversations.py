"""Conversations over the wire: one with its answers, and the list of whoever began them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from service.answering.answer import Outcome
from service.conversing.chat import Chat, ChatPage
from service.schemas.answers import AnswerBody
from service.schemas.base import Body, Moment


class ConversationPath(BaseModel):
    """A conversation in the address."""

    conversation_id: str = Field(
        description="The id that came with an answer; whoever has it can read the conversation and go on with it."
    )


class ConversationForm(StrEnum):
    """In which format a conversation is returned."""

    JSON = "json"
    MARKDOWN = "markdown"


class ConversationFormat(Body):
    """In which format to return a conversation."""

    format: ConversationForm | None = Field(None, description="By default as Accept asks.")


class OwnerHeader(BaseModel):
    """Who began a conversation."""

    owner_key: str | None = Field(
        None, alias="Owner-Key", description="The key that came with the conversation's first answer."
    )


def _split(keys: object) -> object:
    return [key.strip() for key in keys.split(",")] if isinstance(keys, str) else keys


_Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]


class OwnersHeader(BaseModel):
    """Who began several conversations, each of which has a key of its own."""

    owner_keys: Annotated[list[_Key], BeforeValidator(_split)] = Field(
        alias="Owner-Key", description="The keys that came with the conversations' first answers, separated by commas."
    )


class ConversationsString(Body):
    """Which conversations, and which part of the list."""

    q: str = Field("", description="Only conversations with all of these words in name, questions and quotes.")
    offset: int = Field(0, ge=0, le=2**31, description="How many to leave out at the beginning of the list.")
    limit: int = Field(50, ge=1, description="How many to return, at most.")


class ConversationChanges(Body):
    """How a conversation is to be listed; what is left out stays as it is, and one of the two is needed."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    name: str | None = Field(None, description="What to call it; empty or null: by its first question.")
    is_pinned: bool | None = Field(None, strict=True, description="Whether to list it among the first; null: no.")

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give name, is_pinned or both")
        return self


class ConversationBody(BaseModel):
    """A conversation: its answers in order."""

    conversation_id: str
    turns: list[AnswerBody]


class MatchBody(BaseModel):
    """What a conversation says with most of the words: a question, or a quote of its answer; turns count from 1."""

    turn: int
    text: str


class ConversationInfo(BaseModel):
    """A conversation as its owner's list has it."""

    conversation_id: str
    name: str | None = Field(description="What its owner calls it; null: by its first question.")
    is_pinned: bool
    question: str = Field(description="Its first question.")
    outcome: Outcome = Field(description="The outcome of the first question.")
    asked_at: Moment = Field(description="When the first question was asked.")
    turns: int = Field(description="How many questions it has.")
    match: MatchBody | None = Field(
        description="What it was found by; null if that is its name, or nothing was searched."
    )

    @classmethod
    def of(cls, chat: Chat) -> ConversationInfo:
        """Describe the conversation."""
        place = chat.first.place
        assert place is not None
        return cls(
            conversation_id=place.conversation_id,
            name=chat.name,
            is_pinned=chat.is_pinned,
            question=chat.first.question.text,
            outcome=chat.first.answer.outcome,
            asked_at=place.asked_at,
            turns=chat.turns,
            match=MatchBody(turn=chat.match.turn, text=chat.match.text) if chat.match else None,
        )


class ConversationList(BaseModel):
    """A part of the conversations: pinned ones first, then the one with the latest question."""

    conversations: list[ConversationInfo]
    total: int
    offset: int
    limit: int
    is_cut: bool = Field(description="Whether there are older questions, which were not searched.")

    @classmethod
    def of(cls, page: ChatPage, asked: ConversationsString) -> ConversationList:
        """Describe the page that was asked for."""
        return cls(
            conversations=[ConversationInfo.of(chat) for chat in page.chats],
            total=page.total,
            offset=asked.offset,
            limit=asked.limit,
            is_cut=page.is_cut,
        )
