"""The forms in which names of countries and states are compared."""

import re
from functools import lru_cache

from customers.canonical import fold

LONGEST = 100  # no name of a place is longer; nothing longer is worth folding

# Words beside a state's own name, in the languages ISO and people use for them. Where a city and the
# region around it share a name, only these words tell them apart.
CITY_KINDS = frozenset(
    "ciudad city gorod grad gwangyeoksi miestas misto municipality shi si stolitsa teukbyeolsi".split()  # noqa: SIM905
)
_REGION_KINDS = frozenset(
    """
    apskritis canton co county departamento department emirate estado fylke fylket gewest governorate
    judet kanton ken kraj kray lan land maakond megye oblast oblysy prefecture province provincia
    provincie regiao region republic respublika sheng state territory voivodeship wilayah
    wojewodztwo zizhiqu zupanija
    """.split()  # noqa: SIM905
)
_OTHER_KINDS = """
    administrative autonoma autonomous avtonomnyy comunidad da de del district do dos fu of
    okrug persekutuan principado sar special teukbyeoljachido the
""".split()  # noqa: SIM905
_KINDS = CITY_KINDS | _REGION_KINDS | frozenset(_OTHER_KINDS)
_SILENT = re.compile("[.'’‘`ʻʼ´]")
_BETWEEN = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def place_key(text: str | None) -> str:
    """Folded, without punctuation, "the", and the many ways of "and" and "saint"."""
    if not text or len(text) > LONGEST:
        return ""
    words = _BETWEEN.sub(" ", _SILENT.sub("", fold(text)).replace("&", " and ")).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join("saint" if word == "st" else word for word in words)


@lru_cache(maxsize=4096)
def bare_key(key: str) -> str:
    """The key without words of kind at its ends: "auckland region", "county dublin"."""
    words = key.split()
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    while len(words) > 1 and words[0] in _KINDS:
        del words[0]
    return " ".join(words)


def has_kind(key: str, bare: str, *, is_city: bool) -> bool:
    """Whether the words of kind in a key fit: "Moscow Oblast" is not the city of Moscow."""
    kinds = set(key.split()) - set(bare.split())
    if kinds & _REGION_KINDS:
        return not is_city
    return is_city or not kinds & CITY_KINDS
