"""Choose the deliveries that a worker sends next, and keep other workers from sending them.

A claim is a lease of 30 seconds. If its result is not recorded by then (a crash, a lost database), the delivery
is due again. Claiming locks endpoints, not deliveries, so that all workers together never have more than two
deliveries in flight to one endpoint.
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

from stores.models import WebhookDelivery, WebhookEndpoint

LEASE = timedelta(seconds=30)
MAX_IN_FLIGHT = 2  # per endpoint


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker has leased, loaded with its event, the event's store and the endpoint."""

    delivery: WebhookDelivery
    token: uuid.UUID

    @property
    def endpoint(self) -> WebhookEndpoint:
        return self.delivery.endpoint

    @property
    def is_to_failing(self) -> bool:
        return self.endpoint.failing_since is not None


def claim(limit: int, *, failing: bool) -> list[Claim]:
    """Lease up to `limit` due deliveries to endpoints that are failing, or to those that are not.

    Endpoints take turns: the one served longest ago comes first. It costs one read when nothing is due.
    """
    now = timezone.now()
    if limit <= 0 or not (waiting := list(endpoints_by_last_served(now, failing)[:limit])):
        return []
    with transaction.atomic():
        locked = {
            endpoint.pk: endpoint
            for own in endpoints_by_store(waiting)
            for endpoint in own.select_for_update(skip_locked=True, no_key=True)
        }
        turns = [locked[pk] for _, pk in waiting if pk in locked]
        claims = list(claim_from(turns, limit, now))
        served = {(one.endpoint.store_id, one.endpoint.pk) for one in claims}
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
    """Return stores and ids of endpoints with something due and fewer than two deliveries in flight."""
    of_endpoint = {"store": OuterRef("store"), "endpoint": OuterRef("pk")}
    due = WebhookDelivery.objects.due(now).filter(**of_endpoint)
    flying = in_flight(now).filter(**of_endpoint).order_by().values("endpoint")
    counted = Coalesce(Subquery(flying.annotate(number=Count("pk")).values("number")), 0)
    return (
        WebhookEndpoint.objects.filter(Exists(due), failing_since__isnull=not failing)
        .annotate(flying=counted)
        .filter(flying__lt=MAX_IN_FLIGHT)
        .order_by(F("last_triggered_at").asc(nulls_first=True), "pk")
        .values_list("store_id", "pk")
    )


def in_flight(now: datetime) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.pending().filter(leased_until__gte=now)


def claim_from(endpoints: list[WebhookEndpoint], limit: int, now: datetime) -> Iterator[Claim]:
    """Lease due deliveries of the locked endpoints. Deliveries in flight are counted again under the lock."""
    for endpoint in endpoints:
        if limit <= 0:
            return
        own = in_flight(now).filter(store=endpoint.store_id, endpoint=endpoint)
        room = min(MAX_IN_FLIGHT - own.count(), limit)
        for delivery in due_deliveries_of(endpoint, now)[: max(room, 0)]:
            token = uuid.uuid4()
            if lease(delivery, token, now):
                delivery.endpoint = endpoint
                limit -= 1
                yield Claim(delivery, token)


def due_deliveries_of(endpoint: WebhookEndpoint, now: datetime) -> QuerySet[WebhookDelivery]:
    due = WebhookDelivery.objects.due(now).filter(store=endpoint.store_id, endpoint=endpoint)
    return (
        due.select_related("event__store")
        .order_by("next_attempt_at", "pk")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
    )


def lease(delivery: WebhookDelivery, token: uuid.UUID, now: datetime) -> bool:
    """Lease the delivery if no other worker has it. This conditional UPDATE alone would be enough."""
    still_due = WebhookDelivery.objects.due(now).filter(store=delivery.store_id, pk=delivery.pk)
    return bool(still_due.update(leased_until=now + LEASE, lease_token=token))
