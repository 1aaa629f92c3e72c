"""First questions to ask, made of what the newest articles say, and kept only if those articles answer them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice, zip_longest
from threading import Lock

from index import sentences
from index.articles import Article
from index.retriever import Query
from index.store import Store
from service.answerer import Answerer

NEWEST, LEAD = 60, 8
"""Articles looked at, and sentences of each: what is news stands at the top."""
MAX_TRIED = 16
"""Questions asked to see whether they are answered: each costs an answer's time."""

_NAME = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}"
_NUMBER = (
    r"(?:\d[\d,.]*(?<![,.])(?: (?:thousand|million|billion))?|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_THINGS = (
    r"(?P<things>(?:(?!(?:of|in|and|or|to|from|that|who|more|other|after|before|as|by|for|on|at|with|percent)\b)"
    r"[A-Za-z][\w’'-]* ){0,4}"
    r"(?:(?!years|months|weeks|days|hours|minutes|times|others|figures|was|has)[a-z]+s|people|men|women|children))"
)
_REST = r"(?P<rest>[^,;:.!?—–“”\"()]*)"
_PATTERNS = (
    (
        "How many {things} {verb} {rest}",
        rf"\b{_NUMBER} {_THINGS} (?P<verb>were|had been|have been|(?:had|have)(?= [a-z]+ed\b)) {_REST}",
    ),
    (
        "Who {verb} {rest}",
        rf"^(?:{_NAME}(?: of {_NAME})?) (?P<verb>became|won|beat|defeated|resigned as|signed|scored|broke|discovered|"
        rf"(?:was|were) (?:elected|appointed|named|awarded|arrested|charged|sentenced|convicted)) {_REST}",
    ),
    (
        "Where {verb} {rest} {done}",
        r"^(?P<rest>The [^,;:.!?—–“”\"()]{4,60}?) (?P<verb>will|was|were) "
        r"(?P<done>(?:be )?(?:held|found|built|shot|arrested|born|launched)) (?:in|at|near) ",
    ),
    (
        "How many {things} {verb} {who} {done} {rest}",
        rf"(?P<who>{_NAME}) (?P<verb>had|has) (?P<done>sent|killed|won|lost|built|bought|sold|arrested|received|seized|"
        rf"fired|released|deployed|captured|destroyed|scored)(?: [a-z]+){{0,2}}? {_NUMBER} {_THINGS}{_REST}",
    ),
    (
        "Who is {who}",
        r"(?:^|, )(?P<who>(?!(?:But|And|The|In|At|On)\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,2}), "
        r"(?:the|an?|[A-Z][\w ’']+[’']s?) [^,.]{5,60}, (?:said|says|told|wrote)\b",
    ),
    ("How old is {who}", r"\b(?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,2}), \d\d, "),
)
"""Forms of questions, and what a sentence looks like that answers one."""

_END = re.compile(
    r" (?:in all|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|who|which|that|after|before|as|while|when|where|but|"
    r"because|amid|since|so far|earlier|later|at the age|(?:this|last|next|in the) (?:week|month|year))\b.*$"
)
_LEANS = re.compile(r"\b(?:he|she|it|its|they|his|her|hers|their|them|him|this|these|those|there|\d+)\b", re.IGNORECASE)
_BROKEN_OFF = re.compile(r"\b(?:for|and|or|in|to|from|of|with|by|at|the|a|[A-Z])$")
_WORDS = range(4, 15)


class Suggester:
    """Suggests questions; until the articles change, the same."""

    def __init__(self, store: Store, answerer: Answerer) -> None:
        self._store, self._answerer = store, answerer
        self._lock, self._change, self._questions = Lock(), -1, tuple[str, ...]()

    def known(self) -> tuple[str, ...]:
        """Return the questions, as far as that takes no time: none where the articles have changed since the last."""
        return self._questions if self._store.last_change() == self._change else ()

    def questions(self, today: date, most: int = 4) -> tuple[str, ...]:
        """Return at most so many questions, each about another article that answers it first."""
        with self._lock:
            if (change := self._store.last_change()) != self._change:
                articles = [record.article for record in self._store.page(0, NEWEST).records]
                self._questions = tuple(islice(self._answered(articles, today), most))
                self._change = change
            return self._questions

    def _answered(self, articles: Sequence[Article], today: date) -> Iterator[str]:
        given: set[str] = set()
        for article, question in islice(_by_turns(articles), MAX_TRIED):
            if article.id not in given and self._is_answered_by(article, question, today):
                given.add(article.id)
                yield question

    def _is_answered_by(self, article: Article, question: str, today: date) -> bool:
        answer = self._answerer.answer(Query(question, today), 1)
        return answer.answerable and answer.quotes[0].span.article.id == article.id


def _by_turns(articles: Sequence[Article]) -> Iterator[tuple[Article, str]]:
    """Yield each question once, with its article: of each form the first, then of each the second."""
    by_form: dict[str, list[tuple[Article, str]]] = {form: [] for form, _ in _PATTERNS}
    asked: set[str] = set()
    for article in articles:
        for form, question in questions(article):
            if question not in asked:
                asked.add(question)
                by_form[form].append((article, question))
    for row in zip_longest(*by_form.values()):
        yield from filter(None, row)


def questions(article: Article) -> Iterator[tuple[str, str]]:
    """Yield questions that the article's first sentences answer, as far as their form tells, with the form of each."""
    for sentence in sentences.split(article)[:LEAD]:
        for form, pattern in _PATTERNS:
            for match in re.finditer(pattern, sentence.text):
                if question := _question(form, match.groupdict()):
                    yield form, question


def _question(form: str, words: dict[str, str]) -> str | None:
    """Return the question, if it stands alone, is whole, and neither too short nor too long to read at a glance."""
    if "rest" in words:
        rest = _END.sub("", f" {words['rest']}").strip()
        words["rest"] = rest[0].lower() + rest[1:] if rest.startswith("The ") else rest
    text = form.format(**words).strip()
    is_good = len(text.split()) in _WORDS and not _LEANS.search(text) and not _BROKEN_OFF.search(text)
    return f"{text}?" if is_good else None
