"""What the worker does for privacy: it makes files with personal data, and carries out rules of retention."""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, connection

from customers.privacy.models import RetentionRule
from customers.privacy.services.data_exports import delete_expired_files
from customers.privacy.services.making_exports import make_waiting
from customers.privacy.services.retention.previewing import preview_stale
from customers.privacy.services.retention.running import carry_out_batch
from customers.privacy.services.retention.schedule import rules_at_work
from stores.models import Store

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0
SECONDS_BETWEEN_DELETIONS = 600.0


def make_files_forever(stopping: threading.Event) -> None:
    """Work until `stopping` is set. After a database error, try again in the next round."""
    deleted_at = float("-inf")
    while not stopping.wait(SECONDS_BETWEEN_ROUNDS):
        try:
            # First, or a file that cannot be made would keep the others from being deleted.
            if time.monotonic() - deleted_at > SECONDS_BETWEEN_DELETIONS:
                delete_expired_files()
                deleted_at = time.monotonic()
            make_waiting()
            retain_all(stopping)
        except Error as error:
            logger.warning("exports of personal data were not made", exc_info=error)
        connection.close()


def retain_all(stopping: threading.Event) -> None:
    """Preview the rules of all stores and carry out what is due, until `stopping` is set."""
    for store in stores_with_rules():
        preview_stale(store)
        for rule in rules_at_work(store):
            while not stopping.is_set() and carry_out_batch(rule):
                pass


def stores_with_rules() -> list[Store]:
    rules = RetentionRule.objects.order_by().values_list("store_id", flat=True)
    return list(Store.objects.filter(pk__in=set(rules)).order_by("pk"))
