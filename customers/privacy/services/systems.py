"""The API keys that may have read or written a customer's data."""

from __future__ import annotations

from django.db.models import Q

from customers.models import Customer
from stores.models import ApiKey
from stores.models.api_key import LAST_USED_PRECISION


def keys_that_reached(customer: Customer) -> list[ApiKey]:
    """Return the keys of the store, and those of administrators, that were used since the customer came.

    What a key reads is not recorded. The time of its last use is a minute old at most.
    """
    of_store = Q(store=customer.store_id) | Q(store=None)
    since = customer.created_at - LAST_USED_PRECISION
    return list(ApiKey.objects.filter(of_store, last_used_at__gte=since).order_by("id"))
