"""Words that open the safety step and never a ranked list.

Their list is code and cannot be switched off by editing a concept file. A false alarm costs a
question and a miss may cost a life, so they reach far: with or without an apostrophe, "does not"
as "doesn't", and whoever it is said of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from linkwork.matching.words import JOINED, SENTENCE_BREAK, Hit, Phrases, Text

SELVES = "himself herself myself themselves themself".split()
WHOSE = "his her my their".split()
TO_ONESELF = (
    "kill", "killing", "hang", "hanging", "hurt", "hurting", "harm", "harming", "cut", "cutting",
    "drown", "drowning", "shoot", "shooting", "poison", "poisoning", "top", "topping", "starve",
    "starving", "end", "ending", "finish", "do away with", "doing away with",
)  # fmt: skip
OF_A_LIFE = ("take _", "taking _", "take _ own", "taking _ own", "end _", "ending _", "end _ own")
CRISIS_WORDS = (
    "suicid*", "end it all", "ending it all", "ending it", "end it", "end everything",
    "ending everything", "ending things", "end things", "better off dead", "better off without me",
    "better off without him", "better off without her", "better off without them", "better dead",
    "rather be dead", "rather die", "be dead", "wish* _ was dead", "wish* _ were dead",
    "wish* _ had died", "wish* _ could die", "wish* _ had never been born", "wish* to die",
    "wants to die", "want to die", "wanted to die", "wanting to die", "ready to die",
    "not want to be here", "not want to be around", "not want to be alive",
    "not wanting to be here",
    "no longer want* to be here", "not be here anymore", "not be here any more",
    "not want to live", "not wanting to live", "no longer want* to live", "not wish to live",
    "not want to go on", "not want to carry on", "not want to wake up", "not wake up",
    "not waking up", "never wake up", "never waking up", "not worth living",
    "no longer worth living",
    "not worth going on", "no point in living", "no point living", "no point in life",
    "no point to life", "no point going on", "no point in going on", "no point carrying on",
    "no point in carrying on", "point of living", "point in living", "no reason to live",
    "no reason to go on", "any reason to live", "nothing to live for", "nothing left to live for",
    "tired of living", "tired of life", "sick of living", "sick of life", "enough of life",
    "given up on life", "giving up on life", "can't go on", "can't carry on",
    "can't do this anymore",
    "can't do this any more", "can't take any more", "can't take it any more",
    "can't take it anymore", "can't see a way through", "can't see a way out", "no way out",
    "no one would miss _", "nobody would miss _", "no one would care if", "nobody would care if",
    "no one would notice if", "nobody would notice if", "not be missed",
    "wants it all to stop", "wants it all to end", "wants it all to be over", "want it all to stop",
    "want it all to end", "want it all to be over", "want it to be over", "wants it to be over",
    "not trust herself", "not trust himself", "not trust myself",
    "overdos*", "took _ overdose", "take _ overdose", "self harm*", "selfharm*",
    "too many tablets", "too many pills", "stockpil*",
    "saving up tablets", "saving up pills", "saving _ tablets", "saving _ pills",
    "saving up _ tablets", "saving up _ pills", "marks on _ arms", "marks on _ wrists", "a noose",
    "a ligature", "jump off", "jump from", "jumping off", "jumping from", "in front of a train",
    "in front of a car", "in front of a bus", "under a train", "under a bus", "goodbye letter*",
    "voices tell*", "going to kill", "threatened to kill", "threatens to kill",
    "threatening to kill", "tried to kill", "tries to kill", "strangl*", "choked her", "choked him",
    "choked me", "has a knife", "pulled a knife", "held a knife", "hold* a knife",
)  # fmt: skip
NOT = frozenset(
    "don't doesn't didn't won't wouldn't isn't wasn't aren't dont doesnt didnt wont wouldnt isnt "
    "wasnt arent ain't aint".split()
)
CANNOT = frozenset("can't cannot cant couldn't couldnt".split())
DENIED_BEFORE = frozenset("no denies denied denying without".split())
BETWEEN = frozenset("any current active thoughts of ideas plans or about being feeling".split())
LIVES_SOMEWHERE = frozenset(
    "with in at alone near nearer close closer by on next among together independently away apart "
    "far off out abroad somewhere anywhere there under above behind".split()
)
"""After "does not want to live" these say where or how, and nothing of dying."""
GOES_SOMEWHERE = frozenset("the a an to buses trains trips outings holiday holidays walks".split())
MEANS_ELSE = {"live": LIVES_SOMEWHERE, "on": GOES_SOMEWHERE}


def _phrases() -> Iterator[str]:
    yield from CRISIS_WORDS
    yield from (f"{verb} {one}" for verb in TO_ONESELF for one in SELVES)
    yield from (f"{verb} {one} in" for verb in ("do", "doing", "did") for one in SELVES)
    for whose in WHOSE:
        yield from (f"{verb.replace('_', whose)} life" for verb in OF_A_LIFE)


CRISIS = Phrases(("crisis", phrase) for phrase in _phrases())


def crisis_words(note: str) -> tuple[str, ...]:
    """Return the words in the note that should open the safety step, as written, once each.

    Only a denial straight before them ("no suicidal thoughts") is left out, and a wish to live
    with somebody else or elsewhere. Time is proportional to the length of the note.
    """
    text = Text.of(note)
    plain = replace(text, words=tuple(_plain(word) for word in text.words))
    hits = _longest([hit for hit in CRISIS.find(plain) if _stands(plain, hit)])
    return tuple(dict.fromkeys(text.written(hit.first, hit.after) for hit in hits))


def _plain(word: str) -> str:
    """Read each "doesn't", however it is written, as "not": a phone leaves the apostrophe out."""
    return "not" if word in NOT else "can't" if word in CANNOT else word


def _stands(text: Text, hit: Hit) -> bool:
    """Say whether nothing takes it back; a "no" of the sentence or line before answers that one."""
    index = hit.first - 1
    is_joined = index >= 0 and text.breaks[hit.first] == JOINED
    if text.words[hit.first].startswith("suicid") and is_joined and text.words[index] == "not":
        return False
    if _goes_on_with(text, hit, MEANS_ELSE.get(text.words[hit.after - 1], frozenset())):
        return False
    while index >= 0 and text.words[index] in BETWEEN and text.breaks[index + 1] < SENTENCE_BREAK:
        index -= 1
    is_joined = text.breaks[index + 1] == JOINED
    return index < 0 or not is_joined or text.words[index] not in DENIED_BEFORE


def _goes_on_with(text: Text, hit: Hit, words: frozenset[str]) -> bool:
    """Say whether one of the words follows at once: "not want to live" + "alone"."""
    following = hit.after
    is_joined = following < len(text.words) and text.breaks[following] == JOINED
    return is_joined and text.words[following] in words


def _longest(hits: list[Hit]) -> list[Hit]:
    """Leave out the hits that begin inside one that begins before them, or is longer."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.after)):
        if not kept or hit.first >= kept[-1].after:
            kept.append(hit)
    return kept
