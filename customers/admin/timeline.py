"""The timeline of a customer, from its events: who changed what, when, from old to new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from customers.models import Address, Contact, Customer, Depot
from customers.reads import CUSTOMERS, ERASED, EXPIRED, Row
from customers.tasks.models import Note
from orders.credit_notes.events import numbers_of_events
from orders.models import Order
from orders.reads import ORDERS
from stores.admin.display import number
from stores.models import Event
from stores.models.event_types import CUSTOMER_EVENTS

LATEST_ENTRIES = 20
MOST_NOTES = 50  # on a page of the history
TITLES = {
    "customer.created": "Created",
    "customer.updated": "Changed",
    "customer.deleted": "Deleted",
    "customer.restored": "Restored",
    "order.created": "Order placed",
    "order.updated": "Order changed",
}
# the entry's title or another field says the same
HIDDEN_FIELDS = frozenset(
    {
        "deleted_at",
        "withdrawn_at",
        "marketing_opt_in_at",
        "shipped_at",
        "delivered_at",
        "cancelled_at",
        "paid_at",
    }
)
BALANCE_FIELDS = frozenset({"account_balance", "loyalty_balance"})
HIDDEN_CHILD_FIELDS = frozenset(
    {"id", "uid", "position", "created_at", "updated_at", "formatted", "geocoded_at"}
)
# fields of events, and where a snapshot has their rows
CHILDREN = {"addresses": "addresses", "billing_address": "addresses", "contacts": "contacts"}
ROWS = {"addresses": ("Address", Address), "contacts": ("Contact", Contact)}
DEPOT = "default_depot_id"
EMPTY = "–"


@dataclass(frozen=True)
class Change:
    """A changed field: its label, and its old and new value as text."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    title: str
    version: int
    changes: list[Change] = field(default_factory=list)
    text: str = ""


def events_of(customer: Customer) -> Any:
    """Return a customer's events, the newest first."""
    events = Event.objects.filter(store=customer.store_id, customer_uid=customer.uid)
    return events.order_by("-id")


def latest(customer: Customer, most: int = LATEST_ENTRIES) -> list[Entry]:
    """Return the newest entries. One event more is read, to compare the oldest entry with."""
    events = list(events_of(customer)[: most + 1])
    since = events[-1].created_at if len(events) > most else None
    return with_notes(list(islice(entries(events), most)), customer, since=since)[:most]


def of_order(order: Order) -> list[Entry]:
    """Return the newest changes of an order, and the notes about it."""
    rows = Event.objects.filter(store=order.store_id, customer_uid=order.customer.uid)
    events = rows.filter(subject_uid=order.uid).order_by("-id")[:LATEST_ENTRIES]
    notes = Note.objects.filter(store=order.store_id, customer=order.customer_id, order=order)
    said = [note_entry(note) for note in notes.order_by("-id")[:LATEST_ENTRIES]]
    return sorted([*entries(list(events)), *said], key=lambda entry: entry.at, reverse=True)


