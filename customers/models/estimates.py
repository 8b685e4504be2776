"""Estimate how many customers a search will find, much faster than the search itself."""

from __future__ import annotations

from django.db import connections

from customers.models.customer import Customer
from stores.database.plans import Plan

SQLITE_COUNT = "SELECT COUNT(*) FROM customers_search WHERE customers_search MATCH %s"


def estimated_matches(*terms: str) -> int:
    """Return about how many customers of all stores the search index has for any of these terms.

    PostgreSQL's planner estimates it from statistics. SQLite counts the rows of its index.
    """
    customers = Plan(Customer).live().search_indexed(*terms)
    connection = connections[customers.db]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql, params = customers.sql("id")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])
        # Quoted, so that no character of a term is an operator of the index's query language.
        phrases = ('"{}"'.format(term.replace('"', '""')) for term in terms)
        cursor.execute(SQLITE_COUNT, [" OR ".join(phrases)])
        return int(cursor.fetchone()[0])
