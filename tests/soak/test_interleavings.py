"""In whatever order an archive is changed and asked: store and engine agree, and removed is removed everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from index.articles import Article
from index.errors import EmptyQuestion, RemovedArticle, UnknownArticle
from service.citing.citations import FORMATS
from service.conversing.turn import Question, Validity
from service.newsquote import Newsquote
from service.schemas.answers import AnswerBody
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.soak.test_application import assert_kept

pytestmark = pytest.mark.soak
NAMES = ("Arvold", "Berwin", "Corvane", "Dalmir", "Estrun", "Folkar")
"""One for each article, which nothing else holds: by it an article's words are known wherever they turn up."""
URLS = ("https://x.org/1", "https://x.org/2")
DAYS = (None, "2024-12-01", "2024-12-02")


def article(number: int) -> Article:
    name, url = NAMES[number], URLS[number // 2] if number < 4 else None
    return Article(
        f"General {name} Lee sent {number + 2}0,000 troops to {name} City, Ann {name} said. "
        f"The moon covered the prize.\nThe brigades of {name} hold the territory.",
        title=f"{name} on the way",
        publisher=("The Daily", "Sky")[number % 2],
        url=url,
        published=date(2024, 12, 1 + number % 3) if number % 4 else None,
    )


ARTICLES = {name: article(number) for number, name in enumerate(NAMES)}
QUESTIONS = (
    *("How many troops were sent?", "Who sent troops?", "Who said so?", "How many did he send?", "And the brigades?"),
    *("What covered the prize?", "When?", "Who holds the territory?", "What about the moon?", "Where are they?", "?"),
)


class Interleavings(RuleBasedStateMachine):
    """One archive, changed and asked in any order."""

    def __init__(self, folder: Path, tally: Counter[str]) -> None:
        super().__init__()
        self.folder, self.tally = folder, tally
        self.here: set[str] = set()
        self.gone: set[str] = set()
        self.turns: dict[str, str] = {}
        self.has_changed = False
        self._open()

    def _open(self) -> None:
        self.components = Components(Settings.checked(data_dir=self.folder), CountingEmbedder(), WordReader())
        self.newsquote = Newsquote(self.components)

    def teardown(self) -> None:
        self.newsquote.close()

    @initialize(names=st.lists(st.sampled_from(NAMES), unique=True, min_size=2))
    def begin(self, names: list[str]) -> None:
        for name in names:
            self.add(name)

    @rule(name=st.sampled_from(NAMES))
    def add(self, name: str) -> None:
        self.tally["added again" if name in self.here | self.gone else "added"] += 1
        list(self.newsquote.add([ARTICLES[name]]))
        self.here.add(name)
        self.gone.discard(name)
        self.has_changed = True

    @rule(name=st.sampled_from(NAMES), url=st.none() | st.sampled_from(URLS), day=st.sampled_from(DAYS))
    def place_anew(self, name: str, url: str | None, day: str | None) -> None:
        self._correct(name, {"url": url, "published": day})

    @rule(name=st.sampled_from(NAMES), title=st.sampled_from(["{}", "{} and the troops", "General {} came"]))
    def retitle(self, name: str, title: str) -> None:
        self._correct(name, {"title": title.format(name)})

    def _correct(self, name: str, said: dict[str, object]) -> None:
        if name in self.here:
            self.newsquote.correct(ARTICLES[name].id, said)
            self.tally["corrected"] += 1
            self.has_changed = True
        else:
            with pytest.raises(RemovedArticle if name in self.gone else UnknownArticle):
                self.newsquote.correct(ARTICLES[name].id, said)

    @rule(name=st.sampled_from(NAMES))
    def remove(self, name: str) -> None:
        if name in self.here:
            self.newsquote.remove(ARTICLES[name].id)
            self.here.discard(name)
            self.gone.add(name)
            self.tally["removed"] += 1
            self.has_changed = True
        else:
            with pytest.raises(RemovedArticle if name in self.gone else UnknownArticle):
                self.newsquote.remove(ARTICLES[name].id)

    @rule(text=st.sampled_from(QUESTIONS), follow=st.booleans())
    def ask(self, text: str, follow: bool) -> None:
        conversation = next(reversed(self.turns.values()), None) if follow else None
        try:
            turn = self.newsquote.ask(Question(text), conversation)
        except (EmptyQuestion, RemovedArticle):
            self.tally["refused"] += 1
            return
        assert turn.place is not None
        self.turns[turn.place.turn_id] = turn.place.conversation_id
        assert_kept(turn, self.newsquote.turn(turn.place.turn_id))
        self.tally["asked"] += 1

    @precondition(lambda self: self.turns and self.has_changed)
    @rule(form=st.sampled_from(sorted(FORMATS)))
    def recheck(self, form: str) -> None:
        for turn_id in self.turns:
            turn = self.newsquote.recheck(turn_id)
            assert turn.validity is not Validity.REMOVED or turn.removed or turn.answer.figures
            self._holds_nothing_removed(self.newsquote.cite(turn_id, form, None, ""))
            self.tally["rechecked"] += 1

    @precondition(lambda self: self.has_changed)
    @rule(anew=st.booleans())
    def catch_up(self, anew: bool) -> None:
        if anew:
            self.newsquote.upkeep.rebuild()
        else:
            self.newsquote.close()
            self._open()
        self.tally["rebuilt" if anew else "restarted"] += 1
        self.has_changed = False

    @invariant()
    def store_and_engine_hold_the_same(self) -> None:
        assert self.newsquote.upkeep.check().is_sound
        found = self.newsquote.records(article.id for article in ARTICLES.values())
        assert {record.article.id for record in found} == {ARTICLES[name].id for name in self.here}

    @invariant()
    def no_kept_turn_shows_a_word_of_what_is_removed(self) -> None:
        for turn_id in self.turns:
            document = self.components.conversations.turn(turn_id).document
            assert not [name for name in NAMES if name.casefold() in document.casefold()]
            turn = self.newsquote.turn(turn_id)
            self._holds_nothing_removed(f"{AnswerBody.of(turn).model_dump_json()} {turn}")
            for quote in turn.answer.every_quote:
                assert quote.span.text in quote.span.article.text

    def _holds_nothing_removed(self, shown: str) -> None:
        assert not [name for name in self.gone if name.casefold() in shown.casefold()]


def test_every_order_of_changes_and_questions_is_sound(
    tmp_path: Path, tally: Counter[str], repeats: Callable[[int, int], int]
) -> None:
    class Here(Interleavings):
        def __init__(self) -> None:
            super().__init__(Path(mkdtemp(dir=tmp_path)), tally)

    run_state_machine_as_test(Here, settings=settings(max_examples=repeats(3, 120), stateful_step_count=40))
