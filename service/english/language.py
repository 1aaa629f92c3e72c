"""Which language a text is in, if it is not English: by its script, or by the commonest words of ten languages.

Nothing is certain for a few words; a text counts as English unless another language clearly fits better.
"""

from __future__ import annotations

import re
from collections import Counter

from index.text.words import STOP_WORDS

_READ = 1_000
"""Characters that are looked at: more tell nothing more."""
_LEAST = 2
"""Words of a language that a text must have, and more than of English; one is enough beside letters with accents, if
no word is English.
"""
_SHARE = 0.2
"""The least share of a text's words that are such words: one in five, where English and its relatives have two."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SCRIPTS = {
    "Russian": re.compile("[\u0400-\u04ff]"),
    "Greek": re.compile("[\u0370-\u03ff]"),
    "Hebrew": re.compile("[\u0590-\u05ff]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Hindi": re.compile("[\u0900-\u097f]"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
    "Korean": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "Chinese": re.compile("[\u3040-\u30ff\u4e00-\u9fff]"),
}
"""Letters of scripts, each with the language that most of what is written in it is in."""
_LETTERS = re.compile(r"[^\W\d_]")
_TOLD_APART = {
    "Russian": ("Ukrainian", re.compile("[іїєґ]", re.IGNORECASE)),
    "Chinese": ("Japanese", re.compile("[\u3040-\u30ff]")),
}
"""Another language of the same script, and the letters that only it has."""
_COMMON_WORDS = {
    language: frozenset(listed.split())
    for language, listed in {
        "German": """aber alle als am an auch auf aus bei bis das dass dem den denn der des die diese dieser durch
            ein eine einem einen einer er es für gegen gibt haben hat hatte hier ich ihr ihre im ist kann kein keine
            man mehr mit nach nicht noch nur ob oder sein seine seit sich sie sind über um und unter vom von vor
            wann war waren warum was welche welchem welchen welcher welches wem wen wer werden wie wieder wird wo
            wohin woher wurde wurden zu zum zur zwischen""",
        "French": """à au aussi avec aux avait avoir ce cette ces combien comme comment dans de depuis des dont du
            elle elles en entre est et été être eu fait il ils je la le les leur lui mais même ne nous on ont où par
            pas plus pour pourquoi quand que quel quelle quelles quels qui quoi sa sans se ses son sont sous sur
            tout une un vous y a c d j l m n qu s t""",
        "Spanish": """a al cómo como con contra cuál cuáles cuando cuándo cuánta cuántas cuánto cuántos de del desde
            donde dónde dos el ella ellos en entre era es esta está están este esto fue fueron ha había hay la las
            le lo los más no o para pero por porque qué que quién quienes se según ser si sin sobre son su sus
            también tiene un una y ya""",
        "Portuguese": """a ao aos as até com como da das de desde do dos e é ela ele eles em entre era essa está
            estão foi foram há isso já mais mas na nas não no nos o onde os ou para pela pelo por porque qual quais
            quando quanta quantas quanto quantos que quê quem são se sem ser seu sobre sua também tem um uma""",
        "Italian": """a agli ai al alla alle anche che chi ci come con cosa cui da dal dalla dalle degli dei del
            della delle di dopo dove è e era gli ha hanno i il in io la le lo ma nei nel nella non o per perché più
            qual quale quali quando quanta quante quanti quanto quello questa questo se si sono stata stato su sua
            sul sulla suo tra un una uno""",
        "Dutch": """aan al als bij dan dat de deze die dit door een en er geen had hebben heeft het hij hoe hoeveel
            hun ik in is kan maar meer met naar niet nog of om onder ook op over te tegen tot uit van veel voor waar
            waarom wanneer waren was wat welk welke werd werden wie wordt worden zei zich zijn zo""",
        "Polish": """a ale był była było były być co czy czego dla dlaczego do gdzie go i ich ile ilu jak jaka jaki
            jakie jednak jego jej jest już kiedy kim kogo komu kto która które którego którą który którzy lub ma
            może na nad nie o od oraz po pod przed przez przy są się tak także tego tej ten to tym w we wszystkich z
            za zostać został została że""",
        "Turkish": """ama ancak bir bu çok da daha de değil diye en gibi göre hangi her için ile ise kaç kadar karşı
            kim kime kimi mi mı mu mü nasıl ne neden nerede nereye niçin o olan olarak oldu olduğu sonra şu var ve
            veya ya yok""",
        "Indonesian": """ada adalah akan apa atau bagaimana bahwa banyak berapa bisa dalam dan dari dengan di dia
            ini itu juga kapan karena ke kepada lebih mana mengapa mereka oleh pada para saat sebagai setelah siapa
            sudah telah tersebut tidak untuk yang""",
        "Swedish": """alla att av blev bli de dem den det denna dess detta du efter eller en ett från för förre ha
            hade han har hon hur i icke inte jag kan kommer kunde man med mellan men mot mycket många när nu och om
            oss på sig sin ska skall som så till under upp ut vad var varför varit vem vid vilka vilken vilket vi är
            över""",
    }.items()
}
_ENGLISH = STOP_WORDS | set("says said new mr us one two first last may people old year years get make let".split())


def foreign_language(text: str) -> str | None:
    """Return the name of the language that the text seems to be in; None if that is English, or cannot be told."""
    head = text[:_READ]
    letters = len(_LETTERS.findall(head))
    for language, script in _SCRIPTS.items():
        if 2 * len(script.findall(head)) > letters:
            other, own_letters = _TOLD_APART.get(language, (language, script))
            return other if own_letters.search(head) else language
    return _by_words([word.replace("’", "'") for word in _WORD.findall(head.lower())])


def _by_words(words: list[str]) -> str | None:
    counts: Counter[str] = Counter()
    for language, common in _COMMON_WORDS.items():
        counts[language] = sum(word in common or word.split("'")[0] in common for word in words)
    ((best, count),) = counts.most_common(1)
    english = sum(word in _ENGLISH for word in words)
    has_accents = not english and not "".join(words).isascii()
    is_clear = count >= max(1 if has_accents else _LEAST, _SHARE * len(words)) and count > english
    return best if is_clear else None
