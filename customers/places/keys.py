"""Keys: the forms in which names of countries and states are compared."""

import re
from functools import lru_cache

from customers.canonical import fold

MAX_NAME_LENGTH = 100  # characters; a longer text is no name of a country or state

# Words for a kind of subdivision, in the languages of the names in ISO. If a city and the region
# around it have the same name, only these words distinguish them.
CITY_KINDS = frozenset(
    """
    ciudad city gorod grad gwangyeoksi miestas misto municipality shi si stolitsa teukbyeolsi
    г гр город м місто
    """.split()  # noqa: SIM905
)
_REGION_KINDS = frozenset(
    """
    apskritis canton co county departamento department emirate estado fylke fylket gewest governorate
    judet kanton ken kraj kray lan land maakond megye oblast oblysy prefecture province provincia
    provincie regiao region republic respublika sheng state territory voivodeship wilayah
    woj wojewodztwo zizhiqu zupanija краи обл область респ республика
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
    """Fold a name: no punctuation, no leading "the", one spelling of "and" and "saint"."""
    if not text or len(text) > MAX_NAME_LENGTH:
        return ""
    words = _BETWEEN.sub(" ", _SILENT.sub("", fold(text)).replace("&", " and ")).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join("saint" if word == "st" else word for word in words)


@lru_cache(maxsize=4096)
def bare_key(key: str) -> str:
    """Remove words for a kind at either end: "auckland region", "county dublin"."""
    words = key.split()
    while len(words) > 1 and words[-1] in _KINDS:
        words.pop()
    while len(words) > 1 and words[0] in _KINDS:
        del words[0]
    return " ".join(words)


def fits_kind(key: str, bare: str, *, is_city: bool) -> bool:
    """Tell whether a city, or a region, may have this key: Moscow Oblast is not a city."""
    kinds = set(key.split()) - set(bare.split())
    if kinds & _REGION_KINDS:
        return not is_city
    return is_city or not kinds & CITY_KINDS
