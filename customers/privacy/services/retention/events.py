"""Empty former states of customers and orders in the history.

The last event of a customer or an order stays as it is: whoever reads the feed from its beginning needs it. So
does what happened when, and by whom: only the values go.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from customers.privacy.personal_data.event_tables import expired_before, expired_snapshot
from customers.privacy.services.retention.work import Due, Span, Tally, Work
from customers.reads import ERASED, EXPIRED
from stores.models import Event


def former_states(due: Due, span: Span) -> QuerySet[Any]:
    later = Event.objects.filter(
        store=due.store,
        customer_uid=OuterRef("customer_uid"),
        subject_uid=OuterRef("subject_uid"),
        id__gt=OuterRef("pk"),
    )
    events = Event.objects.filter(
        Exists(later), store=due.store, created_at__lt=due.until, **span.of()
    )
    return events.exclude(snapshot__has_any_keys=[ERASED, EXPIRED])


def preview(due: Due, span: Span) -> Tally:
    keys = list(former_states(due, span).order_by("pk").values_list("pk", flat=True))
    return Tally(len(keys), examples=keys)


def carry_out(due: Due, span: Span) -> tuple[Tally, int]:
    events = list(former_states(due, span).select_for_update(of=("self",), no_key=True))
    for event in events:
        event.before = expired_before(event.before)
        event.snapshot = expired_snapshot(event.snapshot)
    if events:
        rows = Event.objects.filter(store=due.store)
        rows.bulk_update(events, ["before", "snapshot"], batch_size=200)
    return Tally(len(events)), span.high


EVENTS = Work(Event, 1_000, preview, carry_out)
