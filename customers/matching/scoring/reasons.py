"""What a score is made of: reasons, each with a name and with bits for or against."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One line of a score. `code` is a key of `customers.matching.words.WORDS`."""

    code: str
    bits: float
