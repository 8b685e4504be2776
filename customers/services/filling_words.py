"""Fill the words of customers who have none: those of a book from before staff searched by them.

A migration passes its own state of the models. Only customers without words are read, so an interrupted run
goes on where it stopped.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from customers.services.customer_words import words_of
from customers.services.filling import batches_without, children_of

COLUMNS = ("pk", "store_id", "search_text", "fax", "cc_email", "tax_id", "external_id")
CONTACT_COLUMNS = ("name", "email", "phone")
ADDRESS_COLUMNS = (
    *("first_name", "last_name", "company", "line1", "line2", "city", "postcode", "phone"),
)


def fill_customer_words(models: Any) -> int:
    """Write the words of customers that are not withdrawn, a transaction for each batch. Return how many."""
    customers = models.get_model("customers", "Customer").objects.filter(withdrawn_at=None)
    regions = dict(models.get_model("stores", "Store").objects.values_list("pk", "country"))
    filled = 0
    for batch in batches_without(models, "CustomerWords", customers.values(*COLUMNS)):
        with transaction.atomic():
            _fill(models, batch, regions)
        filled += len(batch)
    return filled


def _fill(models: Any, batch: list[dict[str, Any]], regions: dict[int, str]) -> None:
    customers = [row["pk"] for row in batch]
    contacts = children_of(models, "Contact", customers, CONTACT_COLUMNS)
    addresses = children_of(models, "Address", customers, ADDRESS_COLUMNS)
    words_model = models.get_model("customers", "CustomerWords")
    rows = []
    for row in batch:
        whole = row | {"contacts": contacts[row["pk"]], "addresses": addresses[row["pk"]]}
        words = words_of(row["search_text"], whole, regions[row["store_id"]])
        rows.append(words_model(store_id=row["store_id"], customer_id=row["pk"], words=words))
    # Whoever was changed since the batch was read has words already.
    words_model.objects.bulk_create(rows, ignore_conflicts=True)
