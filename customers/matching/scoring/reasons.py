"""What a score is made of: reasons, each with a name and with bits for or against."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Reason(NamedTuple):
    """One line of a score. `code` is a key of `customers.matching.words.WORDS`."""

    code: str
    bits: float


@lru_cache(maxsize=20_000)
def reason_of(code: str, bits: float) -> Reason:
    """Return such a reason, made only once: a scan needs millions of a few thousand different ones."""
    return Reason(code, bits)
