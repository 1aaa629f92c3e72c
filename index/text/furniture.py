"""Furniture: what stands in an article's text without being told by it.

Headings, teasers, bylines, captions with their credits, notices, controls. A page is laid out in lines, so lines are
judged: by how they are written, by their neighbours and by where they stand. Nothing but the article itself is looked
at, so the same text is judged alike whatever else an archive holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from index.articles import Sentence

RULES = 1
"""The version of these rules: raise it when they change, so that archives are judged again."""

HEADING_WORDS = 16
"""The most words of a line that is a heading because it does not end as a sentence does: among longer ones are
paragraphs that lost their full stop."""
TEASER_WORDS = 40
"""The most words of a line that a label makes a teaser."""
CREDIT_WORDS = 10
"""The most words of a credit, and of a line that introduces links."""
ADDRESS_WORDS = 4
"""The most words of an address of the makers' that stands alone."""
LINE_CHARS = 500
"""More characters than any of these lines has: longer ones are not looked at closely, which could take long."""
NOTICE_SENTENCES = 6
"""The most sentences of a line that one notice makes furniture; of a longer one, only the notice is."""
LIST_LINES = 3
"""From so many on, consecutive lines without an ending are a list, which may say what nothing else does."""
HEAD_LINES = 4
"""The most lines above the first paragraph that are headline, byline and the like, and not a list."""
TAIL_LINES = 4
"""The lines at an article's end in which whoever is named beside an address is its author."""

_BREAK = re.compile(r"[\n\r\u2028\u2029\x0b\x0c\x85]")
_SIGN = re.compile(r"[^\W_]")
_ENDED = re.compile(r"[.!?…:;,][\"”’'»)\]]*$|[\"”»]$|\b(?:and|or)$")
_ITEM = re.compile(r"\d+[.):]\s|\d+/\d|\d+ [^,]*, [A-Z]|[¼½¾•▪*–—-]|[a-z]")
_DATUM = re.compile(
    r"[^:]*[a-z][^:]*: .*\d|(?:\S+ ){0,3}\S+: \S+(?: \S+){0,2}$|\w*[a-z]: (?![‘'])"  # When: Sunday 18 December
    r"|.*, .*\d|.*\d,\d{3}\b|(?:[A-Z]\S+ ){1,3}[A-Z]\S*, [a-z]"  # Joe Fulks, 8,003 points
)
_QUOTED = re.compile(r"[\"“]")

_GLUED = re.compile(  # Signed into law:Death penalty is easier to get
    r"►?\s*[^\d\s.;“”][^.;“”]{1,60}?(?<![\d\s])(?:[!?](?=[^\W\d])|:(?=[^\W\d]|[‘'“\"]))"
    r"|(?=(?:[A-Z][ ’'&-]?){6})[A-Z ’'&-]+(?<=[A-Z]{2})(?:[A-Z][a-z](?!\b)|\d)"  # FLASHBACKThe one where
)
_LABEL = re.compile(
    r"(?:(?:read |see |learn )?more|related|see also|read|watch|live|photos?|video|opinion|column|fact check"
    r"|dig deeper):\s"
    r"|(?:(?:more|related)\b[^.:]{0,40}:|[^.:]{1,40}: (?:see|read|watch|get|sign up|click|follow|download)\b)(?!.*\.$)",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"(?:more|related|read (?:more|next|also)|see also|dig deeper|recommended|you (?:may|might) also)\b[^.!?]{0,40}$",
    re.IGNORECASE,
)

