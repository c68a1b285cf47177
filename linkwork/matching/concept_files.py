"""The concept files: read, checked, and laid over one another.

The files that ship come first, then those of a service. There a concept with a new name is added.
One with a known name is changed: a key that is given replaces what ships, a key left out stays as
it ships, ``more_people_say`` adds to a list, ``fewer_people_say`` takes from it, and
``remove = true`` takes the concept out. Every fault is found in one reading, so that whoever
edits the files puts all of them right at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from linkwork.matching.concepts import NEEDS, Concept, Kind
from linkwork.matching.words import parts

LISTS = ("people_say", "directories_say", "also", "examples", "taxonomy")
SWITCHES = ("sensitive", "of_others", "open_to_all")
KEYS = frozenset({"label", "need", "near", "openactive", *LISTS, *SWITCHES})
CHANGES = frozenset({"remove", *(f"{how}_{name}" for how in ("more", "fewer") for name in LISTS)})
SHORTEST_BEGINNING, ENOUGH_WORDS = 3, 3
TOO_MUCH = frozenset(
    "a an and are at be but by for from had has have he her him his i in is it its me my not of "
    "on or our she so that the their them then they this to up was we were what when which who "
    "will with you your".split()
)
KEPT_FOR_SAFETY = "crisis"
GUARDED = ("sensitive", "remove", "directories_say", "fewer_directories_say")
"""What would take the guard from services of abuse, crisis or addiction: never from a file."""
HARMLESS = {"sensitive": True, "remove": False}


class LexiconError(ValueError):
    """The concept files cannot be used; one sentence a line says where, what and what to do."""


def read(*folders: Path) -> dict[str, Concept]:
    """Return the concepts of the folders, each laid over those before it.

    Raises ``LexiconError`` with every fault: the file, the concept, and what to do about it.
    """
    faults: list[str] = []
    found: dict[str, Concept] = {}
    for folder in folders:
        found = _laid_over(found, folder, faults)
    if not faults:
        faults += _faults_between(found.values(), found)
    if faults:
        raise LexiconError("\n".join(faults))
    return found


def _laid_over(before: dict[str, Concept], folder: Path, faults: list[str]) -> dict[str, Concept]:
    files = sorted(folder.glob("*.toml"))
    if not files:
        faults.append(f"No concept files (*.toml) in {folder}. Name the folder that holds them.")
    found, here = dict(before), set[str]()
    for file in files:
        kind, tables = _tables(file, faults)
        for name, table in tables.items():
            place = f"{file.name}: {name}"
            if name in here:
                faults.append(f"{place} is defined twice. Keep one of the two.")
            elif kind is not None:
                here.add(name)
                _put(found, before.get(name), (name, kind, table), (file.name, place), faults)
    return found


def _tables(file: Path, faults: list[str]) -> tuple[Kind | None, Mapping[str, Any]]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        faults.append(f"{file.name} cannot be read as TOML: {error}. Put that line right.")
        return None, {}
    faults += [
        f"{file.name}: {key} is not known here. A concept begins with [concept.NAME]."
        for key in sorted(content.keys() - {"kind", "concept"})
    ]
    try:
        kind = Kind(content.get("kind", ""))
    except ValueError:
        said = content.get("kind", "missing")
        faults.append(f"{file.name}: kind is {said}. Use one of {', '.join(Kind)}.")
        return None, {}
    tables = content.get("concept", {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        faults.append(f"{file.name}: a concept is not a table. Begin it with [concept.NAME].")
        return None, {}
    return kind, tables


def _put(
    found: dict[str, Concept],
    before: Concept | None,
    said: tuple[str, Kind, Mapping[str, Any]],
    where: tuple[str, str],
    faults: list[str],
) -> None:
    """Add the concept, change the one there was, or take it out."""
    (name, kind, table), (file, place) = said, where
    known = len(faults)
    faults += [f"{place}: {fault}" for fault in _faults(table, kind, before)]
    if len(faults) > known:
        return
    if table.get("remove"):
        found.pop(name, None)
        return
    start = before or _empty(name, kind)
    concept = replace(
        start, **_values(table, start), file=", ".join(filter(None, (start.file, file)))
    )
    faults += [f"{place}: {fault}" for fault in _faults_of_phrases(concept)]
    found[name] = concept


def _empty(name: str, kind: Kind) -> Concept:
    return Concept(name, "", kind, None, (), (), (), MappingProxyType({}), False, False, False)


def _values(table: Mapping[str, Any], before: Concept) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in LISTS:
        kept = phrases(table[name], name) if name in table else getattr(before, name)
        fewer = set(phrases(table.get(f"fewer_{name}", ""), name))
        more = phrases(table.get(f"more_{name}", ""), name)
        values[name] = tuple(dict.fromkeys((*(p for p in kept if p not in fewer), *more)))
    values |= {name: table[name] for name in ("label", "need", *SWITCHES) if name in table}
    for name in ("near", "openactive"):
        if name in table:
            values[name] = MappingProxyType(dict(table[name]))
    return values


def phrases(listed: str | Iterable[str], name: str = "") -> tuple[str, ...]:
    """Return the phrases of a list, or of a text with commas; examples stand one a line."""
    if isinstance(listed, str):
        listed = listed.splitlines() if name == "examples" else listed.replace("\n", " ").split(",")
    return tuple(phrase.strip() for phrase in listed if phrase.strip())


def _faults(table: Mapping[str, Any], kind: Kind, before: Concept | None) -> list[str]:
    """What is wrong with the keys of a concept, as ends of a sentence."""
    allowed = KEYS | CHANGES if before else KEYS
    faults = [f"unknown key {key}. {_instead(key)}" for key in sorted(table.keys() - allowed)]
    if before is None and not str(table.get("label", "")).strip():
        faults.append('no label. Add label = "plain words for it".')
    if before is not None and before.kind is not kind:
        faults.append(f"it is of the kind {before.kind}. Move it to a file of that kind.")
    if (need := table.get("need")) is not None and need not in NEEDS:
        faults.append(f"no need is called {need}. Use one of {', '.join(sorted(NEEDS))}.")
    if before is not None and before.sensitive:
        faults += [
            f"it is sensitive, and stays so. Take out {key}."
            for key in GUARDED
            if key in table and table[key] is not HARMLESS.get(key)
        ]
    return faults + _wrong_types(table)


def _instead(key: str) -> str:
    if key in CHANGES:
        return "It changes a concept that ships, and none of this name does."
    return f"Use one of {', '.join(sorted(KEYS))}."


def _wrong_types(table: Mapping[str, Any]) -> list[str]:
    lists = [key for key in table if key.removeprefix("more_").removeprefix("fewer_") in LISTS]
    faults = [
        f"{key} is not a list of phrases. Write them in quotes, with commas between them."
        for key in lists
        if not isinstance(table[key], str) and not _all_text(table[key])
    ]
    faults += [
        f"{key} is neither true nor false. Use one of them, without quotes."
        for key in ("remove", *SWITCHES)
        if key in table and not isinstance(table[key], bool)
    ]
    if "label" in table and not isinstance(table["label"], str):
        faults.append("the label is not a text. Put it in quotes.")
    for key, of in (("near", (int, float)), ("openactive", (str,))):
        said = table.get(key, {})
        if not isinstance(said, dict) or not all(isinstance(v, of) for v in said.values()):
            faults.append(f"{key} is not a table. Write it like {key} = {{ {EXAMPLES[key]} }}.")
    return faults


EXAMPLES = {"near": "walking = 0.4", "openactive": '"Angling" = "its identifier"'}


def _all_text(said: object) -> bool:
    return isinstance(said, list) and all(isinstance(one, str) for one in said)


def _faults_of_phrases(concept: Concept) -> list[str]:
    if concept.id == KEPT_FOR_SAFETY and concept.people_say:
        return ["crisis words open the safety step and propose nothing. Leave people_say empty."]
    said = (*concept.people_say, *concept.directories_say)
    return [f"“{phrase}” {fault}" for phrase in said if (fault := fault_of(phrase))]


def fault_of(phrase: str) -> str | None:
    """Return what is wrong with a phrase, as the end of a sentence; None where nothing is."""
    words = parts(phrase)
    if not words:
        return "has no word in it. Take it out."
    short = [word for word in words if word.endswith("*") and len(word) <= SHORTEST_BEGINNING]
    if short and len(words) == 1:
        return f"is found in too much. Write at least {SHORTEST_BEGINNING} letters before the *."
    if all(word.rstrip("*").isdecimal() for word in words):
        return "is only a number. Add a word that tells."
    if len(words) < ENOUGH_WORDS and all(
        word == "_" or word.rstrip("*") in TOO_MUCH for word in words
    ):
        return "is found in too much. Add a word that tells."
    return None


def _faults_between(concepts: Iterable[Concept], known: Mapping[str, Concept]) -> list[str]:
    faults = []
    for concept in concepts:
        place = f"{concept.file}: {concept.id}"
        for other, weight in concept.near.items():
            if other not in known:
                faults.append(f"{place}: near unknown concept {other}. Take it out of near.")
            if not 0 < weight <= 1:
                faults.append(
                    f"{place}: the weight of {other} is not between 0 and 1. Use 0.3 or so."
                )
    return faults