def with_notes(
    found: list[Entry],
    customer: Customer,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """Return these entries and the notes of that time, the newest first."""
    rows = Note.objects.of_customer(customer).select_related("order")
    rows = rows.filter(created_at__gt=since) if since else rows
    rows = rows.filter(created_at__lte=until) if until else rows
    said = [note_entry(note) for note in rows[:MOST_NOTES]]
    return sorted([*found, *said], key=lambda entry: entry.at, reverse=True) if said else found


def note_entry(note: Note) -> Entry:
    title = f"Note about {note.order}" if note.order else "Note"
    if note.remind_on:
        day = date_format(note.remind_on, "DATE_FORMAT")
        done = f", done by {note.done_by}" if note.done_at else ""
        title += f" with a reminder for {note.assignee_name} on {day}{done},"
    return Entry(note.created_at, note.actor_name, title, 0, text=note.text)


def since(customer: Customer, version: int, most: int) -> list[Entry]:
    """Return the first entries after a version, the oldest first."""
    newer = events_of(customer).filter(version__gte=version).order_by("id")[: most + 1]
    newest_first = list(entries([*newer][::-1]))
    return [entry for entry in reversed(newest_first) if entry.version > version]


def customer_at(customer: Customer, version: int) -> Row | None:
    """Return the customer as it was at a version, or None where its snapshot is gone."""
    events = events_of(customer).filter(type__in=CUSTOMER_EVENTS, version__lte=version)
    event = events.first()
    if event is None or not event.snapshot.keys().isdisjoint({ERASED, EXPIRED}):
        return None
    return CUSTOMERS.from_snapshot(event.snapshot)


def edited_since(customer: Customer, version: int) -> bool:
    """Return True when a field that staff edit has changed after that version."""
    newer = events_of(customer).filter(version__gt=version)
    customer_events = newer.filter(type__in=CUSTOMER_EVENTS).values_list("type", "changed")
    return any(
        type != "customer.updated" or set(names) - BALANCE_FIELDS for type, names in customer_events
    )


def entries(events: list[Event]) -> Iterator[Entry]:
    """Yield the entries of a customer's successive events, the newest first."""
    depots, notes = depot_names(events), numbers_of_events(events)
    for index, event in enumerate(events):
        before = previous_snapshot(event, events[index + 1 :])
        yield entry_of(event, before, depots, notes.get(event.pk))


def depot_names(events: list[Event]) -> dict[Any, str]:
    """Return the names of the default depots in these events, by key; deleted depots have none."""
    changes = [event for event in events if DEPOT in event.changed]
    keys = {values.get(DEPOT) for event in changes for values in (event.before, event.snapshot)}
    return dict(Depot.objects.filter(pk__in=keys - {None}).values_list("pk", "name"))


def previous_snapshot(event: Event, older: Iterable[Event]) -> Row | None:
    """Return the customer as it was before a change, from the events at hand or else from the database.

    Many orders may lie between two changes of a customer. None where no snapshot is needed or left.
    """
    is_change = event.type in CUSTOMER_EVENTS and event.type != "customer.created"
    if not is_change or CHILDREN.keys().isdisjoint(event.changed):
        return None
    at_hand = (past for past in older if past.type in CUSTOMER_EVENTS)
    previous = next(at_hand, None) or customer_event_before(event)
    if previous is None or EXPIRED in previous.snapshot:
        return None
    return CUSTOMERS.from_snapshot(previous.snapshot)


def customer_event_before(event: Event) -> Event | None:
    rows = Event.objects.filter(store=event.store_id, customer_uid=event.customer_uid)
    return rows.filter(type__in=CUSTOMER_EVENTS, id__lt=event.pk).order_by("-id").first()


def entry_of(
    event: Event, before: Row | None, depots: dict[Any, str], credit_note: str | None
) -> Entry:
    about_order = event.type not in CUSTOMER_EVENTS
    is_erasure = ERASED in event.changed
    title = title_of(event)
    if about_order and event.snapshot.get("number"):
        title = f"{title}: {event.snapshot['number']}"
        title = f"{title}, credit note {credit_note}" if credit_note else title
    if "asked_as" in event.snapshot:
        title = f"{title}, by the former id of a merged customer,"
    is_expired = EXPIRED in event.snapshot
    if is_expired:
        title = f"{title} (details deleted by a retention rule)"
    return Entry(
        at=event.created_at,
        who=event.actor_name,
        title=title,
        version=event.version,
        changes=[]
        if is_erasure or is_expired or event.type.endswith(".created")
        else [*changes_of(event, before, depots)],
    )


def title_of(event: Event) -> str:
    return "Erased" if ERASED in event.changed else TITLES.get(event.type, event.type)


def changes_of(event: Event, before: Row | None, depots: dict[Any, str]) -> Iterator[Change]:
    children = {} if before is None else CHILDREN
    source = CUSTOMERS if event.type in CUSTOMER_EVENTS else ORDERS
    after = source.from_snapshot(event.snapshot)
    for name in event.changed:
        if name not in HIDDEN_FIELDS and name not in children:
            old, new = source.from_json(name, event.before.get(name)), after.get(name)
            if name == DEPOT:
                old, new = depots.get(old, old), depots.get(new, new)
            yield Change(label(Customer, name), text(name, old), text(name, new))
    for kind in dict.fromkeys(children[name] for name in event.changed if name in children):
        yield from child_changes(kind, before or {}, after)


def child_changes(kind: str, before: Row, after: Row) -> Iterator[Change]:
    """Yield the changes between the addresses (or contacts) of two snapshots, row by row."""
    old = {row["uid"]: row for row in before.get(kind, [])}
    new = {row["uid"]: row for row in after.get(kind, [])}
    noun, model = ROWS[kind]
    for uid in [*old, *(uid for uid in new if uid not in old)]:
        if uid not in new:
            yield Change(f"{noun} removed", summary(old[uid]), EMPTY)
        elif uid not in old:
            yield Change(f"{noun} added", EMPTY, summary(new[uid]))
        else:
            yield from row_changes(noun, model, old[uid], new[uid])


def row_changes(noun: str, model: Any, old: Row, new: Row) -> Iterator[Change]:
    for name in new:
        if name not in HIDDEN_CHILD_FIELDS and old[name] != new[name]:
            yield Change(
                f"{noun} {summary(old)}: {label(model, name).lower()}",
                text(name, old[name]),
                text(name, new[name]),
            )


def summary(row: Row) -> str:
    return row.get("label") or row.get("formatted") or row.get("name") or EMPTY


def label(model: Any, name: str) -> str:
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name.replace("_", " ").capitalize()
    return capfirst(str(getattr(column, "verbose_name", name)))


def text(name: str, value: Any) -> str:
    """Return a value of a row as text for staff."""
    if value is None or value in ("", []):
        return EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        return ", ".join(item_text(item) for item in value)
    if isinstance(value, dict):
        return item_text(value)
    choices = dict(choices_of(name))
    return str(choices.get(value, value))


def item_text(item: Any) -> str:
    return str(item.get("name") or summary(item)) if isinstance(item, dict) else str(item)


def choices_of(name: str) -> Any:
    for model in (Customer, Order):
        with suppress(FieldDoesNotExist):
            return getattr(model._meta.get_field(name), "choices", None) or ()
    return ()