_ADDRESS = re.compile(r"\S@\S+\.[a-z]|(?:^|[\s(])@\w{2}|\b(?:twitter|facebook|instagram)\b|\bhttps?://", re.IGNORECASE)
_REACHING = re.compile(
    r"(?:please |you can )?(?:reach|contact|follow|e-?mail|write to|tweet|find|call|join|like|connect|send)\b"
    r"|.*\breached at\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?:please |to )?(?:(?:subscribe|sign up) (?:to|for)\b"
    r"|(?:subscribe|sign up|follow|click|tap|join|download|register|share|support)\b.*\b(?:us|our|here)\b"
    r"|(?:subscribe|sign up|support|click|tap|download|get|want|consider|read|see)\b.*"
    r"(?:\bsubscri|\bnewsletter|\binbox|\bjournalism|\bapp\b|\bthis (?:article|story|page)\b)"
    r"|(?:watch|see|view|read|listen|look)\b.*\b(?:videos?|photos?|gallery|podcast|here)\b)",
    re.IGNORECASE,
)
_OF_THE_PAGE = re.compile(
    r"(?:[\w’' ]{3,30}: )?(?:an? (?:earlier|previous) version of )?this (?:article|story|column|report|post|page|file)"
    r"\b.*\b(?:updated?|corrected|originally|first|appear(?:s|ed)|published|contributed|misstated|incorrectly)\b",
    re.IGNORECASE,
)
_OF_THE_MAKERS = re.compile(
    r"\b(?=[abcmnst])(?:"  # the letters that these begin with: most words are passed at once
    r"(?:top|bottom) of (?:this|the) (?:article|story|page|post)\b|contributed to this\b"
    r"|(?:story idea|news tip)s?\b.{0,100}\?|all rights reserved\b|may not be (?:published|reproduced)\b"
    r"|may earn\b|cookie (?:policy|settings)\b|covers\b.{0,100}\bfor (?:the )?(?-i:[A-Z])"
    r")|©",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?i:(?:contributing|contributors?|sources?|credits?|photos?|by):|(?:includes |additional |with )?reporting by"
    r"|editing by|with contributions? from) [A-Z]|(?:Edited|Written|Produced) by [A-Z][^,]{3,40}$"
    r"|.{3,100}\bcontributed\.?$|[–—-] ?[A-Z][\w.’'-]*(?: (?:and |[A-Z])[\w.’'-]*){1,5}$"
)
_CONTROL = re.compile(
    r"(?:skip ad(?:vert(?:isement)?)?|advert(?:isement)?|(?:see|read|show|load|watch|learn) more|sign up|log in|share"
    r"|print|scroll (?:down )?to continue|story continues below(?: advert\w*)?|follow us|subscribe)\W*$",
    re.IGNORECASE,
)

_NAMES = re.compile(r"\(?[A-Z](?:[\w.’'&-]+(?:[\s/,]+|$)(?=(?:of|the|for|via|and|de|la)\b|[A-Z0-9]|$))+\)?$")
_CREDITED = re.compile(
    r"\b[A-Z][\w.’'-]{0,40}/\s?(?:[A-Z][\w.’'&-]*(?:[ /]+(?:(?:via|for|of|the|and) )*|$))+$"
    r"|\b(?:Getty Images|AP Photo|Reuters|AFP)(?: \S+){0,2}$|\((?:Photo|AP Photo|Image|Credit|Courtesy)[^()]*\)$"
    r"|\b(?:Photo|Source|Credit|Image)s?: [^.]{1,60}$"
)


