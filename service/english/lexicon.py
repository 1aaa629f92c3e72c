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

IRREGULAR_PASTS = tuple(
    """became began beat bought broke brought built came caught chose cut did drew drove fell felt fought found gave
    got grew held hit kept knew lost made met meant paid ran rose said sat saw sent shot shut sold spent spoke stood
    struck swore taught thought threw told took understood went woke won wore wrote""".split()
)
"""Past tenses that do not end in "ed"."""
NO_PARTICIPLES = tuple(
    "bed bleed breed embed exceed feed hundred indeed naked need proceed red seed shed speed".split()
)
"""Words that end in "ed" and are no past tense."""
SCHEDULED = tuple(
    "about anticipated expected likely planned poised projected ready scheduled set slated supposed".split()
)
"""Words that say that something is still to come: "due on Monday", "expected to speak"."""
AHEAD_VERBS = tuple(
    """aim aims hope hopes hoping intend intends plan planning plans pledge pledged pledges promise promised promises
    vow vowed vows want wants""".split()
)
"""Verbs before whose "to" something is still to come."""
RECURRING = ("every", "each", "most")
NAMED_DAYS = tuple("Ash Black Bloody Cyber Easter Fat Giving Good Palm Shrove Super".split())
"""Words that make a weekday the name of a day or an event: "Super Tuesday"."""

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
UPPER_BOUNDS = ("at most", "up to", "as many as", "as much as", "less than", "fewer than", "under", "below")
"""Words before an amount that say it may be smaller, but not greater."""

FATES = {
    "dead": """die dies died dying dead death deaths fatal fatally fatality fatalities kill kills killed killing perish
    perished slain murdered executed hanged toll drowned massacred""",
    "hurt": "injure injured injures injury injuries injuring wound wounded wounding hurt hospitalized casualties",
    "missing": "missing unaccounted",
    "held": "arrest arrests arrested detain detained custody jailed imprisoned captured kidnapped abducted hostage",
    "charged": "charge charged indicted convicted accused pleaded sued",
    "fled": "flee fled fleeing refugee refugees escape escaped escapes migrated exiled",
    "displaced": "displace displaced evacuate evacuated evacuation evacuations homeless",
    "ordered": "orders ordered",
    "rescued": "rescue rescued saved",
    "ill": "infected infections cases sickened illnesses contracted diagnosed positive",
    "dark": "power electricity outage outages",
    "damaged": "destroyed destroy damaged damage burned burnt scorched",
    "threatened": "alert alerts warning warnings risk threatened affected",
}
"""What can have happened to those who are counted: words that count the same, by a name for it."""
FURTHER = ("another", "additional", "further", "other", "others", "extra", "remaining")
"""Words that say that an amount comes on top of one given before."""
APPROXIMATE = ("about", "around", "some", "roughly", "approximately", "nearly", "almost", "close to", "estimated")
"""Words before an amount that say it may be a little more, or less."""
SURE = tuple("confirmed known official probable registered reported total".split())
"""Words between an amount and what it counts that only say how sure it is: "11 confirmed cases"."""
PEOPLE = tuple(
    """people person persons man men woman women civilian civilians resident residents citizen citizens child children
    victim victims adult adults individual individuals protester protesters customer customers inmate inmates soldier
    soldiers troop troops worker workers officer officers migrant migrants refugee refugees""".split()
)
"""Words for people, any of whom a question for "people" counts."""
STAGES = tuple("first second third fourth fifth previous last next earlier former initial final early half".split())
"""Words that tell one of several alike from another: the second vote, the former count."""
EXPECTING = tuple(
    """could may might will would expect expected expects forecast forecasts predict predicted predicts project
    projected plan planned plans hope hoped likely if should approaching nears""".split()
)
"""Words that say that an amount has not been counted, or not yet."""
RATES = tuple("per each every apiece daily weekly monthly yearly annual annually hourly average averages".split())
"""Words that say that an amount is a rate or a mean."""

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

PLURAL_NOUNS = (
    "people",
    "men",
    "women",
    "children",
    "police",
    "media",
    "data",
    "lives",
    "wives",
    "feet",
    "teeth",
    "mice",
)
"""Nouns whose plural does not end in an s."""
SINGULAR_IN_S = (
    "chaos headquarters lens means news perhaps series species sports was whereas"  # and all in -ss, -us, -is and -ics
).split()
"""Words that end in an s, but name one thing, and those after which another noun is the head."""
INCLUDING = ("including", "include", "includes", "included", "like", "such as", "namely", "are", "were", "is", "was")
"""What stands before a list."""
FACING = tuple("agree argue clash debate face fight marry meet play reconcile sign speak split talk tie wed".split())
"""Verbs of what two do with each other: "When did they meet" asks for one day."""
JOINT_NAMES = (
    "Antigua and Barbuda",
    "Barnes and Noble",
    "Black and Decker",
    "Bosnia and Herzegovina",
    "Ernst and Young",
    "Jack and Jones",
    "Johnson and Johnson",
    "Marks and Spencer",
    "Newfoundland and Labrador",
    "Procter and Gamble",
    "Saint Kitts and Nevis",
    "Saint Vincent and the Grenadines",
    "Simon and Schuster",
    "Smith and Wesson",
    "St. Kitts and Nevis",
    "St. Vincent and the Grenadines",
    "São Tomé and Príncipe",
    "Trinidad and Tobago",
    "Turks and Caicos",
    "Tyne and Wear",
    "Wallis and Futuna",
)
"""Names of one place or company that hold an "and"."""
OFFICES = tuple(
    """Administration Agency Association Bureau Center Centers Centre Chamber Commission Committee Council Department
    Faculty Institute Institutes Minister Ministry Office School Secretary""".split()
)
"""What begins a name that goes on with "of" or "for", or ends one, and what it is in charge of: "Ministry of Food and
Health", "Securities and Exchange Commission".
"""
PERSONS = tuple(
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
