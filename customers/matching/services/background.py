"""Look for duplicates in the background: of customers who changed at once, of all customers every night."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from django.db import Error, connection
from django.utils import timezone

from customers.matching.models import MatchScan
from customers.matching.services.comparing import compare_customer
from customers.matching.services.scanning import scan_slices, start_scan
from customers.matching.services.statistics import frequencies_of
from customers.models import MatchProfile
from stores.models import Store

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
AT_A_TIME = 100  # customers of one store, so that a large import does not keep the others waiting
NIGHT = range(1, 5)  # hours of the store's own time
LEAST_AGE = timedelta(hours=20)  # of a scan, before the next one
ABANDONED = timedelta(minutes=5)  # without a slice: the process that scanned is gone


def compare_forever(stopping: threading.Event) -> None:
    """Compare until `stopping` is set. After a database error, try again next time."""
    while not stopping.wait(PAUSE_SECONDS):
        try:
            compare_waiting()
            scan_due(stopping)
        except Error as error:
            logger.warning("duplicates could not be looked for", exc_info=error)
        connection.close()


def compare_waiting() -> int:
    """Compare customers whose profile changed, some of each store. Return how many."""
    waiting = MatchProfile.objects.filter(is_compared=False)
    stores = Store.objects.filter(pk__in=set(waiting.column("store_id"))).order_by("pk")
    return sum(compare_waiting_of(store, AT_A_TIME) for store in stores)


def compare_waiting_of(store: Store, most: int | None = None) -> int:
    """Compare customers of a store whose profile changed. Return how many."""
    waiting = MatchProfile.objects.for_store(store).filter(is_compared=False)
    pks = list(waiting.order_by("customer_id").values_list("customer_id", flat=True)[:most])
    if pks:
        # Once for all of them: a small store's are counted at each call.
        book = frequencies_of(store)
        for pk in pks:
            compare_customer(store, pk, book)
    return len(pks)


def scan_due(stopping: threading.Event) -> None:
    """Scan the stores that are due, until `stopping` is set."""
    now = timezone.now()
    last = {scan.store_id: scan for scan in MatchScan.objects.all()}
    for store in Store.objects.order_by("pk"):
        if is_due(store, last.get(store.pk), now):
            for _ in scan_slices(store, start_scan(store)):
                compare_waiting()  # who was changed meanwhile does not wait for the end of the scan
                if stopping.is_set():
                    return


def is_due(store: Store, scan: MatchScan | None, now: datetime) -> bool:
    """Return whether a store was never scanned, its scan was abandoned, or it is night and a day has passed."""
    if scan is None:
        return True
    if scan.finished_at is None:
        return now - scan.updated_at > ABANDONED
    is_night = now.astimezone(store.tzinfo).hour in NIGHT
    return is_night and now - scan.started_at > LEAST_AGE
