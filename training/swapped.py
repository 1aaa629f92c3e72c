"""Near misses made of questions that are answered: a name or year that the passage speaks of gives way to another."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.examples import Candidate, Example

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'.-]*\w(?: (?:(?:of|the|and|de|al) )?[A-Z][\w’'.-]*\w)*|\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Name:
    """A name or year in a question, from ``start`` to ``end``, and the word before it."""

    text: str
    start: int
    end: int
    before: str

    @property
    def slot(self) -> tuple[str, int, bool]:
        """What names that can stand for one another have in common: the word before, their length, being a year."""
        return self.before, len(self.text.split()), self.text.isdigit()


def names(question: str) -> list[Name]:
    """Return the names and years in the question; its first word is not looked at."""
    return [
        Name(found[0], *found.span(), question[: found.start()].rsplit(maxsplit=1)[-1].lower())
        for found in _NAME.finditer(question)
        if question[: found.start()].split()
    ]


def swapped(examples: Sequence[Example], seed: int) -> Iterator[Example]:
    """Yield each question with one name replaced, and the passages that answered it, which now do not.

    Only what the passage or its title says itself is replaced, so that it can be told; and only by what stands after
    the same word in a question over another article, and not in the passage or its title.
    """
    rng = random.Random(seed)
    slots: dict[tuple[str, int, bool], list[str]] = defaultdict(list)
    for example in examples:
        for name in names(example.question):
            slots[name.slot].append(name.text)
    for example in examples:
        good = [c for c in example.candidates if c.is_relevant]
        around = " ".join(f"{c.title} {c.text}" for c in good).lower()
        said = [name for name in names(example.question) if name.text.lower() in around]
        rng.shuffle(said)
        for name in said:
            others = [other for other in slots[name.slot] if not _shares_a_word(other, around)]
            if others:
                question = example.question[: name.start] + rng.choice(others) + example.question[name.end :]
                yield Example(question, tuple(Candidate(c.text, c.title) for c in good), "swapped")
                break


def _shares_a_word(name: str, text: str) -> bool:
    return any(word.strip(".,’'").lower().removesuffix("’s").removesuffix("'s") in text for word in name.split())
