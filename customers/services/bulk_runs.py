"""Record actions on many customers at once, and take them back.

Undo puts back the customers that are still as the run left them. Of the others it keeps who changed them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from customers.models import BulkChange, BulkRun, Customer, Tag
from customers.models.bulk_change import BulkOutcome
from customers.models.bulk_run import BulkKind
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import CUSTOMERS
from customers.services import tags
from customers.services.customers import soft_delete
from customers.services.editing import Edit, editing, unit_of_work
from stores.actors import Actor
from stores.errors import DomainError, NotFound
from stores.models import Event

BATCH_SIZE = 500
TAG_KINDS = (BulkKind.ADD_TAG, BulkKind.REMOVE_TAG)
COLUMNS = {
    BulkKind.BLACKLIST: ("is_blacklisted", "blacklist_reason"),
    BulkKind.UNBLACKLIST: ("is_blacklisted", "blacklist_reason"),
    BulkKind.ACTIVATE: ("is_active",),
    BulkKind.SUSPEND: ("is_active",),
}
ALREADY = "The tag was changed since."
GONE = "The customer was deleted or erased since."
TAG_GONE = "The tag was deleted since."
USED = "Something has happened with the customer since: an order, a posting or a change."


class Kept(Exception):
    """A customer stays as it is; the text says why."""


@dataclass
class Recording:
    """A bulk run that goes on. Each store gets a run of its own, with its first customer that changes."""

    actor: Actor
    kind: BulkKind
    tag: Tag | None = None
    runs: dict[int, BulkRun] = field(default_factory=dict)

    def change(self, customer: Customer, change: Callable[[Customer, Actor], bool]) -> bool:
        """Change a customer and record it, in one transaction. Return whether anything changed."""
        with unit_of_work():
            if not change(customer, self.actor):
                return False
            run = self.runs.get(customer.store_id) or self.create_run(customer.store_id)
            version = customer.as_queryset().values_list("version", flat=True).get()
            BulkChange(
                store_id=customer.store_id, run=run, customer=customer, version=version
            ).insert()
        self.runs[customer.store_id] = run  # not earlier: a refused change takes its run along
        return True

    def create_run(self, store_id: int) -> BulkRun:
        tag_uid, tag_name = (self.tag.uid, self.tag.name) if self.tag else (None, "")
        return BulkRun.objects.create(
            store_id=store_id,
            kind=self.kind,
            tag_uid=tag_uid,
            tag_name=tag_name,
            actor_name=self.actor.name,
        )


@dataclass(frozen=True)
class Undone:
    """How many customers an undo put back, and how many stay as they are."""

    put_back: int
    kept: int


def undo_run(run: BulkRun, actor: Actor) -> Undone:
    """Put back what a run changed, each customer in a transaction of its own.

    Customers that stayed in an earlier undo are tried again.
    """
    counts = dict.fromkeys(BulkOutcome, 0)
    for change in changes_of(run):
        counts[undo_change(run, change.pk, actor)] += 1
    rows = BulkRun.objects.filter(store=run.store_id, pk=run.pk)
    rows.update(undone_at=timezone.now(), undone_by=actor.name)
    return Undone(counts[BulkOutcome.UNDONE], counts[BulkOutcome.KEPT])


def changes_of(run: BulkRun) -> Iterator[BulkChange]:
    """Yield the changes that are not taken back yet, in their order."""
    rows = BulkChange.objects.filter(store=run.store_id, run=run).order_by("pk")
    rows, last = rows.exclude(outcome=BulkOutcome.UNDONE), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH_SIZE]):
        yield from batch
        last = batch[-1].pk


def undo_change(run: BulkRun, pk: int, actor: Actor) -> BulkOutcome:
    """Put one customer back, unless another request has just done so. Return what came of it."""
    rows = BulkChange.objects.filter(store=run.store_id, pk=pk)
    try:
        with unit_of_work():
            change = rows.exclude(outcome=BulkOutcome.UNDONE).select_for_update().first()
            if change is None:
                return BulkOutcome.CHANGED
            put_back(run, change, actor)
            rows.update(outcome=BulkOutcome.UNDONE, reason="")
    except NotFound:
        reason = GONE
    except Kept as kept:
        reason = str(kept)
    except DomainError as refusal:
        reason = f"The book refused it: {refusal.code.replace('_', ' ')}."
    else:
        return BulkOutcome.UNDONE
    rows.exclude(outcome=BulkOutcome.UNDONE).update(outcome=BulkOutcome.KEPT, reason=reason)
    return BulkOutcome.KEPT


def put_back(run: BulkRun, change: BulkChange, actor: Actor) -> None:
    """Put one customer back. Raises Kept, NotFound and what services refuse."""
    target = Customer.objects.live().filter(store=run.store_id, pk=change.customer_id)
    if run.kind in TAG_KINDS:
        put_back_tag(run, change, target, actor)
        return
    with editing(target, actor) as edit:
        if run.kind == BulkKind.RESTORE:
            delete_again(edit, change)
        else:
            put_back_columns(edit, change, COLUMNS[BulkKind(run.kind)])
            edit.save_and_publish()


def delete_again(edit: Edit, change: BulkChange) -> None:
    if edit.customer.version != change.version:
        raise Kept(USED)
    soft_delete(edit)


def put_back_columns(edit: Edit, change: BulkChange, names: tuple[str, ...]) -> None:
    first, *later = events_from(edit.customer, change.version)
    for event in later:
        if not set(names).isdisjoint(event.changed):
            raise Kept(changed_since(event))
    for name in set(names).intersection(first.changed):
        setattr(edit.customer, name, first.before[name])


def put_back_tag(run: BulkRun, change: BulkChange, target: CustomerQuerySet, actor: Actor) -> None:
    store_tags = Tag.objects.filter(store=run.store_id)
    tag = store_tags.filter(uid=run.tag_uid).first() if run.tag_uid else None
    if tag is None:
        raise Kept(TAG_GONE)
    was_added = run.kind == BulkKind.ADD_TAG
    # The service locks the tag and then the customer. What is found afterwards is undone by the refusal.
    is_changed = (tags.remove_tag if was_added else tags.add_tag)(target, actor, tag)
    customer = target.get()
    later = events_from(customer, change.version)[1:]
    for event in later[:-1] if is_changed else later:
        if "tags" in event.changed and has_tag(event, tag) != was_added:
            raise Kept(changed_since(event))
    if not is_changed:
        raise Kept(ALREADY)


def events_from(customer: Customer, version: int) -> list[Event]:
    """Return the customer's events from this version on, in their order."""
    events = Event.objects.filter(store=customer.store_id, customer_uid=customer.uid)
    return list(events.filter(version__gte=version).order_by("version"))


def has_tag(event: Event, tag: Tag) -> bool:
    return any(row["uid"] == tag.uid for row in CUSTOMERS.from_snapshot(event.snapshot)["tags"])


def changed_since(event: Event) -> str:
    return f"{event.actor_name} changed it on {event.created_at:%Y-%m-%d}."