@dataclass(frozen=True)  # without slots, so that what is found out is found out once
class Line:
    """The sentences between two line breaks."""

    sentences: Sequence[Sentence]

    @cached_property
    def text(self) -> str:
        """From the first sentence to the last."""
        first, last = self.sentences[0].span, self.sentences[-1].span
        return first.article.text[first.start : last.end]

    @cached_property
    def words(self) -> int:
        """How many words it has; many, if it is long, whatever they are."""
        return len(self.text.split()) if len(self.text) <= LINE_CHARS else LINE_CHARS

    @cached_property
    def is_ended(self) -> bool:
        """Whether it ends as a sentence does; a quotation may do so without a full stop."""
        return _ENDED.search(self.sentences[-1].text) is not None

    @property
    def is_bare(self) -> bool:
        """Whether it is short and does not end, as headings do; items of lists and figures are something else."""
        is_short = self.words <= HEADING_WORDS and not self.is_ended
        return is_short and not (_ITEM.match(self.text) or _DATUM.match(self.text))

    @property
    def is_rule(self) -> bool:
        """Whether it has neither letters nor digits."""
        return _SIGN.search(self.text) is None

    @property
    def is_teaser(self) -> bool:
        """Whether it opens with a label, as links to other articles do."""
        return self.words <= TEASER_WORDS and bool(_GLUED.match(self.text) or _LABEL.match(self.text))

    @property
    def is_question(self) -> bool:
        """Whether it only asks: what follows answers."""
        is_asked = self.text.endswith("?") and not _QUOTED.match(self.text)
        return len(self.sentences) == 1 and self.words <= HEADING_WORDS and is_asked

    @property
    def is_caption(self) -> bool:
        """Whether it ends in a credit: names that no full stop follows."""
        last = self.sentences[-1].text
        are_names = len(self.sentences) > 1 and len(last.split()) <= CREDIT_WORDS and _NAMES.match(last)
        return not self.is_ended and bool(are_names or _CREDITED.search(last))

    @property
    def is_notice(self) -> bool:
        """Whether it opens by speaking of the page or its makers, and so goes on doing it."""
        return len(self.sentences) <= NOTICE_SENTENCES and self.spoken[0]

    @property
    def opens_links(self) -> bool:
        """Whether the lines that follow are links to other pages."""
        return self.words <= CREDIT_WORDS and _LINKS.match(self.text.rstrip(":")) is not None

    @cached_property
    def is_furniture(self) -> bool:
        """Whether its form alone makes it furniture, wherever it stands."""
        is_heading = self.is_rule or self.is_teaser or self.is_question or self.opens_links
        return is_heading or self.is_caption or self.is_notice

    @cached_property
    def spoken(self) -> list[bool]:
        """Whether each sentence speaks of the page or its makers."""
        return [_is_notice(sentence.text) for sentence in self.sentences]

    @cached_property
    def notices(self) -> list[Sentence]:
        """The sentences that speak of the page or its makers, and controls that were read with the text."""
        spoken = zip(self.sentences, self.spoken, strict=True)
        return [sentence for sentence, is_spoken in spoken if is_spoken or _CONTROL.match(sentence.text)]

    @property
    def is_signature(self) -> bool:
        """Whether, at an article's end, it says who wrote it."""
        return len(self.sentences) <= NOTICE_SENTENCES and any(_REACHING.match(s.text) for s in self.notices)


def _is_notice(text: str) -> bool:
    reaches = (_REACHING.match(text) or len(text.split()) <= ADDRESS_WORDS) and _ADDRESS.search(text)
    anchored = _OFFER.match(text) or _OF_THE_PAGE.match(text) or _SIGNED.match(text)
    return bool(reaches or anchored or _OF_THE_MAKERS.search(text))


def marked(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return an article's sentences in order, those that are furniture marked as such."""
    lines = list(_lines(sentences))
    found = {sentence.ordinal for line in _whole(lines) for sentence in line.sentences}
    found |= {notice.ordinal for line in lines for notice in line.notices}
    return [replace(sentence, is_furniture=sentence.ordinal in found) for sentence in sentences]


def _lines(sentences: Sequence[Sentence]) -> Iterator[Line]:
    """Yield the lines of one article's sentences."""
    line: list[Sentence] = []
    for sentence in sentences:
        span = sentence.span
        if line and _BREAK.search(span.article.text, line[-1].span.end, span.start):
            yield Line(line)
            line = []
        line.append(sentence)
    if line:
        yield Line(line)


def _whole(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines that are furniture as a whole."""
    yield from (line for line in lines if line.is_furniture)
    yield from (line for line in lines[-TAIL_LINES:] if line.is_signature)
    if any(line.is_ended for line in lines):
        yield from _headings(lines)


def _headings(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the bare lines that head a paragraph or the page, or are links, and not those that make up a list."""
    place, before = 0, None
    for is_open, group in groupby(lines, lambda line: not line.is_ended and not line.is_furniture):
        run = list(group)
        is_head = place == 0 and len(run) <= HEAD_LINES
        are_links = before is not None and before.opens_links
        if is_open and (len(run) < LIST_LINES or is_head or are_links):
            yield from (line for line in run if line.is_bare)
        place, before = place + len(run), run[-1]
