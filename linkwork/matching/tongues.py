"""Languages under one code, however a record or a directory writes them."""

from __future__ import annotations

import re

NAMES = {
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "bsl": "British Sign Language",
    "cs": "Czech",
    "cy": "Welsh",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Farsi",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ne": "Nepali",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "rom": "Romani",
    "ru": "Russian",
    "sk": "Slovak",
    "so": "Somali",
    "sq": "Albanian",
    "ta": "Tamil",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yue": "Cantonese",
    "zh": "Mandarin",
}
OTHER_NAMES = {
    "bangla": "bn",
    "sylheti": "bn",
    "persian": "fa",
    "dari": "fa",
    "sorani": "ku",
    "panjabi": "pa",
    "pushto": "ps",
    "chinese": "zh",
    "bsl": "bsl",
    "sign language": "bsl",
    "mirpuri": "pa",
}
CODES = {**{name.lower(): code for code, name in NAMES.items()}, **OTHER_NAMES}
NAMED = re.compile(rf"\b({'|'.join(sorted(map(re.escape, CODES), key=len, reverse=True))})\b")
REGION = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{2,4})?")
LONGEST = 100


def codes_of(words: str) -> frozenset[str]:
    """Return every language that is named: "Urdu and some English", "ur-PK".

    A language that is not among those we know stands for itself, in lower case.
    """
    plain = words.strip().lower()[:LONGEST]
    found = frozenset(CODES[name] for name in NAMED.findall(plain))
    if found or not plain:
        return found
    code = REGION.fullmatch(plain)
    return frozenset({code[1] if code and code[1] in NAMES else plain})


def name_of(code: str) -> str:
    """Return the name of a language: "Urdu"."""
    return NAMES.get(code, code.capitalize())
