"""The types of events, and what subscribes to them."""

from __future__ import annotations

CUSTOMER_EVENTS = ("customer.created", "customer.updated", "customer.deleted", "customer.restored")
ORDER_EVENTS = ("order.created", "order.updated")
EVENT_TYPES = CUSTOMER_EVENTS + ORDER_EVENTS
# Sent on request to one endpoint, and never stored.
TEST_EVENT = "webhook.test"
# The contract of storefront does not publish these types: only a wildcard subscribes to them.
UNPUBLISHED_EVENTS = ("customer.restored",)


def wildcard_of(event_type: str) -> str:
    """Return the subscription to all events of the same subject: `customer.*`, `order.*`."""
    return f"{event_type.partition('.')[0]}.*"


WILDCARDS = tuple(dict.fromkeys(map(wildcard_of, EVENT_TYPES)))
# The subscriptions that an endpoint may have.
SUBSCRIPTIONS = (
    *(name for name in EVENT_TYPES if name not in UNPUBLISHED_EVENTS),
    *WILDCARDS,
    "*",
)
# What a feed or a list of deliveries can be narrowed to: a type, or all types of a subject.
TYPE_FILTERS: dict[str, tuple[str, ...]] = {name: (name,) for name in EVENT_TYPES} | {
    wildcard: tuple(name for name in EVENT_TYPES if wildcard_of(name) == wildcard)
    for wildcard in WILDCARDS
}
