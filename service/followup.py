"""A question that leans on what was said before, to questions that stand alone. Every word comes from the conversation.

Nothing is generated: a pronoun gives way to a name of an earlier turn, a question that is only begun ("When?", "What
about Kursk?") is set on the one before, and one that names nothing gets a name added. Which reading is meant, the
caller finds out by what each of them retrieves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import words

MAX_READINGS = 3
"""Ways to read a follow-up that are tried beside the plain one: each costs an answer's time."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier turn, as far as a later question can lean on it: the question as resolved, the short answer, the
    quotes that were shown, and the title of the article that the first of them stands in.
    """

    number: int
    question: str
    answer: str = ""
    quotes: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """Words that a question took over, and the turn that they come from."""

    text: str
    from_turn: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """A question that stands alone, and what it took over: nothing, if it is the question as it was asked."""

    question: str
    carried: tuple[Carried, ...] = ()


_MARKS = " ?.!"
_WH = r"(?:how (?:many|much|long|far|old|often|big|high|large)|what|which|who(?:m|se)?|when|where|why|how)"
_AUX = r"(?:was|were|is|are|did|do|does|has|have|had|will|would|can|could|should|may|might)"
_LEAD = re.compile(r"^(?:(?:and|but|so|or|also|then|ok|okay)\b[,:]?\s*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+(?P<what>.+?)$", re.IGNORECASE)
_BEGUN = re.compile(
    rf"^(?P<wh>(?:(?:since|until|by|from|for|to|with|in|at) )?{_WH}(?: exactly| else)?)"
    r"(?: (?:was|is|did|does) (?:that|this|it)(?: happen)?)?$",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(rf"^(?!{_WH}\b|{_AUX}\b|(?:tell|show|give|name)\b)(?P<what>\S+(?: \S+){{0,5}}?)$", re.IGNORECASE)
_COUNTED = re.compile(
    rf"^(?P<wh>how many|how much|which|what|whose) (?P<noun>(?!{_AUX}\b).+?) (?P<aux>{_AUX})\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"^{_WH} (?P<aux>{_AUX}) (?P<rest>.*)$", re.IGNORECASE)
_COUNTS = re.compile(rf"^(?:how many|how much) (?={_AUX}\b)", re.IGNORECASE)
_OF_NOW = re.compile(
    r"\b(?:this|last|past|these) (?:mornings?|evenings?|nights?|weeks?|weekends?|months?|years?|days?|hours?|spring|"
    r"summer|autumn|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|"
    r"\bthere (?:is|are|was|were|been|any)\b|\b(?:is|are|was|were) there\b",
    re.IGNORECASE,
)
"""Where "this" and "there" do not point back."""
_PRONOUNS = {
    "person": re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE),
    "group": re.compile(r"\b(?:they|them|theirs?|themselves)\b", re.IGNORECASE),
    "place": re.compile(r"\b(?:(?:from|in|to|near) )?there\b", re.IGNORECASE),
    "thing": re.compile(
        rf"\b(?:its?|itself|(?:this|that|these|those)(?=\s*[?.!,]|\s+{_AUX}\b|\s+(?:happen|mean|work|said?)|$))\b",
        re.IGNORECASE,
    ),
}
_POSSESSIVE = {"his", "their", "its", "hers", "theirs"}
_POINTING = re.compile(
    r"\b(?:this|that|these|those) [a-z]+\b|\b(?:else|other|another|same|so|ones?|such)\b", re.IGNORECASE
)

_CAPITAL = r"[A-Z](?:[\w’'-]*\w|\.(?:[A-Z]\.)*)?"
_NAME = re.compile(rf"{_CAPITAL}(?:(?: (?:of the|of|the|de|von|van|al|for|&))? (?:{_CAPITAL}|\d{{4}}\b))*")
_FROM = re.compile(r"(?<=\S \S)(\S*(?: \S+)*?) of .+$")
"""Where the bearer of a longer name is from: Gukesh Dommaraju of India, but the Bank of England."""
_GROUP = re.compile(r" (?!(?:was|is|has|does|says|goes|as|plus|versus|during|across)\b)[a-z]{3,}s\b")
_PERSON = re.compile(rf"{_CAPITAL}(?: {_CAPITAL}){{1,2}}")
_PAIR = re.compile(rf"{_NAME.pattern}(?:, {_NAME.pattern})* and {_NAME.pattern}")
_NO_PERSON = re.compile(
    r"\b(?:University|College|School|City|States?|House|Street|County|River|Region|Sea|Council|Committee|Ministry|"
    r"Department|Agency|Service|Party|Army|Forces?|Union|League|Cup|Club|Games|War|Act|Court|Company|Group|Bank|Korea|"
    r"Kingdom|Republic|Prize|Awards?|Festival|Band|Records|Championship|Staff|Cent(?:er|re)|Press|News|Times|Post)\b"
)
_NO_NAME = frozenset(
    """I A An The This That These Those It He She They We You His Her Its Their My Our Your In On At By For From To Of
    With And But Or So If When Where Why How What Which Who Whom Whose Did Do Does Was Were Is Are Has Have Had Will
    Would Can Could Should May Might Not No Yes There Then After Before During While As Also Tell Any Some Most More
    Many Much One Two Three Four Five Six About Another Other All Both Each Every Once Since Until However Although
    Because Despite Several Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June
    July August September October November December""".split()
)


def leans(question: str) -> bool:
    """Whether the question needs what was said before: a pronoun, a beginning only, or no name or number in it."""
    rest = _OF_NOW.sub(" ", question.strip(_MARKS))
    signs = (_LEAD, _ABOUT, _BEGUN, _FRAGMENT, _POINTING, *_PRONOUNS.values())
    return any(sign.search(rest) for sign in signs) or not (names(question) or re.search(r"\d", question))


def readings(question: str, past: Sequence[Past], without: Sequence[str] = ()) -> list[Resolution]:
    """Return the question as it is, and where it leans on the ``past``, other ways to read it, likeliest first.

    Nothing of ``without`` is taken over.
    """
    if not past or not leans(question):
        return [Resolution(question)]
    left_out = {_key(text) for text in without}
    mentions = [mention for mention in _mentions(past, question) if _key(mention.text) not in left_out]
    own = _LEAD.sub("", question.strip(_MARKS)) or question
    found = {
        reading.question.casefold(): reading
        for reading in _ways(own, past[-1], mentions)
        if not left_out & {_key(carried.text) for carried in reading.carried}
    }
    return [Resolution(question), *list(found.values())[:MAX_READINGS]]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in earlier turns, in its fullest form, where it was said last, and how much the talk is about it."""

    text: str
    from_turn: int
    salience: float
    is_place: bool

    def fits(self, kind: str) -> float:
        """Return how well it fits a kind of pronoun, on the scale of the salience."""
        is_group = bool(_GROUP.search(self.text)) or " and " in self.text
        if kind == "person":
            return self.salience + (bool(_PERSON.fullmatch(self.text)) and not _NO_PERSON.search(self.text)) - is_group
        if kind == "place":
            return self.salience + 2 * self.is_place
        return self.salience + (is_group if kind == "group" else 0.0)


