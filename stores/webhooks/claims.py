"""Choose the deliveries that a worker sends next, and keep other workers from sending them.

A claim is a lease of 30 seconds. If its result is not recorded by then (a crash, a lost database), the delivery
is due again. Claiming locks endpoints, not deliveries. A worker leases several deliveries of an endpoint
together and sends two of them at a time (`runs.py`); while they are leased, no worker leases others. So all
workers together never have more than two deliveries in flight to one endpoint.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from stores.models import Event, WebhookDelivery, WebhookEndpoint

LEASE = timedelta(seconds=30)
MAX_IN_FLIGHT = 2  # per endpoint
MAX_CLAIMS = 50  # of an endpoint, together; of one that is failing: as many as may be in flight
# One delivery in flight blocks the endpoint for so long. Then one more may be claimed beside it: it is slow.
PATIENCE = timedelta(seconds=0.2)


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker has leased, loaded with its event, the event's store and the endpoint."""

    delivery: WebhookDelivery
    token: uuid.UUID

    @property
    def endpoint(self) -> WebhookEndpoint:
        return self.delivery.endpoint


def claim(limit: int, *, failing: bool) -> list[list[Claim]]:
    """Lease due deliveries to endpoints that are failing, or to those that are not: a list for each endpoint.

    At most `limit` of them can be in flight at a time. Endpoints take turns: the one served longest ago comes
    first. It costs one read when nothing is due.
    """
    now = timezone.now()
    if limit <= 0 or not (waiting := list(endpoints_by_last_served(now, failing)[:limit])):
        return []
    with transaction.atomic():
        locked = {
            endpoint.pk: endpoint
            for own in endpoints_by_store(waiting)
            for endpoint in own.select_related("store").select_for_update(
                of=("self",), skip_locked=True, no_key=True
            )
        }
        turns = [locked[pk] for _, pk in waiting if pk in locked]
        claims = list(claim_from(turns, limit, now))
        served = {(one[0].endpoint.store_id, one[0].endpoint.pk) for one in claims}
        for own in endpoints_by_store(served):
            own.update(last_triggered_at=now)
    return claims


def endpoints_by_store(keys: Iterable[tuple[int, int]]) -> Iterator[QuerySet[WebhookEndpoint]]:
    """Yield a queryset for each store with those of its endpoints that these stores and ids name."""
    for store_id, pairs in groupby(sorted(keys), key=itemgetter(0)):
        yield WebhookEndpoint.objects.filter(store=store_id, pk__in=[pk for _, pk in pairs])


def endpoints_by_last_served(
    now: datetime, failing: bool
) -> QuerySet[WebhookEndpoint, tuple[int, int]]:
    """Return stores and ids of endpoints with something due, and nothing in flight or one slow delivery."""
    of_endpoint = {"store": OuterRef("store"), "endpoint": OuterRef("pk")}
    due = WebhookDelivery.objects.due(now).filter(**of_endpoint)
    flying = in_flight(now).filter(**of_endpoint).order_by()
    number = flying.values("endpoint").annotate(number=Count("pk")).values("number")
    return (
        WebhookEndpoint.objects.filter(Exists(due), failing_since__isnull=not failing)
        .filter(~Exists(flying.filter(leased_until__gt=now + LEASE - PATIENCE)))
        .annotate(flying=Coalesce(Subquery(number), 0))
        .filter(flying__lt=MAX_IN_FLIGHT)
        .order_by(F("last_triggered_at").asc(nulls_first=True), "pk")
        .values_list("store_id", "pk")
    )


def in_flight(now: datetime) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.pending().filter(leased_until__gte=now)


def claim_from(
    endpoints: list[WebhookEndpoint], limit: int, now: datetime
) -> Iterator[list[Claim]]:
    """Lease due deliveries of the locked endpoints. Deliveries in flight are counted again under the lock."""
    for endpoint in endpoints:
        if limit <= 0:
            return
        number = in_flight(now).filter(store=endpoint.store_id, endpoint=endpoint).count()
        claims = lease(endpoint, max_claims(endpoint, number), now)
        if claims:
            limit -= min(len(claims), MAX_IN_FLIGHT)
            yield claims


def max_claims(endpoint: WebhookEndpoint, in_flight: int) -> int:
    room = MAX_IN_FLIGHT - in_flight
    return MAX_CLAIMS if room == MAX_IN_FLIGHT and endpoint.failing_since is None else max(room, 0)


def lease(endpoint: WebhookEndpoint, number: int, now: datetime) -> list[Claim]:
    """Lease so many due deliveries of the endpoint, those first that are due for longest."""
    due = WebhookDelivery.objects.due(now).filter(store=endpoint.store_id, endpoint=endpoint)
    locked = due.select_for_update(skip_locked=True, no_key=True)
    deliveries = list(locked.order_by("next_attempt_at", "pk")[:number])
    # Without a join: after a burst of events, the planner expects one row and reads all events for each.
    events = Event.objects.for_store(endpoint.store_id).in_bulk(
        [delivery.event_id for delivery in deliveries]
    )
    token = uuid.uuid4()
    leased = WebhookDelivery.objects.filter(
        store=endpoint.store_id, pk__in=[delivery.pk for delivery in deliveries]
    )
    leased.update(leased_until=now + LEASE, lease_token=token)
    for delivery in deliveries:
        delivery.endpoint, delivery.event = endpoint, events[delivery.event_id]
        delivery.event.store = endpoint.store
    return [Claim(delivery, token) for delivery in deliveries]


def release(claims: Iterable[Claim]) -> None:
    """Give up leases of deliveries that were not sent, so that they are due again at once."""
    key = lambda claimed: (claimed.delivery.store_id, claimed.token)  # noqa: E731
    for (store_id, token), own in groupby(sorted(claims, key=key), key=key):
        leased = WebhookDelivery.objects.filter(
            store=store_id, lease_token=token, pk__in=[claimed.delivery.pk for claimed in own]
        )
        leased.update(leased_until=None, lease_token=None)
