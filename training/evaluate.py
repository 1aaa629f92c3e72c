"""How well a checkpoint reads: ``python -m training.evaluate OUT [OUT ...]``.

On ``reading-dev`` (EM and F1 of the best span against any annotator's, as SQuAD has them), ``sentence-selection-dev``
(MAP and MRR by relevance) and ``news-dev`` (the answer in the sentence found, passages of the service's own retriever
ranked by relevance alone). Several checkpoints are averaged first.
"""

from __future__ import annotations

import json
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from benchmarks.archive import open_archive
from benchmarks.news import Week, weeks
from benchmarks.quality import recall
from index.retriever import Query
from index.transformer import SentenceTransformerEmbedder, default_folder
from service.wiring import Parts
from training.examples import Candidate, Example
from training.model import MAX_TOKENS, Batch, ReaderModel, encode
from training.prepare import Row, rows, selection

NEWS_PASSAGES = 60
MAX_ANSWER_TOKENS = 30


@dataclass(frozen=True, slots=True)
class Read:
    """What the model makes of a passage: relevance as log-odds, and the characters of the best span."""

    relevance: float
    start: int
    end: int


def load_model(paths: Sequence[Path]) -> ReaderModel:
    """Return the model with the mean of the checkpoints' weights."""
    model = ReaderModel.from_folder(default_folder())
    states = [torch.load(path, weights_only=True) for path in paths]
    states = [state.get("model", state) for state in states]
    mean = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
    model.load_state_dict(mean)
    return model.eval()


@torch.inference_mode()
def read(model: ReaderModel, tokenizer: Tokenizer, example: Example, batch_size: int = 24) -> list[Read]:
    """Read each candidate of the example, in order."""
    items = encode(tokenizer, example, 0, 0, MAX_TOKENS)
    order = sorted(range(len(items)), key=lambda n: len(items[n].ids))
    found: dict[int, Read] = {}
    for first in range(0, len(order), batch_size):
        places = order[first : first + batch_size]
        batch = Batch.of([items[n] for n in places])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            relevance, edges = model(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        for row, place in enumerate(places):
            found[place] = _best(tokenizer, example, place, relevance[row].item(), edges[row].float(), items[place].ids)
    return [found[n] for n in range(len(items))]


def _best(
    tokenizer: Tokenizer, example: Example, place: int, relevance: float, edges: torch.Tensor, ids: list[int]
) -> Read:
    """Return the best span of the passage's own tokens, which are the last of ``ids`` but one."""
    passage = tokenizer.encode(example.candidates[place].text, add_special_tokens=False)
    last = len(ids) - 1
    first = max(1, last - len(passage.ids))
    starts, ends = edges[0, first:last], edges[1, first:last]
    scores = starts[:, None] + ends[None, :]
    allowed = torch.ones_like(scores).triu().tril(MAX_ANSWER_TOKENS - 1)
    best = int(torch.where(allowed > 0, scores, torch.tensor(-1e9)).argmax())
    a, b = divmod(best, scores.shape[1])
    return Read(relevance, passage.offsets[a][0], passage.offsets[b][1])


def reading_scores(model: ReaderModel, tokenizer: Tokenizer) -> tuple[float, float]:
    """Return EM and F1 on ``reading-dev``, in percent."""
    exact = f1 = count = 0.0
    for row in rows("reading-dev"):
        example = Example(row["question"], (Candidate(row["context"]),), "reading-dev")
        (found,) = read(model, tokenizer, example)
        text = row["context"][found.start : found.end]
        golds = [answer["text"] for answer in row["answers"]]
        exact += max(_plain(text) == _plain(gold) for gold in golds)
        f1 += max(_f1(text, gold) for gold in golds)
        count += 1
    return 100 * exact / count, 100 * f1 / count


def _plain(text: str) -> str:
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def _f1(text: str, gold: str) -> float:
    one, other = Counter(_plain(text).split()), Counter(_plain(gold).split())
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


def selection_scores(model: ReaderModel, tokenizer: Tokenizer) -> tuple[float, float]:
    """Return MAP and MRR on ``sentence-selection-dev``, without questions that have no or only relevant sentences."""
    precision, reciprocal, count = 0.0, 0.0, 0
    for example in selection("sentence-selection-dev"):
        if all(c.is_relevant for c in example.candidates):
            continue
        found = read(model, tokenizer, example)
        order = sorted(range(len(found)), key=lambda n: -found[n].relevance)
        ranks = [rank for rank, n in enumerate(order, start=1) if example.candidates[n].is_relevant]
        precision += sum(n / rank for n, rank in enumerate(ranks, start=1)) / len(ranks)
        reciprocal += 1 / ranks[0]
        count += 1
    return precision / count, reciprocal / count


def news_passages(cache: Path) -> list[Row]:
    """Return each answerable question of ``news-dev`` with the passages that the service's retriever finds; kept."""
    if not cache.exists():
        embedder = SentenceTransformerEmbedder.load()
        made = [row for week in weeks() for row in _week_passages(week, open_archive(week, embedder))]
        cache.write_text("".join(json.dumps(row) + "\n" for row in made))
    return [json.loads(line) for line in cache.read_text().splitlines()]


def _week_passages(week: Week, parts: Parts) -> Iterator[Row]:
    for question in (q for q in week.questions if q.in_articles):
        hits = parts.retriever.retrieve(Query(question.text, question.asked), NEWS_PASSAGES)
        passages = [
            {
                "text": hit.passage.text,
                "title": hit.passage.article.title or "",
                "score": hit.score,
                "similarity": hit.similarity,
                "recency": hit.recency,
                "right": question.is_in(hit.passage.sentence.text),
            }
            for hit in hits
        ]
        yield {"week": week.name, "question": question.text, "passages": passages}


def news_scores(model: ReaderModel, tokenizer: Tokenizer) -> list[float]:
    """Return the share of questions with the answer in the first 1, 3, 5 and 10 sentences by relevance."""
    ranks = []
    for row in news_passages(Path("benchmarks/.cache/news-passages.jsonl")):
        passages = row["passages"]
        candidates = tuple(Candidate(p["text"], p["title"]) for p in passages)
        found = read(model, tokenizer, Example(row["question"], candidates, "news-dev"))
        order = sorted(range(len(found)), key=lambda n: -found[n].relevance)
        ranks.append(next((rank for rank, n in enumerate(order, start=1) if passages[n]["right"]), 0))
    return recall(ranks)


def main() -> None:
    """Evaluate the mean of the checkpoints named."""
    torch.set_num_threads(2)
    model = load_model([Path(argument) for argument in sys.argv[1:]])
    tokenizer = Tokenizer.from_file(str(default_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    print("reading-dev EM {:.1f} F1 {:.1f}".format(*reading_scores(model, tokenizer)), flush=True)
    print("sentence selection MAP {:.3f} MRR {:.3f}".format(*selection_scores(model, tokenizer)), flush=True)
    print("news-dev, answer in the first 1, 3, 5, 10:", news_scores(model, tokenizer))


if __name__ == "__main__":
    main()
