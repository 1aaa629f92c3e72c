from index.embedding.vocabulary import common_words


def test_common_words_are_whole_words_and_names_of_english() -> None:
    words = common_words()
    assert {"destroy", "slovenia", "niger"} <= words
    assert words.isdisjoint({"zelenskyy", "##ing", "destory"})
    assert len(words) > 20_000
