"""Countries of addresses: any name or code that the book knows."""

from __future__ import annotations

import difflib
from functools import lru_cache

from customers.imports.drafts.draft import CellError
from customers.places import find_country
from customers.places.index import familiar_countries
from customers.places.keys import place_key


@lru_cache(maxsize=1024)
def country_code(text: str) -> str:
    """Return the country's code. Raises CellError, with the name that was probably meant."""
    country = find_country(text)
    if country is not None:
        return country.code
    close = difflib.get_close_matches(place_key(text), familiar_countries(), n=1, cutoff=0.75)
    hint = f" Did you mean {familiar_countries()[close[0]].name}?" if close else ""
    raise CellError("country", hint=hint)
