"""Compare the names of columns: by their letters and digits only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from customers.canonical import fold

OTHER = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return the name without case, accents, spaces and signs: `*E-Mail Address` is `emailaddress`."""
    return OTHER.sub("", fold(name))


def header_hash(names: Iterable[str]) -> str:
    """Return the key under which the mapping of such a header is remembered."""
    return hashlib.sha256("\n".join(map(plain, names)).encode()).hexdigest()
