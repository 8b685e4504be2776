"""Measures the revenue thirds of every store in the background, so that nobody waits for them."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from django.db import Error, connection
from django.utils import timezone

from orders.models import RevenueThirds
from orders.segments import measure_thirds
from stores.models import Store

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
WORTH = 20  # of a large book, as many times as long as it took


def keep_measuring(stopping: threading.Event) -> None:
    """Until `stopping`. A database that is away is tried again next time."""
    pause = 0.0
    while not stopping.wait(pause):
        begun = time.monotonic()
        try:
            measure_old()
        except Error as error:
            logger.warning("revenue thirds could not be measured", exc_info=error)
        connection.close()
        pause = max(EVERY.total_seconds(), WORTH * (time.monotonic() - begun))


def measure_old() -> None:
    """Measures the stores that no other worker has measured meanwhile; one that cannot be keeps no other
    from it."""
    now = timezone.now()
    fresh = RevenueThirds.objects.filter(measured_at__gt=now - EVERY)
    for store in Store.objects.exclude(pk__in=fresh.values("store")).order_by("pk"):
        try:
            measure(store, now)
        except Error as error:
            if not connection.is_usable():
                raise
            logger.warning("revenue thirds of store %s not measured", store.pk, exc_info=error)


def measure(store: Store, now: datetime) -> None:
    (middle, high), customers = measure_thirds(store, now)
    measured = {"middle": middle, "high": high, "customers": customers}
    RevenueThirds.objects.update_or_create(
        store=store, defaults=measured | {"measured_at": timezone.now()}
    )
