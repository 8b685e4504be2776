"""Names and other text: the forms that searches and lists compare, and what nobody can see."""

import re
import unicodedata
from functools import cache

from pyuca.collator import Collator_10_0_0

from stores.names import CONTROLS, FORMATS

# Accents, Hebrew points and Arabic vowel signs. Marks of other scripts carry the word itself.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f"
_DROPPED = re.compile(f"[{_MARKS}{CONTROLS}{FORMATS}\u0640]")  # and the Arabic tatweel

# Accents that stand alone, typed for an apostrophe. Unicode decomposes them to a space and a mark.
_SPACING_ACCENT = re.compile("[´΄᾽᾿´῾`῍῎῏῝῞῟]")
_APOSTROPHES = "ʹʻʼʽʾʿˈˊˋ‘’‛′‵՚׳ꞌ"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u058a\u05be\u1806"
# Letters that Unicode does not decompose, and those that Arabic, Persian and Urdu keyboards write differently.
_PLAIN = str.maketrans(
    dict(zip("łøđðħŧŋıȷ", "loddhtnij", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys("ىی", "ي")
    | dict.fromkeys("ک", "ك")
    | dict.fromkeys("ةہھۃە", "ه")
    | dict.fromkeys("ٱ", "ا")
)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

SORT_KEY_LENGTH = 200  # bytes; names that are equal so far are sorted by id
# As in a telephone book, O'Brien stands beside Obrien, and Anna-Maria beside Anna Maria.
_UNSORTED = str.maketrans(
    dict.fromkeys(f"'`´{_APOSTROPHES}", "") | dict.fromkeys(f"-{_HYPHENS}", " ")
)


def fold(text: str) -> str:
    """Text as search and keys see it: no case, no accents, one kind of apostrophe and of hyphen, single spaces.

    Folding twice is folding once.
    """
    bare = text.casefold()
    if not (text.isascii() and text.isprintable()):
        spaced = unicodedata.normalize("NFKD", _SPACING_ACCENT.sub("'", text))
        bare = _DROPPED.sub("", spaced).casefold()
    if not bare.isascii():
        bare = _DROPPED.sub("", unicodedata.normalize("NFKD", bare)).translate(_PLAIN)
        bare = unicodedata.normalize("NFC", bare)
    return " ".join(bare.replace("`", "'").split())


def spellings(text: str) -> list[str]:
    """Return the folded text, and as another one that with its umlauts spelled out: Müller is Mueller, too."""
    folded = fold(text)
    if text.isascii():
        return [folded]
    composed = unicodedata.normalize("NFC", text).lower()
    spelled_out = composed.translate(_SPELLED_OUT)
    return [folded] if spelled_out == composed else [folded, fold(spelled_out)]


def searchable(text: str) -> str:
    """What searches look in: all spellings, with tabs between them, which no folded text has."""
    return "\t".join(spellings(text))


def name_sort_key(name: str) -> bytes:
    """Return bytes in whose order names are sorted as the Unicode Collation Algorithm sorts them.

    They hold the primary weights only, two bytes each: case and accents make no difference. Another version of
    Unicode's table changes the order, so stored keys must then be computed anew.
    """
    words = name[:SORT_KEY_LENGTH].translate(_UNSORTED).split()
    text = unicodedata.normalize("NFD", " ".join(words))
    elements = _collator().collation_elements(text[: SORT_KEY_LENGTH // 2])
    return b"".join(first.to_bytes(2) for first, *_ in elements if first)[:SORT_KEY_LENGTH]


@cache
def _collator() -> Collator_10_0_0:
    """Read the table when it is first needed: that takes a third of a second and 12 MB."""
    return Collator_10_0_0()


def split_name(display: str) -> tuple[str, str]:
    """First and last name of a trimmed display name: what is before and after its first space."""
    first, _, last = display.partition(" ")
    return first, last


def join_name(first: str, last: str) -> str:
    """The display name of two parts; gives back exactly what `split_name` was given."""
    return f"{first} {last}" if first and last else first or last
