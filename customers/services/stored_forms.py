"""Compute anew what is stored of canonical forms, after their rules have changed.

Only rows whose form differs are written, so an interrupted run goes on where it stopped. No version changes and
no event is published: nothing changes that an API shows. A migration passes its own state of the models.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError, connection, transaction

from customers.canonical import name_sort_key
from customers.models import Tag as CurrentTag
from customers.services.editing import search_text
from stores.database.batches import batches, each

logger = logging.getLogger(__name__)
BATCH_SIZE = 1_000
UPDATE_NAME_KEY = (
    "UPDATE customers_customer SET name_key = %s WHERE store_id = %s AND id = %s AND name_key = %s"
)


def renew_search_texts(customers: Any) -> int:
    """Renew `search_text` of all customers, each batch in its own transaction. Return how many changed."""
    changed = last = 0
    rows = customers.select_related("store").defer("notes").order_by("pk")
    while True:
        batch = list(rows.filter(pk__gt=last)[:BATCH_SIZE])
        with transaction.atomic():
            changed += sum(_renew_search_text(customers, customer) for customer in batch)
        if len(batch) < BATCH_SIZE:
            return changed
        last = batch[-1].pk


def _renew_search_text(customers: Any, customer: Any) -> bool:
    """Renew a text that differs. Whoever changed the customer since it was read has renewed it already."""
    text, former = search_text(customer), customer.search_text
    if text == former:
        return False
    # The condition takes the place of a lock. The store is named for a distributed database.
    rows = customers.filter(store=customer.store_id, pk=customer.pk, search_text=former)
    return bool(rows.update(search_text=text))


def renew_name_keys(customers: Any) -> int:
    """Renew `name_key` of all customers, each batch in its own transaction. Return how many changed."""
    changed = 0
    for batch in batches(customers.values("pk", "store_id", "name", "company", "name_key")):
        renewed = [(_name_key(row), row["store_id"], row["pk"], row["name_key"]) for row in batch]
        changed += _update_name_keys([row for row in renewed if row[0] != row[3]])
    return changed


def _name_key(row: dict[str, Any]) -> bytes:
    return name_sort_key(row["name"] or row["company"])


def _update_name_keys(rows: list[tuple[bytes, int, int, bytes]]) -> int:
    """Write new keys by store, id and former key. Whoever changed the name meanwhile has renewed its key."""
    if not rows:
        return 0
    # Sent together. The ORM would wait for each of them, and take five times as long.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(UPDATE_NAME_KEY, rows)
        count: int = cursor.rowcount
    return count


def renew_tag_keys(tags: Any) -> int:
    """Renew the keys of all tags. Return how many changed.

    Where two tags of a store are one word by now, the later one keeps its former key. It still shows on its
    customers and can be renamed or deleted; its name, when sent, is the earlier tag.
    """
    changed = 0
    for tag in each(tags.values("pk", "store_id", "name", "key")):
        key = CurrentTag.key_of(tag["name"])
        if key and key != tag["key"]:
            rows = tags.filter(store=tag["store_id"], pk=tag["pk"])
            changed += _renew_key(rows, tag["pk"], key)
    return changed


def _renew_key(rows: Any, pk: int, key: str) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.update(key=key))
    except IntegrityError:
        logger.warning("tag %s is the same word as another one of its store and keeps its key", pk)
        return False
