"""Quotations that were looked up, over the wire."""

from __future__ import annotations

from pydantic import BaseModel, Field

from service.citing.links import permalink
from service.comparing.verification import CheckedText, Found, Verdict, Verification
from service.schemas.articles import LeftOut
from service.schemas.base import ArticleId, Body, Line, Permalink
from service.schemas.quotes import Excerpt, Source

_MOST_SHOWN_CHARS = 300
"""Of what a quotation leaves out: an ellipsis may stand for pages."""
_MOST_WORDS_BETWEEN = 12
"""Of what a quotation leaves out, those that a page shows between its pieces: more are counted."""

_SAID = {
    Verdict.VERBATIM: "Word for word in the articles",
    Verdict.VERBATIM_ELSEWHERE: "Word for word, but not in the article named",
    Verdict.WORDS_LEFT_OUT: "Word for word, with words left out",
    Verdict.WORDS_IN_BRACKETS: "Word for word, except for the words in brackets",
    Verdict.OUT_OF_ORDER: "Each piece is in the articles, but not in this order in any one of them",
    Verdict.ALTERED: "Altered",
    Verdict.NOT_FOUND: "Not found in the articles",
    Verdict.TOO_SHORT: "Too short to certify",
}
"""Each verdict, to people."""
_COUNTED = {
    Verdict.VERBATIM: "word for word",
    Verdict.VERBATIM_ELSEWHERE: "word for word in another article",
    Verdict.WORDS_LEFT_OUT: "with words left out",
    Verdict.WORDS_IN_BRACKETS: "with words in brackets",
    Verdict.OUT_OF_ORDER: "out of order",
    Verdict.ALTERED: "altered",
    Verdict.NOT_FOUND: "not found",
    Verdict.TOO_SHORT: "too short to certify",
}


class VerifyBody(Body):
    """A quotation to look up."""

    quote: Line = Field(examples=["North Korea had first called the reports “fake news”."])
    article_id: ArticleId | None = Field(None, description="The article it is said to come from; by default, any.")


class VerifyTextBody(Body):
    """A text whose quotations are looked up: all between quotation marks or, if there are none, the whole text."""

    text: Line = Field(examples=["He called the reports “fake news from Seoul”."])
    article_id: ArticleId | None = Field(None, description="The article they are said to come from; by default, any.")


class PlaceBody(Excerpt):
    """Where a quotation is, or a piece of one with ellipses or brackets, or the closest passage."""

    article: Source
    place: str | None = Field(description="Where it is in the file that the article was read from, if known: `page 3`.")
    permalink: Permalink
    words_left_out: int | None = Field(
        description="Number of words in the article between the previous piece and this one; null for the first piece."
    )
    left_out: str | None = Field(
        description=f"These words, as they appear there, if they have {_MOST_SHOWN_CHARS} characters at most."
    )

    @property
    def said_left_out(self) -> str:
        """How many words are left out before this piece."""
        return "1 word left out" if self.words_left_out == 1 else f"{self.words_left_out or 0:,} words left out"

    @property
    def shown_left_out(self) -> str | None:
        """The words left out before this piece, if they are few enough to be read along with it."""
        return self.left_out if (self.words_left_out or 0) <= _MOST_WORDS_BETWEEN else None

    @classmethod
    def of(cls, found: Found) -> PlaceBody:
        """Describe the place."""
        span, between = found.span, found.left_out
        return cls(
            text=span.text,
            start=span.start,
            end=span.end,
            article=Source.of(span.article),
            place=span.place,
            permalink=permalink(span),
            words_left_out=found.words_left_out,
            left_out=between.text if between and between.end - between.start <= _MOST_SHOWN_CHARS else None,
        )


class ChangeBody(BaseModel):
    """Some words of the quotation, and those of the article in their place."""

    quote: str
    article: str
    differs: bool


class VerificationBody(BaseModel):
    """Whether a quotation is in the articles, word for word; for an ``altered`` one, the closest passage."""

    quote: str
    verdict: Verdict
    elsewhere: bool = Field(description="Whether it is in an article other than the one named.")
    places: list[PlaceBody]
    changes: list[ChangeBody]

    @property
    def said(self) -> str:
        """The verdict, to people."""
        return _SAID[self.verdict]

    @property
    def in_articles(self) -> list[list[PlaceBody]]:
        """The places in runs: all pieces that stand in order in one article, or one place."""
        runs = list[list[PlaceBody]]()
        for place in self.places:
            if place.words_left_out is None:
                runs.append([])
            runs[-1].append(place)
        return runs

    @classmethod
    def of(cls, found: Verification) -> VerificationBody:
        """Describe the verification."""
        return cls(**_described(found))


class QuotationBody(VerificationBody):
    """What became of a quotation of a text; ``start`` and ``end`` count the text's characters from 0, ``end`` not
    included.
    """

    start: int
    end: int


class CheckedBody(BaseModel):
    """A text's quotations, in order, and how many have each verdict."""

    counts: dict[Verdict, int] = Field(
        description="Number of quotations with each verdict, including verdicts with none."
    )
    quotations: list[QuotationBody]
    left_out: list[LeftOut] = Field(description="What could not be read of a file that holds several texts.")

    @property
    def counted(self) -> str:
        """How many quotations there are."""
        count = len(self.quotations)
        return "1 quotation" if count == 1 else f"{count:,} quotations"

    @property
    def tally(self) -> list[tuple[str, int]]:
        """Each verdict that some have, in words with how many, and which quotation, from 1, is the first of them."""
        verdicts = [one.verdict for one in self.quotations]
        return [
            (f"{count:,} {_COUNTED[verdict]}", verdicts.index(verdict) + 1)
            for verdict, count in self.counts.items()
            if count
        ]

    @classmethod
    def of(cls, checked: CheckedText) -> CheckedBody:
        """Describe the text's quotations."""
        counts = checked.counts
        return cls(
            counts={verdict: counts.get(verdict, 0) for verdict in Verdict},
            quotations=[
                QuotationBody(**_described(found), start=quotation.start, end=quotation.end)
                for quotation, found in zip(checked.quotations, checked.found, strict=True)
            ],
            left_out=[LeftOut.of(error) for error in checked.left_out],
        )


def _described(found: Verification) -> dict[str, object]:
    return {
        "quote": found.quote,
        "verdict": found.verdict,
        "elsewhere": found.is_elsewhere,
        "places": [PlaceBody.of(place) for place in found.places],
        "changes": [ChangeBody(quote=c.before, article=c.after, differs=c.differs) for c in found.changes],
    }
