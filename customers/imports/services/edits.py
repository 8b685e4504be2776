"""What others changed of a customer after a version: by its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer
from stores.errors import Conflict
from stores.models import Event

# Orders and postings change these, not people's work on the customer.
FIGURES = frozenset(
    {
        "account_balance",
        "first_order_at",
        "last_order_at",
        "loyalty_balance",
        "order_count",
        "orders_ever",
        "total_spent",
    }
)


@dataclass(frozen=True)
class Change:
    """A later change of a customer: of which fields, by whom and when."""

    names: frozenset[str]
    who: str
    when: datetime

    @property
    def what(self) -> str:
        return ", ".join(sorted(self.names)).replace("_", " ") or "the customer"

    def as_data(self, names: frozenset[str] | None = None) -> dict[str, str]:
        """Return what sentences name; `names` limits the fields."""
        what = ", ".join(sorted(names)).replace("_", " ") if names else self.what
        return {"who": self.who, "what": what, "when": f"{self.when:%Y-%m-%d %H:%M} UTC"}


def changes_since(customer: Customer, version: int) -> list[Change]:
    """Return the changes after that version, the earliest first; orders and postings are none."""
    if customer.version == version:
        return []
    events = Event.objects.filter(
        store=customer.store_id,
        customer_uid=customer.uid,
        version__gt=version,
        type__startswith="customer.",
    ).order_by("version")
    changes = map(change_of, events)
    return [change for change in changes if change.names]


def change_of(event: Event) -> Change:
    return Change(frozenset(event.changed) - FIGURES, event.actor_name, event.created_at)


class ChangedSinceCheck(Conflict):
    """Somebody changed the customer after the check. The import shows it in its own words."""

    def __init__(self, change: Change) -> None:
        super().__init__("changed_since_check", **change.as_data())


def require_unedited(customer: Customer, version: int) -> None:
    """Raise ChangedSinceCheck if somebody changed the customer after that version."""
    if changes := changes_since(customer, version):
        raise ChangedSinceCheck(changes[-1])
