"""What a word sounds like, so that spellings of one name meet."""

from __future__ import annotations

from functools import lru_cache

from jellyfish import metaphone

LETTERS_OF_OTHER_SCRIPTS = 6


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return the sound of a folded word, as English speakers say it; of other scripts its first letters."""
    if not word.isascii():
        return word[:LETTERS_OF_OTHER_SCRIPTS]
    return metaphone(word) or word[:LETTERS_OF_OTHER_SCRIPTS]
