from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from customers.canonical import fold
from customers.imports.words import sentence

Values = dict[str, Any]  # of JSON


class CellError(Exception):
    """A cell that cannot be taken as it is, by the code of its sentence."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code, self.data = code, data


@dataclass(frozen=True)
class Issue:
    """What is wrong with a row, or was repaired in it: the column, and a sentence."""

    column: str
    code: str
    text: str
    cell: str = ""

    @classmethod
    def of(cls, code: str, column: str = "", cell: str = "", **data: Any) -> Issue:
        return cls(column, code, sentence(code, data), cell[:200])


@dataclass
class Draft:
    """A customer as one or several rows of a file describe it, not compared with the book yet.

    `values` are fields of a customer as JSON has them; None clears one. `delivery` is merged into the default
    address, `others` are further delivery addresses. `keys` tell which rows are of one customer.
    """

    line: int
    values: Values = field(default_factory=dict)
    delivery: Values = field(default_factory=dict)
    billing: Values = field(default_factory=dict)
    others: list[Values] = field(default_factory=list)
    contacts: list[Values] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # lines for the notes
    opening: Values = field(default_factory=dict)
    uid: str = ""
    foreign_id: str = ""  # on the server that it comes from
    is_exact: bool = False  # from a server, which tells all that there is
    former: Values = field(default_factory=dict)  # what it told before of parts that it changed
    parent: str = ""
    address_kind: str = ""
    is_customer: bool = True
    keys: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)  # E.164
    email_key: str = ""
    lines: list[int] = field(default_factory=list)  # of further rows of the same customer
    issues: list[Issue] = field(default_factory=list)
    repairs: list[Issue] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return how people know the row."""
        values = self.values
        parts = [values.get("first_name"), values.get("last_name")]
        name = values.get("name") or " ".join(part for part in parts if part)
        texts = (name, values.get("company"), values.get("email"), values.get("phone"))
        return next((text for text in texts if text), "")

    @classmethod
    def from_json(cls, line: int, payload: Values) -> Draft:
        return cls(line, **payload)

    @property
    def folded_name(self) -> str:
        return fold(self.label)

    def as_json(self) -> Values:
        """Return what a run needs to write the customer."""
        parts = {
            "uid": self.uid,
            "foreign_id": self.foreign_id,
            "is_exact": self.is_exact,
            "former": self.former,
            "values": self.values,
            "delivery": self.delivery,
            "billing": self.billing,
            "others": self.others,
            "contacts": self.contacts,
            "tags": self.tags,
            "kept": self.kept,
            "opening": self.opening,
        }
        return {name: part for name, part in parts.items() if part}