def _ways(question: str, last: Past, mentions: Sequence[_Mention]) -> Iterator[Resolution]:
    if about := _ABOUT.match(question) or _FRAGMENT.match(question):
        yield from _set_on(last, about["what"])
    elif begun := _BEGUN.match(question):
        yield _with_other_word(last, begun["wh"])
    else:
        counted = _counted(question, last)
        yield from _replaced(counted, mentions)
        if counted.carried:
            yield _asking(counted.question, *counted.carried)
        yield from _named(question, mentions)


def _set_on(last: Past, what: str) -> Iterator[Resolution]:
    """Yield the last question, asked of something else: in the place of one of its names, or added to it."""
    asked = last.question.strip(_MARKS)
    carried = Carried(asked, last.number)
    for start, name_end in names(asked) if names(what) else []:
        end = _group_end(asked, name_end)
        if (end > name_end) == bool(_GROUP.search(what)):
            yield _asking(f"{asked[:start]}{what}{asked[end:]}", carried)
    place = what if re.match(r"(?:in|at|from|to|on|near|by|before|after|since|until|with)\b", what) else f"in {what}"
    yield _asking(f"{asked} {place}", carried)


def _with_other_word(last: Past, wh: str) -> Resolution:
    """Return the last question with another question word."""
    asked = last.question.strip(_MARKS)
    if counted := _COUNTED.match(asked):
        text = f"{wh} {counted['aux']} {counted['noun']}{counted['rest']}"
    elif other := _ASKED.match(asked):
        text = f"{wh} {other['aux']} {other['rest']}"
    else:
        text = f"{wh} {re.sub(rf'^{_WH} ', '', asked, flags=re.IGNORECASE)}"
    return _asking(text, Carried(asked, last.number))


