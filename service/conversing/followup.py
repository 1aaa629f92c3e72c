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
    bracketed,
    counted,
    counting,
    fragment,
    is_led,
    topic,
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
    if _needs_more(question) or _POINTING.search(pointing_back(question)):
        return True
    says_enough = names(question) or re.search(r"\d", question) or len(words.content(question)) >= _ENOUGH_WORDS
    return not says_enough


def _needs_more(question: str) -> bool:
    """Whether the question means nothing by itself: it is only begun, or has a pronoun that points back."""
    asked = question.strip(_MARKS)
    return bool(is_led(asked) or begun(asked) or fragment(asked)) or _has_pronoun(asked)


def _has_pronoun(question: str) -> bool:
    rest = pointing_back(question)
    return any(pronoun.search(rest) for pronoun in PRONOUNS.values())


def rewrites(question: str, past: Sequence[Past], without: Sequence[str] = ()) -> list[Rewrite]:
    """Return how the question can be read in the light of the ``past``, at most ``MAX_REWRITES`` ways besides its own.

    They come likeliest first. The question as it is comes last, or not at all if it means nothing by itself and there
    are others. Nothing in ``without`` is taken over.
    """
    plain = Rewrite(question)
    if not past or not leans(question):
        return [plain]
    left_out = {_key(text) for text in without}
    mentions = [mention for mention in said_before(past, question) if _key(mention.text) not in left_out]
    own = without_lead(question.strip(_MARKS))
    ways = {
        one.question.casefold(): one
        for one in _ways(own, past, mentions)
        if not any(key and set(key) <= set(_key(carried.text)) for key in left_out for carried in one.carried)
    }
    found = list(ways.values())[:MAX_REWRITES]
    return found if found and _needs_more(question) and not left_out else [*found, plain]


def _ways(question: str, past: Sequence[Past], mentions: Sequence[Mention]) -> Iterator[Rewrite]:
    """Yield the rewrites of a question that leans, likeliest first."""
    last = past[-1]
    asked, about = bracketed(last.question.strip(_MARKS))
    if what := fragment(question):
        yield from (_asking(_with_topic(text, about), Carried(asked, last.number)) for text in asked_of(what, asked))
        yield from _about(Rewrite(what), past)
        yield from _named(Rewrite(question), mentions)
    elif wh := begun(question):
        text = asked_with(wh, asked, last.answer)
        taken = [Carried(last.answer, last.number)] if last.answer and last.answer in text else []
        yield _asking(_with_topic(text, about), Carried(asked, last.number), *taken)
    else:
        own = _counting(question, asked, last.number)
        replaced = list(_replaced(own, mentions))
        lacks_name = not names(question) or _BESIDES.search(pointing_back(question)) is not None
        counting_it = [_asking(own.question, *own.carried)] if own.carried else []
        named = replaced or counting_it + (list(_named(own, mentions)) if lacks_name else [])
        yield from named[:1]
        if lacks_name or _has_pronoun(question):
            yield from _about(own, past)
        yield from named[1:]


def _counting(question: str, asked: str, number: int) -> Rewrite:
    """Return the question with what it counts, if only the one before says what that is."""
    noun = counted(question, asked)
    return Rewrite(counting(question, noun), (Carried(noun, number),)) if noun else Rewrite(question)


def _about(asking: Rewrite, past: Sequence[Past]) -> Iterator[Rewrite]:
    """Yield the question with what the conversation is about in brackets: what the last complete question was."""
    of = next((turn for turn in reversed(past) if not turn.leans), past[-1])
    if about := topic(of.question.strip(_MARKS), of.answer):
        taken = [Carried(of.answer, of.number)] if of.answer and of.answer in about else []
        asked = Carried(of.question.strip(_MARKS), of.number)
        yield _asking(_with_topic(asking.question, about), *asking.carried, asked, *taken)


def _with_topic(question: str, about: str) -> str:
    return f"{question} ({about})" if about else question


def _replaced(asked: Rewrite, mentions: Sequence[Mention]) -> Iterator[Rewrite]:
    """Yield the question with the likeliest names in place of its pronouns, then with the second likeliest."""
    for choice in range(2):
        text, carried = asked.question, list(asked.carried)
        for kind, pronoun in PRONOUNS.items():
            taken = {c.text for c in carried}
            able = (m for m in mentions if m.text not in taken and m.may_be(kind))
            ranked = sorted(able, key=lambda m: -m.fits(kind))
            found = pronoun.search(pointing_back(text))
            if found and len(ranked) > choice:
                name = inflected(found, ranked[choice].phrase)
                text = text[: found.start()] + name + text[found.end() :]
                carried.append(Carried(ranked[choice].text, ranked[choice].from_turn))
        if len(carried) > len(asked.carried):
            yield _asking(text, *carried)


def _named(asking: Rewrite, mentions: Sequence[Mention]) -> Iterator[Rewrite]:
    """Yield the question with a name added, the one first that the conversation is most about."""
    for mention in sorted((m for m in mentions if m.is_name), key=lambda m: -m.salience):
        added = f"in {mention.phrase}" if mention.must_be_place else f"({mention.text})"
        yield _asking(f"{asking.question} {added}", *asking.carried, Carried(mention.text, mention.from_turn))


def _asking(text: str, *carried: Carried) -> Rewrite:
    return Rewrite(f"{text[:1].upper()}{text[1:]}?", carried)


def _key(text: str) -> tuple[str, ...]:
    return tuple(words.analyze(text))
