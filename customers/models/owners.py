"""Rows that belong to customers whom a request names by their ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from customers.models.customer import Customer
from stores.database.compiled import named_store


def of_customers(rows: Any, uids: Iterable[uuid.UUID]) -> Any:
    """Return the rows of one store that belong to these customers; an old id stands for the survivor."""
    customers = Customer.objects.filter(store=named_store(rows.query))
    survivor = Coalesce("merged_into", "id")
    owners = (Subquery(customers.filter(uid=uid).values_list(survivor)) for uid in uids)
    # Equalities, not one IN of all: the database then estimates a customer's rows, and takes their index.
    return rows.filter(reduce(or_, (Q(customer=owner) for owner in owners)))
