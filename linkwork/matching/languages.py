"""Is a note written in English? Only English notes are searched for needs.

Other languages share spellings with ours ("pain" is bread in French), so a note whose small words
are mostly those of another language is left alone instead of being misread.
"""

from __future__ import annotations

from collections.abc import Sequence

WORDS_LOOKED_AT = 400
FEWEST_FOREIGN = 2

ENGLISH = frozenset(
    "the and to of a in is was her his he she with for on not at that it has had since but they "
    "would been from who by be as my i no up out have so this are or after when about".split()
)
FOREIGN = frozenset(
    "le la les des est avec pour une elle il je ne pas dans qui du et sa ses mais depuis "
    "der das und ist nicht mit sie ich ein eine seit auf von zu ihr sein aber dem den "
    "el los las con una por su que y muy desde pero esta hace del un si "
    "nie jest sie na z w od dla jej jego ale bardzo po mieszka "
    "di che per con non sono ha mi gli della ma molto "
    "o os um uma com nao ela ele muito ao seu sua "
    "yn y ac ar ei mae mae'r yr i'r wedi gan "
    "hai ka ki ke se nahin aur mein bahut ko main "
    "si cu nu este ea din care pe foarte lui "
    "de het een niet van met zij hij maar sinds".split()
) - frozenset("i a o no so me he as at on in is was had has ha be she it we do".split())


def is_other_language(words: Sequence[str]) -> bool:
    """Say whether the small words of a text are mostly those of another language."""
    looked_at = words[:WORDS_LOOKED_AT]
    foreign = sum(word in FOREIGN for word in looked_at)
    return foreign >= FEWEST_FOREIGN and foreign > sum(word in ENGLISH for word in looked_at)
