"""A reader made from any model with a ``QuestionAnswering`` head, which transformers runs."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from index.articles import Hit
from index.errors import ModelError
from service.readers.calibration import Calibration
from service.readers.extractive import MAX_QUESTION_TOKENS, Window, best_of_windows, read_window
from service.readers.reader import ExtractedAnswer

_MAX_TOKENS = 384
_STRIDE = 128
_BATCH = 8


class HubReader:
    """Takes as relevance its margin over "no answer here", which models for SQuAD 2.0 are trained to give."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        self._tokenizer, self._model = tokenizer, model
        self.calibration = Calibration.of({})
        self._lock = Lock()

    @classmethod
    def load(cls, name: str, threads: int = 0) -> HubReader:
        """Load a transformers name or folder; a name may be fetched from a model hub.

        Code that comes with a model is never run, and only safetensors weights are read.

        :raises ModelError: if it cannot be loaded, or is not a model of this kind.
        """
        disable_progress_bar()  # type: ignore[no-untyped-call]
        if threads:
            torch.set_num_threads(threads)
        try:
            tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
            model = AutoModelForQuestionAnswering.from_pretrained(name, trust_remote_code=False, use_safetensors=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"The reader {name!r} could not be loaded: {error}") from error
        if not tokenizer.is_fast:
            raise ModelError(f"The reader {name!r} has no tokenizer that gives the offsets of its tokens.")
        return cls(tokenizer, model.eval())

    @torch.inference_mode()
    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        """Return the best answer in each sentence of each hit's passage, in the order of the hits."""
        extracted: list[tuple[int, ExtractedAnswer]] = []
        question = self._cut(question)
        for first in range(0, len(hits), _BATCH):
            batch = hits[first : first + _BATCH]
            with self._lock:  # the tokenizer keeps truncation and padding as its own state
                encoded = self._tokenizer(
                    [question] * len(batch),
                    [hit.passage.text for hit in batch],
                    truncation="only_second",
                    max_length=_MAX_TOKENS,
                    stride=_STRIDE,
                    padding=True,
                    return_overflowing_tokens=True,
                    return_offsets_mapping=True,
                    return_tensors="pt",
                )
            offsets, places = encoded.pop("offset_mapping"), encoded.pop("overflow_to_sample_mapping").tolist()
            with self._lock:
                output = self._model(**encoded)
            starts, ends = output.start_logits.numpy(), output.end_logits.numpy()
            for row, place in enumerate(places):
                mine = [n for n, part in enumerate(encoded.sequence_ids(row)) if part == 1]
                spans = [(int(a), int(b)) for a, b in offsets[row][mine]] if mine else []
                window = Window([], [], mine[0] if mine else 0, spans)
                found = read_window(batch[place], window, None, starts[row], ends[row])
                extracted += [(first + place, one) for one in found]
        return best_of_windows(extracted)

    def _cut(self, question: str) -> str:
        """Return as much of the question as leaves room for a passage."""
        with self._lock:
            offsets = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        return question[: offsets[MAX_QUESTION_TOKENS - 1][1]] if len(offsets) > MAX_QUESTION_TOKENS else question
