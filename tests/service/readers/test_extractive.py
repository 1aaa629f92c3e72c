from __future__ import annotations

from pathlib import Path

import pytest

from index.articles import Article, Hit, Passage
from index.errors import ModelError
from index.text import sentences
from service.readers.extractive import MAX_WINDOWS, ExtractiveReader, Layout, by_length
from service.readers.hub import HubReader
from service.readers.reader import ExtractedAnswer, Reader

pytestmark = pytest.mark.slow

TEXT = "It was a quiet week. North Korea sent 10,000 troops to Russia in October. Nobody was surprised."


def hit(text: str, ordinal: int = 0, title: str | None = None) -> Hit:
    """Return the sentence with its neighbours, as the retriever does."""
    found = sentences.split(Article(text, title=title))
    return Hit(Passage(found[ordinal], tuple(found[max(0, ordinal - 1) : ordinal + 2])), 1.0, 1)


def best(extracted: list[ExtractedAnswer]) -> ExtractedAnswer:
    return max(extracted, key=lambda one: one.margin)


def test_answer_is_found_in_its_sentence(trained_reader: Reader) -> None:
    extracted = trained_reader.read("How many troops did North Korea send?", [hit(TEXT, 1)])
    assert [one.sentence.ordinal for one in extracted] == [0, 1, 2]
    one = best(extracted)
    assert one.answer.text in {"10,000", "10,000 troops"}
    assert one.sentence.text == "North Korea sent 10,000 troops to Russia in October."
    assert one.is_own


def test_answer_may_stand_in_a_neighbour(trained_reader: Reader) -> None:
    one = best(trained_reader.read("How many troops did North Korea send?", [hit(TEXT, 2)]))
    assert one.sentence.ordinal == 1
    assert not one.is_own


def test_passage_that_answers_scores_higher_than_one_that_does_not(trained_reader: Reader) -> None:
    texts = ["The Moon covered the Sun for four minutes.", TEXT, "South Korea sent 4,000 tonnes of rice to Chad."]
    scores = [trained_reader.read("How many troops did North Korea send?", [hit(t)])[0].relevance for t in texts]
    assert scores[1] == max(scores)
    assert scores[1] > 0 > scores[0]


def test_order_and_company_of_passages_change_little(trained_reader: Reader) -> None:
    texts = [TEXT, "The Moon covered the Sun for four minutes.", "A prize went to two scientists. " * 12]
    hits = [hit(text) for text in texts]
    key = lambda one: (hits.index(one.hit), one.sentence.ordinal)  # noqa: E731
    forward = trained_reader.read("Who won the prize?", hits)
    backward = sorted(trained_reader.read("Who won the prize?", hits[::-1]), key=key)
    assert forward == sorted(forward, key=key)
    for one, other in zip(forward, backward, strict=True):
        assert one.relevance == pytest.approx(other.relevance, abs=0.5)  # eight bits round otherwise in other company


def test_long_passage_is_read_to_its_end(trained_reader: Reader) -> None:
    filler = "The committee met again and the committee adjourned, " * 80
    passage = hit(f"{filler} and then, on the last page, one read that the dam is 212 metres high.")
    one = best(trained_reader.read("How high is the dam?", [passage]))
    assert "212" in one.answer.text


@pytest.mark.parametrize("text", ["to\x0cday is fine.", "a" * 9_000, "See to\x85day. And\x0bthen."])
def test_token_that_reaches_over_the_end_of_a_sentence_is_no_answer(trained_reader: Reader, text: str) -> None:
    found = sentences.split(Article(f"It began. {text} It ended."))
    hits = [Hit(Passage(one, tuple(found)), 1.0, 1) for one in found]
    for one in trained_reader.read("When is it fine?", hits):
        assert one.sentence.span.holds(one.answer)
        assert one.answer.text


def test_no_passage_is_read_without_end(trained_reader: Reader) -> None:
    passage = hit("1,2;" * 900 + " the dam is 212 metres high, " + "3,4;" * 900)
    layout = Layout(ExtractiveReader.load().network.tokenizer, 320)
    text = passage.passage.text
    windows = list(layout.windows(layout.question("How high?"), "Dams", text, text.index("the dam")))
    assert len(windows) == MAX_WINDOWS
    assert any(text.index("212") in {start for start, _ in window.offsets} for window in windows)


@pytest.mark.parametrize("text", ["\u200b\u200b", "\x01\x02 \x03", "😀" * 50, "a" * 5_000, "?" * 900])
def test_any_text_can_be_read(trained_reader: Reader, text: str) -> None:
    sentence = sentences.split(Article(f"{text}\n\nThe end of it."))[0]
    (one,) = trained_reader.read("What is it?" * 40, [Hit(Passage(sentence, (sentence,)), 1.0, 1)])
    assert sentence.span.holds(one.answer)
    assert one.answer.text


def test_nothing_to_read_is_nothing_read(trained_reader: Reader) -> None:
    assert trained_reader.read("What is it?", []) == []


def test_batches_hold_like_lengths_and_no_more_than_they_may() -> None:
    lengths = [5, 90, 7, 6, 80, 300]
    batches = list(by_length(lengths, 200))
    assert batches == [[0, 3, 2], [4, 1], [5]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a ``QuestionAnswering`` head; it knows nothing, but is read as any is."""
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering  # noqa: PLC0415

    from index.embedding.transformer import default_folder  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("hub")
    small = BertConfig(hidden_size=24, num_hidden_layers=1, num_attention_heads=2, intermediate_size=24)
    BertForQuestionAnswering(small).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(default_folder())).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_any_question_answering_model_can_be_set(folder: Path) -> None:
    hits = [hit(TEXT, 1), hit("The Moon rose. " * 400), hit("\x01\x02 \x03\n\nEnd.")]
    extracted = HubReader.load(str(folder)).read("How many troops?" * 60, hits)
    assert list(dict.fromkeys(one.hit for one in extracted)) == hits
    for one in extracted:
        assert one.sentence.span.holds(one.answer)
        assert one.relevance == one.margin


@pytest.mark.slow
def test_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"The reader '{tmp_path}' could not be loaded"):
        HubReader.load(str(tmp_path))


@pytest.mark.slow
def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    import torch  # noqa: PLC0415

    for file in folder.iterdir():
        if file.suffix == ".json":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match="could not be loaded"):
        HubReader.load(str(tmp_path))


def test_shipped_reader_is_small_and_calibrated() -> None:
    folder = Path(__file__).parents[3] / "service" / "readers" / "models" / "reader"
    assert (folder / "model.onnx").stat().st_size <= 35 * 2**20
    assert ExtractiveReader.load(folder).calibration.curve
