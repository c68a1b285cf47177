"""What a note says of limits: only ever a question for the worker, never a limit by itself.

Each hint has the words it was heard in and a question that a yes or a no answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from linkwork.matching.context import DENIALS, is_anothers
from linkwork.matching.languages import is_other_language
from linkwork.matching.wording import DAYS
from linkwork.matching.words import Hit, Phrases, Text

MOST = 4
DENIED_WITHIN = 3
FREE_WITHIN = 4
FREE = frozenset("free only can could".split())
LEAVE_OUT = "not_day_"

QUESTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "housebound": ("Are they unable to leave home?", (
        "housebound", "bedbound", "bed bound", "can't leave the house", "can't leave home",
        "cannot leave the house", "cannot leave home", "can't get out", "cannot get out",
        "can't go out", "unable to leave", "unable to get out", "confined to",
        "never leaves the house", "doesn't leave the house",
    )),
    "bus": ("Do they travel by bus?", (
        "no car", "without a car", "no transport", "doesn't have a car", "hasn't got a car",
        "not got a car", "does not have a car", "sold _ car", "doesn't drive", "does not drive",
        "can't drive", "cannot drive", "don't drive", "never learnt to drive", "no longer drives",
        "stopped driving", "gave up driving", "had to stop driving", "not allowed to drive",
        "lost _ licence", "lost _ driving licence", "bus pass", "gets the bus", "takes the bus",
        "get the bus", "take the bus", "by bus", "on the bus", "relies on buses", "uses buses",
    )),
    "car": ("Do they travel in a car of their own?", (
        "has a car", "own car", "has _ own car", "still drives", "can drive", "drives himself",
        "drives herself", "drives themselves",
    )),
    "walking": ("Must it be near enough to walk, about a mile?", (
        "walking distance", "has to walk", "walks everywhere", "can walk to", "only walk",
        "on foot", "round the corner only", "doorstep only",
    )),
    "lift": ("Does somebody give them a lift?", (
        "gets a lift", "get a lift", "gives _ a lift", "give _ a lift", "lift from", "drives her",
        "drives him", "drives them", "taxi", "taxis",
    )),
    "not_alone": ("Do they need somebody to travel with them?", (
        "can't travel alone", "can't go alone", "won't go alone", "wouldn't go alone",
        "not go alone", "not travel alone", "won't go out alone", "can't go out alone",
        "not go out alone", "won't go on _ own", "can't go on _ own", "someone to go with",
        "somebody to go with", "someone to take", "somebody to take", "needs taking",
        "go with _ the first time", "scared to go out", "frightened to go out",
        "afraid to go out", "too anxious to go", "gets lost", "nervous of buses",
    )),
    "step_free": ("Must it be step-free?", (
        "can't do stairs", "can't do steps", "can't manage stairs", "can't manage steps",
        "can't manage the stairs", "cannot manage stairs", "cannot manage steps", "no stairs",
        "no steps", "can't climb", "struggles with stairs", "struggles with steps",
        "struggles with the stairs", "wheelchair", "mobility scooter", "walking frame", "zimmer*",
        "rollator", "walks with a stick", "walks with a frame", "uses a stick", "uses a frame",
        "uses a walker", "on crutches", "unsteady on", "can't walk far", "can't walk very far",
    )),
    "toilet": ("Must there be an accessible toilet?", (
        "needs a toilet", "needs the toilet", "near a toilet", "near the toilet", "toilet nearby",
        "incontinen*", "stoma", "catheter", "crohn*", "colitis", "weak bladder", "ibs",
    )),
    "seat": ("Must there be somewhere to sit?", (
        "can't stand for long", "can't stand long", "cannot stand for long", "needs to sit",
        "has to sit", "needs a seat", "needs a chair", "has to sit down", "needs to sit down",
    )),
    "hearing_loop": ("Do they need a hearing loop?", (
        "hearing aid*", "hard of hearing", "deaf", "can't hear",
    )),
    "quiet": ("Must it be a quiet place?", (
        "can't cope with noise", "can't bear noise", "too noisy", "noisy places", "loud places",
        "crowds", "crowded places", "busy places", "sensory overload", "somewhere quiet",
        "quiet place",
    )),
    "parking": ("Must they be able to park there?", (
        "blue badge", "needs to park", "park outside", "park nearby", "park close", "needs parking",
    )),
    "free": ("Must it be free?", (
        "skint", "no money", "hasn't got any money", "no spare money", "can't afford",
        "cannot afford", "can't pay", "broke", "penniless", "not a penny", "hasn't a penny",
        "money is tight", "money's tight", "counting the pennies", "counts the pennies",
        "on the breadline", "has to be free", "only if it's free", "food bank",
    )),
    "not_online": ("Should it be nothing online?", (
        "no internet", "no wifi", "no wi fi", "no broadband", "not online", "isn't online",
        "no computer", "no smartphone", "doesn't use the internet", "not on the internet",
        "can't use a computer", "can't use computers", "doesn't do computers",
        "doesn't do the internet", "hates zoom", "hates video calls", "no good with computers",
    )),
    "not_phone": ("Should it be nothing by phone?", (
        "hates the phone", "doesn't like the phone", "won't answer the phone", "no phone",
        "doesn't answer the phone", "can't hear on the phone", "anxious on the phone",
        "phone calls scare", "hates phone calls",
    )),
    "single_sex": ("Should it be only groups for their own gender?", (
        "women only", "only women", "no men", "not with men", "afraid of men", "scared of men",
        "frightened of men", "uncomfortable around men", "uncomfortable with men", "men only",
        "only men", "no women", "just for women", "just for men",
    )),
    "evenings": ("Can they only go in the evening or at weekends?", (
        "works full time", "works nine to five", "works 9 to 5", "works days", "evenings only",
        "only evenings", "only in the evening*", "after work", "at work all day",
        "works during the day",
    )),
    "school_hours": ("Can they only go in school hours?", (
        "school run", "school hours", "while the kids are at school",
        "while the children are at school", "term time only",
    )),
    "afternoons": ("Should it be nothing in the morning?", (
        "not a morning person", "not in the morning*", "no mornings", "can't do mornings",
        "mornings are bad", "mornings are hard", "mornings are difficult", "not before noon",
        "not before lunch", "sleeps until", "sleeps till", "slow in the morning*",
    )),
    "weekdays": ("Can they only go on weekdays?", (
        "weekdays only", "only weekdays", "only on weekdays", "bus only on weekdays",
        "not at weekends", "not at the weekend", "no weekends", "no buses on sunday*",
        "monday to friday only",
    )),
    "weekends": ("Can they only go at weekends?", (
        "weekends only", "only weekends", "only at weekends", "only at the weekend",
    )),
}  # fmt: skip
"""The question of each hint, and the words it is heard in, in the order in which they are asked."""
OF_DAYS = {
    f"{LEAVE_OUT}{number}": (
        f"Should {day}s be left out?",
        (f"{day.lower()}s", f"every {day.lower()}", f"each {day.lower()}"),
    )
    for number, day in enumerate(DAYS)
}
EVERY = {**QUESTIONS, **OF_DAYS}
HEARD = Phrases((code, phrase) for code, (_, phrases) in EVERY.items() for phrase in phrases)
OF_OTHERS = frozenset({"lift", "not_alone"})
"""What is said of somebody else and still speaks of the person: “her son drives her”."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing heard: its code, the words as written, and the question they lead to."""

    code: str
    words: str
    question: str


