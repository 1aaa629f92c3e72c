"""A question that leans on what was said before, rewritten as questions that stand alone.

No model writes here; the words come from the conversation. A pronoun gives way to a name from an earlier turn, a
question that is only begun ("When?", "What about Kursk?") is completed from the one before, and one that names nothing
gets a name added. The caller decides which rewrite is meant, by how well each is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text import words
from service.conversing.mentions import Mention, Past, said_before
from service.english.lexicon import DEMONSTRATIVES, any_of
from service.english.names import names
from service.english.pronouns import PRONOUNS, inflected, pointing_back
from service.english.questions import (
    asked_of,
    asked_with,
    begun,
    counted,
    counting,
    fragment,
    is_led,
    without_lead,
)

MAX_REWRITES = 3
"""Rewrites that are tried beside the question as it was asked: each costs an answer's time."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Words that a rewrite took over from an earlier turn."""

    text: str
    from_turn: int


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A question that stands alone, and what it took over: nothing if it is the question as it was asked."""

    question: str
    carried: tuple[Carried, ...] = ()


_MARKS = " ?.!"
_ENOUGH_WORDS = 6
"""Content words with which a question stands alone though it names nothing."""
_POINTING = re.compile(
    rf"\b{any_of(DEMONSTRATIVES)} [a-z]+\b|\b(?:else|other|another|same|so|such|ones|"
    r"(?:which|this|that|next|last|other|first|new|old|only) one)\b",
    re.IGNORECASE,
)

_BESIDES = re.compile(r"\b(?:this|these|those) [a-z]+\b|\belse\b|(?<!each )\bother\b(?! than)", re.IGNORECASE)
"""Signs that a question with names of its own still lacks one."""


def leans(question: str) -> bool:
    """Whether the question needs what was said before: it points back, is only begun, or says too little."""
    asked = question.strip(_MARKS)
    if is_led(asked) or begun(asked) or fragment(asked):
        return True
    rest = pointing_back(asked)
    if any(sign.search(rest) for sign in (_POINTING, *PRONOUNS.values())):
        return True
    says_enough = names(question) or re.search(r"\d", question) or len(words.content(question)) >= _ENOUGH_WORDS
    return not says_enough


def rewrites(question: str, past: Sequence[Past], without: Sequence[str] = ()) -> list[Rewrite]:
    """Return the question as it is and, if it leans on the ``past``, at most ``MAX_REWRITES`` more, likeliest first.

    Nothing in ``without`` is taken over.
    """
    if not past or not leans(question):
        return [Rewrite(question)]
    left_out = {_key(text) for text in without}
    mentions = [mention for mention in said_before(past, question) if _key(mention.text) not in left_out]
    own = without_lead(question.strip(_MARKS))
    found = {
        one.question.casefold(): one
        for one in _ways(own, past[-1], mentions)
        if not left_out & {_key(carried.text) for carried in one.carried}
    }
    return [Rewrite(question), *list(found.values())[:MAX_REWRITES]]


def _ways(question: str, last: Past, mentions: Sequence[Mention]) -> Iterator[Rewrite]:
    """Yield the rewrites of a question that leans, likeliest first."""
    asked = last.question.strip(_MARKS)
    if what := fragment(question):
        set_on_last = [_asking(text, Carried(asked, last.number)) for text in asked_of(what, asked)]
        yield from set_on_last or _named(question, mentions)
    elif wh := begun(question):
        text = asked_with(wh, asked, last.answer)
        taken = [Carried(last.answer, last.number)] if last.answer and last.answer in text else []
        yield _asking(text, Carried(asked, last.number), *taken)
    else:
        noun = counted(question, asked)
        taken = [Carried(noun, last.number)] if noun else []
        own = Rewrite(counting(question, noun) if noun else question, tuple(taken))
        yield from _replaced(own, mentions)
        if noun:
            yield _asking(own.question, *taken)
        if not names(question) or _BESIDES.search(pointing_back(question)):
            yield from _named(question, mentions)


def _replaced(asked: Rewrite, mentions: Sequence[Mention]) -> Iterator[Rewrite]:
    """Yield the question with the likeliest names in place of its pronouns, then with the second likeliest."""
    for choice in range(2):
        text, carried = asked.question, list(asked.carried)
        for kind, pronoun in PRONOUNS.items():
            taken = {c.text for c in carried}
            able = (m for m in mentions if m.text not in taken and (kind != "place" or m.may_be_place))
            ranked = sorted(able, key=lambda m: -m.fits(kind))
            found = pronoun.search(pointing_back(text))
            if found and len(ranked) > choice:
                name = inflected(found, ranked[choice].phrase)
                text = text[: found.start()] + name + text[found.end() :]
                carried.append(Carried(ranked[choice].text, ranked[choice].from_turn))
        if len(carried) > len(asked.carried):
            yield _asking(text, *carried)


def _named(question: str, mentions: Sequence[Mention]) -> Iterator[Rewrite]:
    """Yield the question with a name added, the one first that the conversation is most about."""
    for mention in sorted(mentions, key=lambda m: -m.salience):
        added = f"in {mention.phrase}" if mention.must_be_place else f"({mention.text})"
        yield _asking(f"{question} {added}", Carried(mention.text, mention.from_turn))


def _asking(text: str, *carried: Carried) -> Rewrite:
    return Rewrite(f"{text[:1].upper()}{text[1:]}?", carried)


def _key(text: str) -> tuple[str, ...]:
    return tuple(words.analyze(text))
