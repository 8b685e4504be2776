"""Measure the revenue thirds of every store in the background, so that no request waits for them."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import Error, connection
from django.utils import timezone

from orders.models import RevenueThirds
from orders.segments import measure_revenue_thirds
from stores.models import Store

logger = logging.getLogger(__name__)

MAX_AGE = timedelta(minutes=10)
PAUSE_FACTOR = 20  # the pause is at least so many times as long as the last run


def refresh_forever(stopping: threading.Event) -> None:
    """Refresh stale thirds until `stopping` is set. After a database error, try again next time."""
    pause = 0.0
    while not stopping.wait(pause):
        begun = time.monotonic()
        try:
            refresh_stale()
        except Error as error:
            logger.warning("revenue thirds could not be measured", exc_info=error)
        connection.close()
        pause = max(MAX_AGE.total_seconds(), PAUSE_FACTOR * (time.monotonic() - begun))


def refresh_stale() -> None:
    """Measure the stores that no worker has measured lately. A failure for one does not stop the others."""
    now = timezone.now()
    fresh = RevenueThirds.objects.filter(measured_at__gt=now - MAX_AGE)
    for store in Store.objects.exclude(pk__in=fresh.values("store")).order_by("pk"):
        try:
            measure(store, now)
        except Error as error:
            if not connection.is_usable():  # then the other stores would fail too
                raise
            logger.warning("revenue thirds of store %s not measured", store.pk, exc_info=error)


def measure(store: Store, now: datetime) -> None:
    (middle, high), customers = measure_revenue_thirds(store, now)
    measured = {"middle": middle, "high": high, "customers": customers}
    RevenueThirds.objects.update_or_create(
        store=store, defaults=measured | {"measured_at": timezone.now()}
    )
