import pytest

from service.english.language import foreign_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie viele Soldaten hat Nordkorea geschickt?", "German"),
        ("Combien de soldats la Corée du Nord a-t-elle envoyés ?", "French"),
        ("¿Cuántos soldados envió Corea del Norte a Rusia?", "Spanish"),
        ("Quantos soldados a Coreia do Norte enviou para a Rússia?", "Portuguese"),
        ("Quando è stata approvata la legge?", "Italian"),
        ("Wanneer werd de wet aangenomen?", "Dutch"),
        ("Dlaczego minister podał się do dymisji?", "Polish"),
        ("Bu yasa çok eski değil", "Turkish"),
        ("Siapa yang memenangkan pemilu?", "Indonesian"),
        ("Hur många soldater har Nordkorea skickat till Ryssland?", "Swedish"),
        ("Сколько солдат отправила Северная Корея?", "Russian"),
        ("Скільки солдатів відправила Північна Корея?", "Ukrainian"),
        ("朝鲜派遣了多少士兵?", "Chinese"),
        ("北朝鮮は何人の兵士を送りましたか?", "Japanese"),
    ],
)
def test_other_languages_are_told(text: str, language: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "How many troops did North Korea send?",
        "Who directed Los abrazos rotos and La mala educación?",
        "What is the Rassemblement National?",
        "Die Hard",
        "Zelensky Putin",
        "10,000?",
        "",
    ],
)
def test_english_and_what_cannot_be_told_is_no_other_language(text: str) -> None:
    assert foreign_language(text) is None


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert foreign_language("The men and the women of the town. " * 40 + "Das ist ein Haus. " * 10_000) is None
