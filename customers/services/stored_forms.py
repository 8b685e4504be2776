"""Compute anew what is stored of canonical forms, after their rules have changed.

Only rows whose form differs are written, so an interrupted run goes on where it stopped. No version changes and
no event is published: nothing changes that an API shows. A migration passes its own state of the models.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError, transaction

from customers.models import Tag as CurrentTag
from customers.services.editing import search_text
from stores.database.batches import each

logger = logging.getLogger(__name__)
BATCH_SIZE = 1_000


def renew_search_texts(customers: Any) -> int:
    """Renew `search_text` of all customers, each batch in its own transaction. Return how many changed."""
    changed = last = 0
    rows = customers.select_related("store").defer("notes").order_by("pk")
    rows = rows.select_for_update(of=("self",), no_key=True)
    while True:
        with transaction.atomic():
            batch = list(rows.filter(pk__gt=last)[:BATCH_SIZE])
            changed += _renew_batch(customers, batch)
        if len(batch) < BATCH_SIZE:
            return changed
        last = batch[-1].pk


def _renew_batch(customers: Any, batch: list[Any]) -> int:
    texts = {customer: search_text(customer) for customer in batch}
    stale = [customer for customer, text in texts.items() if customer.search_text != text]
    for customer in stale:
        customer.search_text = texts[customer]
    customers.bulk_update(stale, ["search_text"], batch_size=BATCH_SIZE // 4)
    return len(stale)


def renew_tag_keys(tags: Any) -> int:
    """Renew the keys of all tags. Return how many changed.

    Where two tags of a store are one word by now, the later one keeps its former key. It still shows on its
    customers and can be renamed or deleted; its name, when sent, is the earlier tag.
    """
    changed = 0
    for tag in each(tags.values("pk", "name", "key")):
        key = CurrentTag.key_of(tag["name"])
        if key and key != tag["key"]:
            changed += _renew_key(tags, tag["pk"], key)
    return changed


def _renew_key(tags: Any, pk: int, key: str) -> bool:
    try:
        with transaction.atomic():
            return bool(tags.filter(pk=pk).update(key=key))
    except IntegrityError:
        logger.warning("tag %s is the same word as another one of its store and keeps its key", pk)
        return False
