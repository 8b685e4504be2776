"""What a search found, or that it took too long."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError

from config.admin.search.kinds import Found, Kind, Search, customer_row, kinds
from customers.matching.services.nearly_spelled import nearly_spelled
from customers.models import Customer
from orders.finding import NUMBER, UID
from stores.admin.base import TOO_LONG
from stores.database.connections import is_statement_timeout, without_prepared_statements
from stores.models import Store

LEAST_LETTERS = 2


def answer(search: Search) -> dict[str, Any]:
    """Return the kinds found; none, and that it took too long, when the database gave up."""
    found: list[Kind] = []
    near: list[Found] = []
    problem = ""
    if len(search.text) >= LEAST_LETTERS:
        try:
            with without_prepared_statements():
                found = kinds(search)
                near = [] if found else nearly_spelled_rows(search)
        except OperationalError as error:
            if not is_statement_timeout(error):
                raise
            problem = TOO_LONG
    return {"kinds": found, "near": near, "problem": problem}


def nearly_spelled_rows(search: Search) -> list[Found]:
    """Return customers who are spelled nearly so. A number of an order or an id is no name."""
    text = search.text.lower()
    if not search.may_see(Customer) or NUMBER.fullmatch(text) or UID.fullmatch(text):
        return []
    ids = search.scope.ids
    stores = (
        ids if ids is not None else list(Store.objects.order_by("pk").values_list("pk", flat=True))
    )
    return [customer_row(search, customer) for customer in nearly_spelled(search.text, stores)]
