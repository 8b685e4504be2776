"""Compare names: equal, another form of the name, spelled or sounding alike."""

from __future__ import annotations

from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import OSA, JaroWinkler

from customers.match_keys.sounds import sound

NICKNAMES = NickNamer()
SPELLED_ALIKE, SOUNDS_ALIKE, SOMEWHAT_ALIKE = 0.92, 0.75, 0.80
LEAST_LETTERS = 3  # in shorter names one letter makes another name


@lru_cache(maxsize=50_000)  # asked twice for each pair, and names of a book recur
def likeness(one: str, other: str) -> str:
    """Return how two folded names are alike: `same`, `near`, `sound`, `somewhat` or nothing."""
    if one == other:
        return "same"
    if min(len(one), len(other)) >= LEAST_LETTERS and OSA.distance(one, other, score_cutoff=1) <= 1:
        return "near"
    similarity = JaroWinkler.similarity(one, other)
    if similarity >= SPELLED_ALIKE:
        return "near"
    if similarity >= SOUNDS_ALIKE and sound(one) == sound(other):
        return "sound"
    return "somewhat" if similarity >= SOMEWHAT_ALIKE else ""


@lru_cache(maxsize=20_000)
def forms_of(name: str) -> frozenset[str]:
    """Return the name and every name that is a short or a long form of it."""
    return frozenset({name} | NICKNAMES.nicknames_of(name) | NICKNAMES.canonicals_of(name))


def are_forms_of_one_name(one: str, other: str) -> bool:
    return other in forms_of(one) or one in forms_of(other)


def is_initial_of(one: str, other: str) -> bool:
    """Return whether one of two names is only the first letter of the other."""
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)


def share_a_part(one: str, other: str) -> bool:
    """Return whether a name is one of the parts of the other: Jones, Smith-Jones."""
    parts, others = one.split(), other.split()
    if len(parts) == len(others):
        return False
    return any(len(part) >= LEAST_LETTERS and part in others for part in parts)