def _counted(question: str, last: Past) -> Resolution:
    """Return "How many were killed" as asked of what the last question counted; another question as it is."""
    counts, before = _COUNTS.match(question), _COUNTED.match(last.question)
    if counts and before and counts[0].strip().casefold() == before["wh"].casefold():
        text = f"{counts[0]}{before['noun']} {question[counts.end() :]}"
        return Resolution(text, (Carried(before["noun"], last.number),))
    return Resolution(question)


def _replaced(asked: Resolution, mentions: Sequence[_Mention]) -> Iterator[Resolution]:
    """Yield the question with the likeliest names for its pronouns, then with the second likeliest."""
    for place in range(2):
        text, carried = asked.question, list(asked.carried)
        for kind, pronoun in _PRONOUNS.items():
            taken = {c.text for c in carried}
            ranked = sorted((m for m in mentions if m.text not in taken), key=lambda m: -m.fits(kind))
            found = pronoun.search(_OF_NOW.sub(lambda now: "#" * len(now[0]), text))
            if found and len(ranked) > place:
                name = _inflected(found[0], ranked[place].text, text[found.end() :])
                if text[: found.start()].endswith(" of "):
                    name = f"the {name}"
                text = text[: found.start()] + name + text[found.end() :]
                carried.append(Carried(ranked[place].text, ranked[place].from_turn))
        if len(carried) > len(asked.carried):
            yield _asking(text, *carried)


def _inflected(pronoun: str, name: str, after: str) -> str:
    place, _, word = pronoun.rpartition(" ")
    if place:
        return f"{place} {name}"
    owns = word.casefold() == "her" and re.match(r"\s+(?!(?:in|at|on|to|from|by|for|with|and|or)\b)[a-z]", after)
    return f"{name}'{'' if name.endswith('s') else 's'}" if owns or word.casefold() in _POSSESSIVE else name


def _named(question: str, mentions: Sequence[_Mention]) -> Iterator[Resolution]:
    """Yield the question with the names that the talk is most about."""
    for mention in sorted(mentions, key=lambda m: -m.salience):
        yield _asking(f"{question}, {mention.text}", Carried(mention.text, mention.from_turn))


def _asking(text: str, *carried: Carried) -> Resolution:
    return Resolution(f"{text[:1].upper()}{text[1:]}?", carried)


def _mentions(past: Sequence[Past], question: str) -> list[_Mention]:
    """Return the names of the turns that the question does not hold.

    What counts for a name: how often it was said, how lately, and whether the last question or title has it. Weights
    fitted on CANARD chose no better than these equal ones: see docs/conversation.md.
    """
    said: dict[str, list[tuple[Past, str, bool]]] = {}
    texts = [(turn, text) for turn in past for text in (turn.title, *turn.quotes, turn.answer, turn.question)]
    common = {word for _, text in texts for word in re.findall(r"\b[a-z][\w’'-]*", text)}
    for turn, text in texts:
        for start, end in [(0, len(text))] if _PAIR.fullmatch(text) else names(text):
            name = _FROM.sub(r"\1", re.sub(r"[’']s?$", "", text[start : _group_end(text, end)]))
            if name.casefold() in common:  # a capital at the beginning, no name
                continue
            key = next((key for key in said if _is_same(key, name)), name)
            is_place = re.search(r"\b(?:in|at|from|to|near|into) (?:the )?$", text[:start]) is not None
            said.setdefault(key, []).append((turn, name, is_place))
    here, last = set(words.analyze(question)), past[-1]
    latest = [text[start:end] for text in (last.title, last.question, last.answer) for start, end in names(text)]
    return [
        _Mention(
            max((name for _, name, _ in places), key=len),
            places[-1][0].number,
            math.log(len(places))
            + 1 / (1 + last.number - places[-1][0].number)
            + min(2, sum(_is_same(key, name) for name in latest)),
            any(is_place for *_, is_place in places),
        )
        for key, places in said.items()
        if not here & set(words.content(key))
    ]


def names(text: str) -> list[tuple[int, int]]:
    """Return where names stand, without the words at their beginning that are capitals of a sentence."""
    found = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        while (first := re.match(r"[\w’']+\s*", text[start:end])) and first[0].strip() in _NO_NAME:
            start += first.end()
        if text[start:end][:1].isupper():
            found.append((start, end))
    return found


def _group_end(text: str, end: int) -> int:
    group = _GROUP.match(text, end)
    return group.end() if group else end


def _key(text: str) -> tuple[str, ...]:
    return tuple(words.analyze(text))


def _is_same(one: str, other: str) -> bool:
    """Whether all words of one name are in the other."""
    first, second = set(words.analyze(one)), set(words.analyze(other))
    return bool(first and second) and (first <= second or second <= first)
