"""The columns of a report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a column holds: how it is written, and on which side."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    MONEY = "money"
    COUNT = "count"

    @property
    def is_number(self) -> bool:
        return self in (Kind.MONEY, Kind.COUNT)


@dataclass(frozen=True)
class Column:
    heading: str
    kind: Kind = Kind.TEXT


def money(heading: str) -> Column:
    return Column(heading, Kind.MONEY)


CURRENCY = Column("Currency")
