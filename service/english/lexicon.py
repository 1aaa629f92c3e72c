"""The closed classes of English words, each listed once, and the way to turn lists into a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = tuple("January February March April May June July August September October November December".split())
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)

PARTS_OF_DAY = ("morning", "afternoon", "evening", "night")
SEASONS = ("spring", "summer", "autumn", "winter")
PERIODS = ("day", "week", "weekend", "month", "year")

WEATHER = tuple("cloudy cold cool dark dry foggy hot humid icy rainy stormy sunny warm wet windy".split())
WEATHER_VERBS = tuple("rain snow hail pour thunder drizzle freeze".split())

NUMBERS = tuple(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen""".split()
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "next", "last", "previous", "former", "latter")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
"""Words that multiply the number before them."""
SHORT_SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}
COUNTS = ("dozen", "hundred", *SCALES)
"""Words that count and have a plural: dozens, millions."""
FRACTIONS = ("half", "third", "quarter", "fifth", "tenth")

BE = ("is", "are", "was", "were")
HAVE = ("has", "have", "had")
DO = ("do", "does", "did")
MODALS = ("will", "would", "can", "could", "should", "may", "might")
AUXILIARIES = (*BE, *DO, *HAVE, *MODALS)
"""Verbs that can open a question or stand before its subject."""
PLURALS = {"is": "are", "was": "were", "has": "have", "does": "do"}
"""Auxiliaries, with the form that agrees with several."""

BASE_FORMS = dict(
    pair.split(":")
    for pair in """accused:accuse acquired:acquire approved:approve arrested:arrest banned:ban beat:beat
    became:become bought:buy broke:break built:build captured:capture closed:close confirmed:confirm
    created:create crossed:cross declared:declare defeated:defeat deployed:deploy destroyed:destroy died:die
    directed:direct discovered:discover donated:donate earned:earn endorsed:endorse fired:fire founded:found
    hosted:host invented:invent killed:kill launched:launch led:lead lost:lose made:make opened:open
    ordered:order paid:pay raised:raise received:receive rejected:reject released:release replaced:replace
    scored:score seized:seize sent:send shot:shoot signed:sign sold:sell spent:spend stole:steal struck:strike
    sued:sue thanked:thank took:take unveiled:unveil visited:visit won:win wrote:write""".split()
)
"""Past tenses that the news is full of, with the form that follows "did"."""

SAYING = tuple(
    """admit admitted announce announced argue argued believe believed believes claim claimed claims confirm confirmed
    denied deny know known report reported reports said say says think thinks thought warn warned""".split()
)
"""Verbs after which "that" begins what is said."""

QUESTION_WORDS = ("what", "which", "who", "whom", "whose", "when", "where", "why", "how")
DEGREES = ("many", "much", "long", "far", "old", "often", "big", "high", "large")
"""What "how" asks for."""
DIMENSIONS = ("many", "much", "long", "old", "far", "high", "tall", "big", "large", "deep", "fast", "heavy", "wide")
"""What "how" asks for that is answered with an amount."""

PERSON = ("he", "him", "his", "she", "her", "hers")
GROUP = ("they", "them", "their", "theirs")
THING = ("it", "its")
SUBJECTS = ("he", "she", "it", "they", "we", "you")
POSSESSIVES = ("his", "her", "its", "their", "my", "our", "your")
"""Pronouns, by what they stand for and by what they are in a sentence; "her" is an object, too."""
DEMONSTRATIVES = ("this", "that", "these", "those")

ARTICLES = ("the", "a", "an")
PREPOSITIONS = ("at", "by", "for", "from", "in", "near", "of", "on", "since", "to", "until", "with")
OPENERS = ("and", "but", "so", "or", "also", "then")
"""Words that tie a question to the one before it."""

HEDGES = (
    "up to",
    "at least",
    "at most",
    "as many as",
    "as much as",
    "as few as",
    "close to",
    "in excess of",
    "about",
    "around",
    "some",
    "roughly",
    "approximately",
    "nearly",
    "almost",
    "only",
    "an estimated",
    "estimated",
)
"""Words before an amount that say how exact it is, besides comparisons such as "more than"."""
LOWER_BOUNDS = ("at least", "more than", "over", "above", "in excess of")
"""Words before an amount that say it may be greater, but not smaller."""

CAPITALISED = frozenset(
    word.capitalize()
    for word in (
        *(*SUBJECTS, *POSSESSIVES, *DEMONSTRATIVES, *ARTICLES, *OPENERS, *PREPOSITIONS),
        *(*QUESTION_WORDS, *AUXILIARIES, *NUMBERS, *WEEKDAYS, *MONTHS),
        *"i there here tell not no yes yet still even now today meanwhile".split(),
        *"about after before during while as if once because".split(),
        *"however although despite any some most more many much several another other all both each every".split(),
        *"among along aside against between within without into upon under though whether".split(),
        *"early later soon finally eventually originally initially recently following according instead".split(),
        *"almost nearly roughly approximately just neither nor either lots dozens hundreds thousands millions".split(),
        *"anything something everything nothing anyone someone everyone people such like perhaps".split(),
    )
)
"""Words that a capital does not make a name: those that open sentences, weekdays and months."""

PEOPLE = tuple(
    """actor actress attacker author baby boy captain chancellor child coach daughter director doctor driver father
    founder girl governor gunman husband judge king leader man mayor minister mother newborn officer owner player
    president prince princess professor queen scientist senator singer son spokesman spokeswoman student suspect
    teacher victim wife winner witch woman wrestler writer""".split()
)
"""Words for one person, by what they are."""

INSTITUTIONS = tuple(
    """Agency Army Act Award Awards Band Bank Center Centre Championship City Club College Committee Company Council
    County Court Cup Department Festival Force Forces Games Group House Kingdom Korea League Ministry News Party Post
    Press Prize Records Region Republic River School Sea Service Staff State States Street Times Union University
    War""".split()
)
"""Words that show a name not to be a person's."""


def any_of(*lists: Iterable[str]) -> str:
    """Return a pattern that matches any word of the lists, the longest one where several begin alike."""
    words = {word for words in lists for word in words}
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"
