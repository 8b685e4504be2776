"""Estimate how many customers a search will find, much faster than the search itself."""

from __future__ import annotations

from typing import Any

from django.db import connections

from customers.models.customer import Customer
from customers.models.customer_queryset import Groups, grouped
from customers.models.customer_words import CustomerWordsQuerySet, full_text_query
from stores.database.plans import Plan

SQLITE_COUNT = "SELECT COUNT(*) FROM customers_search WHERE customers_search MATCH %s"


def estimated_matches(store_id: int, *terms: str, groups: Groups = ()) -> int:
    """Return about how many customers of all stores the search index has for these terms.

    PostgreSQL's planner estimates it from statistics. SQLite counts the rows of its index. On a distributed
    database each machine has an index and a planner of its own: the estimate is of the store's matches.
    """
    customers = Plan(Customer).live().search_indexed(*terms, groups=groups)
    connection = connections[customers.db]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return planned_rows(cursor, customers, store_id)
        cursor.execute(SQLITE_COUNT, [full_text_query(grouped(terms, groups))])
        return int(cursor.fetchone()[0])


def planned_words(rows: CustomerWordsQuerySet, most: int) -> int:
    """Return about how many of these rows there are, 0 where the planner does not say.

    SQLite's planner never does: it counts them, to one more than `most`.
    """
    connection = connections[rows.db]
    hits = rows.order_by().values("customer")
    if connection.vendor != "postgresql":
        return hits[: most + 1].count()
    with connection.cursor() as cursor:
        plan = explain(cursor, *hits.query.sql_with_params())
    return 0 if "Distributed Query" in plan else int(plan["Plan Rows"])


def planned_rows(cursor: Any, customers: Plan, store_id: int) -> int:
    plan = explain(cursor, *customers.sql("id"))
    if "Distributed Query" in plan:
        plan = remote_plan(explain(cursor, *customers.for_store(store_id).sql("id")))
    return int(plan["Plan Rows"])


def explain(cursor: Any, sql: str, params: Any) -> dict[str, Any]:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
    return plan


def remote_plan(plan: dict[str, Any]) -> dict[str, Any]:
    """Return the plan of the machine that a distributed plan sends its query to: its own rows are made up."""
    found: Any = plan["Distributed Query"]["Job"]["Tasks"][0]["Remote Plan"]
    while isinstance(found, list):
        found = found[0]
    remote: dict[str, Any] = found["Plan"]
    return remote