def hints(note: str, *, without: Iterable[str] = (), at_most: int = MOST) -> tuple[Hint, ...]:
    """Return the questions that the words of a note lead to, but for the codes in ``without``.

    Words about somebody else or denied lead to none, and a note in another language neither.
    """
    text = Text.of(note)
    if is_other_language(text.words):
        return ()
    passed_over = set(without)
    heard: dict[str, str] = {}
    for hit in HEARD.find(text):
        if hit.concept not in passed_over and _counts(text, hit):
            written = text.written(hit.first, hit.after)
            # Of two phrases from the same word on, the longer one says more.
            heard[hit.concept] = max(heard.get(hit.concept, ""), written, key=len)
    return tuple(_in_turn(heard))[:at_most]


def _in_turn(heard: Mapping[str, str]) -> Iterator[Hint]:
    for code, (question, _) in EVERY.items():
        if code in heard:
            yield Hint(code, heard[code], question)


def _counts(text: Text, hit: Hit) -> bool:
    if hit.concept not in OF_OTHERS and is_anothers(text, hit):
        return False
    start = text.back(hit.first, DENIED_WITHIN)
    if not DENIALS.isdisjoint(text.words[start : hit.first]):
        return False
    if not hit.concept.startswith(LEAVE_OUT):
        return True
    before = text.words[text.back(hit.first, FREE_WITHIN) : hit.first]
    return FREE.isdisjoint(before)
