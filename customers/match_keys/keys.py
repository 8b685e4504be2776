"""The keys of a profile: two customers are compared only when they share one.

A key that many customers share finds nobody: blocks of more than `MAX_BLOCK` customers are skipped. So each
coarse key has a finer one beside it, which still finds in a large book.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from customers.match_keys.profiles import Place, Profile
from customers.match_keys.sounds import sound
from customers.match_keys.streets import without_type

MAX_BLOCK = 50
PHONE_DIGITS = 8  # without dial and area codes, which may be left out
LEAST_LOCAL_PART = 6
LEAST_COMPANY_WORD = 4
PARTICLES = frozenset(
    ["van", "von", "der", "den", "de", "da", "di", "du", "del", "la", "le", "al", "el", "ter", "zu"]
)


def keys_of(profile: Profile) -> set[int]:
    """Return the 64-bit keys of a profile."""
    return {hash_of(text) for text in key_texts(profile)}


def hash_of(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def key_texts(profile: Profile) -> Iterator[str]:
    """Yield each key as text. Its first letters tell its kind."""
    firsts, lasts = sounds(profile.first)[:1], sounds(profile.last)
    yield from contact_keys(profile)
    for last in lasts:
        yield "n/" + "/".join(sorted([*firsts, last]))  # sorted, so that swapped names meet
    if profile.born:
        yield f"b/{profile.born}"
        yield from (f"bf/{profile.born}/{first}" for first in firsts)
        yield from (f"bl/{profile.born}/{last}" for last in lasts)
    for place in profile.places:
        yield from place_keys(profile, place, firsts, lasts)
    yield from company_keys(profile)


def sounds(name: str) -> list[str]:
    """Return the sounds of the words of a name, particles left out."""
    words = name.split()
    return [sound(word) for word in words if word not in PARTICLES] or [sound(name)] * bool(name)


def contact_keys(profile: Profile) -> Iterator[str]:
    if profile.email:
        yield f"e/{profile.email}"
        local = local_part(profile.email)
        if len(local) >= LEAST_LOCAL_PART:
            yield f"el/{local}"
    for phone in profile.phones:
        yield f"p/{phone[-PHONE_DIGITS:]}"
    if profile.tax_id:
        yield f"t/{profile.tax_id}"


def local_part(email: str) -> str:
    """Return the part before the @ without dots and without what follows a plus."""
    return email.rpartition("@")[0].partition("+")[0].replace(".", "")


def place_keys(
    profile: Profile, place: Place, firsts: list[str], lasts: list[str]
) -> Iterator[str]:
    area = place.postcode or place.town
    if area:
        # Of first and last names alike, so that swapped ones meet.
        for names, other in ((lasts, profile.first), (firsts, profile.last)):
            for name in names:
                yield f"a/{area}/{name}"
                yield f"ai/{area}/{name}/{other[:1]}"
    if place.number and place.street:
        house = f"{place.number}/{sound(without_type(place.street))}"
        yield from {f"h/{house}/{place.town[:4]}", f"h/{house}/{place.postcode}"}
        yield from (f"hn/{house}/{area}/{name}" for name in (*firsts, *lasts))


def company_keys(profile: Profile) -> Iterator[str]:
    if profile.company:
        place = profile.places[0] if profile.places else None
        area = (place.postcode or place.town) if place else ""
        for word in profile.company.split():
            if len(word) >= LEAST_COMPANY_WORD:
                yield f"c/{word}/{area}"
