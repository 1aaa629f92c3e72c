"""The trained reader: one network takes question and passage, and says whether the passage answers, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.articles import Hit, Passage, Span
from index.embedding.network import Network
from index.embedding.tokens import Encoded, TokenIds, Tokenizer, mask, padded
from index.errors import ModelError
from service.readers.calibration import Calibration
from service.readers.reader import ExtractedAnswer

DEFAULT_FOLDER = Path(__file__).parent / "models" / "reader"

MAX_QUESTION_TOKENS = 64
MAX_TITLE_TOKENS = 32
MAX_ANSWER_TOKENS = 30
MAX_WINDOWS = 6
"""Per passage: some 1,000 tokens. Sentences of prose are never that long, but tables can be."""
BATCH_TOKENS = 256
"""Tokens in a batch of similar lengths, padding included."""

_NOTHING = -30.0
"""Log-odds of what cannot be read."""

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """Question, title and some or all of a passage, as tokens.

    The passage's tokens begin at ``first``; ``offsets`` are their characters, counted from the passage's start.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]


class Layout:
    """How question, title and passage follow one another: ``[CLS] question [SEP] title: passage [SEP]``."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer, self._max_tokens = tokenizer, max_tokens
        self._cls, self._sep = tokenizer.special("[CLS]"), tokenizer.special("[SEP]")

    def question(self, text: str) -> list[int]:
        """Return the question's tokens, at most ``MAX_QUESTION_TOKENS``."""
        return self._tokenizer.encode(text).ids[:MAX_QUESTION_TOKENS]

    def head(self, title: str | None) -> list[int]:
        """Return the title's tokens, at most ``MAX_TITLE_TOKENS``."""
        return self._tokenizer.encode(f"{title}:").ids[:MAX_TITLE_TOKENS] if title else []

    def passage(self, text: str) -> Encoded:
        """Return all of the passage's tokens."""
        return self._tokenizer.encode(text)

    def room(self, question: Sequence[int], head: Sequence[int]) -> int:
        """Return how many tokens of a passage fit in addition to these."""
        return self._max_tokens - len(question) - len(head) - 3

    def windows(self, question: Sequence[int], title: str | None, text: str, found: int = 0) -> Iterator[Window]:
        """Yield the passage whole or, if it is too long, in windows that overlap by half.

        There are at most ``MAX_WINDOWS``; of more, those from shortly before the character ``found`` on are taken.
        """
        head, passage = self.head(title), self.passage(text)
        room = self.room(question, head)
        starts = range(0, max(1, len(passage.ids) - room // 2), room // 2)
        if len(starts) > MAX_WINDOWS:
            before = sum(start < found for start, _ in passage.offsets) // (room // 2)
            starts = starts[max(0, min(before - 1, len(starts) - MAX_WINDOWS)) :][:MAX_WINDOWS]
        for start in starts:
            yield self.window(question, head, passage, start, room)

    def window(self, question: Sequence[int], head: Sequence[int], passage: Encoded, start: int, room: int) -> Window:
        """Put the parts together, with at most ``room`` of the passage's tokens from ``start`` on."""
        ids = [self._cls, *question, self._sep, *head, *passage.ids[start : start + room], self._sep]
        asked = len(question) + 2
        types = [0] * asked + [1] * (len(ids) - asked)
        return Window(ids, types, asked + len(head), passage.offsets[start : start + room])


class ExtractiveReader:
    """Reads with a network whose outputs are relevance (batch,), starts and ends (batch, tokens)."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.calibration = Calibration.of(network.manifest)
        self._layout = Layout(network.tokenizer, int(network.manifest["max_tokens"]))

    @classmethod
    def load(cls, folder: Path = DEFAULT_FOLDER, threads: int = 0) -> ExtractiveReader:
        """Load the network in ``folder``; ``threads`` 0 means all cores.

        :raises ModelError: if a file is missing, or is not the one that the manifest describes.
        """
        network = Network.load(folder, threads)
        try:
            return cls(network)
        except KeyError as error:
            raise ModelError(f"The model in {folder} is not a reader: it has no {error}.") from error

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        """Return the best answer in each sentence of each hit's passage, in the order of the hits."""
        asked = self._layout.question(question)
        windows = [(place, window) for place, hit in enumerate(hits) for window in self._windows(asked, hit.passage)]
        scored = self._scores([window for _, window in windows])
        found = [
            (place, one)
            for (place, window), (relevance, starts, ends) in zip(windows, scored, strict=True)
            for one in read_window(hits[place], window, relevance, starts, ends)
        ]
        return best_of_windows(found)

    def _windows(self, asked: list[int], passage: Passage) -> Iterator[Window]:
        found = passage.sentence.span.start - passage.span.start
        return self._layout.windows(asked, passage.article.title, passage.text, found)

    def _scores(self, windows: Sequence[Window]) -> list[tuple[float, Logits, Logits]]:
        """Return the relevance, starts and ends of each window, in order; similar lengths are computed together."""
        scores: dict[int, tuple[float, Logits, Logits]] = {}
        batches = list(by_length([len(window.ids) for window in windows], BATCH_TOKENS))
        found = self.network.run([_inputs([windows[n] for n in batch]) for batch in batches])
        for batch, (relevance, starts, ends) in zip(batches, found, strict=True):
            for row, n in enumerate(batch):
                scores[n] = (float(relevance[row]), starts[row], ends[row])
        return [scores[n] for n in range(len(windows))]


def _inputs(windows: Sequence[Window]) -> dict[str, TokenIds]:
    ids = [window.ids for window in windows]
    types = [window.types for window in windows]
    return {"input_ids": padded(ids), "attention_mask": mask(ids), "token_type_ids": padded(types)}


def by_length(lengths: Sequence[int], batch_tokens: int) -> Iterator[list[int]]:
    """Yield batches of indices into ``lengths``, shortest first, each of at most ``batch_tokens`` when padded."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > batch_tokens:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def read_window(
    hit: Hit, window: Window, relevance: float | None, starts: Logits, ends: Logits
) -> Iterator[ExtractedAnswer]:
    """Yield, for each sentence in the window, the span with the highest sum of start and end scores.

    ``starts`` and ``ends`` are those of all the window's tokens. The first token stands for "no answer here", as in
    Devlin et al., NAACL 2019, for SQuAD 2.0. Without a ``relevance``, the margin over it is used instead. What cannot
    be read, such as control characters, is not an answer.
    """
    passage, none = hit.passage, float(starts[0] + ends[0])
    sentences = _sentences(passage, window)
    for place, sentence in enumerate(passage.around):
        tokens = np.flatnonzero(sentences == place)
        if not tokens.size:
            continue
        first, last, score = _best_span(starts[window.first + tokens], ends[window.first + tokens])
        start, end = window.offsets[tokens[first]][0], window.offsets[tokens[last]][1]
        answer = Span(passage.article, passage.span.start + start, passage.span.start + end)
        yield ExtractedAnswer(hit, sentence, answer, score - none if relevance is None else relevance, score - none)
    if not (sentences >= 0).any():
        yield ExtractedAnswer(hit, passage.sentence, passage.sentence.span, _NOTHING, _NOTHING)


def best_of_windows(found: Iterable[tuple[int, ExtractedAnswer]]) -> list[ExtractedAnswer]:
    """Return, for each sentence of each hit, the best of the answers from different windows; hits come by index."""
    best: dict[tuple[int, int], ExtractedAnswer] = {}
    for place, one in found:
        key = (place, one.sentence.ordinal)
        other = best.get(key)
        if other is None or one.relevance + one.margin > other.relevance + other.margin:
            best[key] = one
    return [best[key] for key in sorted(best)]


def _sentences(passage: Passage, window: Window) -> NDArray[np.int64]:
    """Return the index of the sentence that each of the passage's tokens is in; -1 if it extends past the end."""
    begins = np.array([sentence.span.start - passage.span.start for sentence in passage.around])
    ends = np.array([sentence.span.end - passage.span.start for sentence in passage.around])
    offsets = np.array(window.offsets, dtype=np.int64).reshape(-1, 2)
    places = np.searchsorted(begins, offsets[:, 0], side="right") - 1
    return np.where(offsets[:, 1] <= ends[places], places, -1)


def _best_span(starts: Logits, ends: Logits) -> tuple[int, int, float]:
    """Return the first and last token of the best span, and its score."""
    scores = starts[:, None] + ends[None, :]
    allowed = np.triu(np.tril(np.ones_like(scores, dtype=bool), MAX_ANSWER_TOKENS - 1))
    scores = np.where(allowed, scores, -np.inf)
    first, last = divmod(int(scores.argmax()), len(starts))
    return first, last, float(scores[first, last])
