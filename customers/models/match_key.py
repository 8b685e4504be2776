"""The keys by which duplicates are found. Services keep them in the transaction that changes the customer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from django.db import connections, models, router

from stores.models.base import TenantModel, TenantQuerySet
from stores.models.tenant_keys import TenantForeignKey

INSERT = "INSERT INTO customers_matchkey (store_id, hash, customer_id) VALUES (%s, %s, %s)"
NEXT_ROW = "(%s, %s, %s)"
# Pair by pair: no index finds the keys of a customer.
DELETE_ON_POSTGRESQL = (
    "DELETE FROM customers_matchkey USING unnest(%s::bigint[], %s::bigint[]) AS gone (hash, customer)"
    " WHERE store_id = %s AND customers_matchkey.hash = gone.hash AND customer_id = gone.customer"
)
DELETE_ON_SQLITE = (
    "DELETE FROM customers_matchkey WHERE rowid IN (SELECT k.rowid FROM json_each(%s) AS pair"
    " CROSS JOIN customers_matchkey k WHERE k.store_id = %s AND k.hash = json_extract(pair.value, '$[0]')"
    " AND k.customer_id = json_extract(pair.value, '$[1]'))"
)
# The store stands in each part: a distributed database then asks one machine only.
MEMBERS = (
    "SELECT * FROM (SELECT hash, customer_id FROM customers_matchkey"
    " WHERE store_id = %s AND hash = %s LIMIT %s) k"
)
# One text for any number of keys, so that the server prepares it once.
MEMBERS_ON_POSTGRESQL = (
    "SELECT wanted.hash, found.customer_id FROM unnest(%s::bigint[]) AS wanted (hash)"
    " CROSS JOIN LATERAL (SELECT customer_id FROM customers_matchkey"
    " WHERE store_id = %s AND hash = wanted.hash LIMIT %s) AS found"
)
MOST_PARTS = 100  # of one statement
MOST_ROWS = 10_000  # of one INSERT
AFTER_ON_POSTGRESQL = (
    "SELECT hash, customer_id FROM customers_matchkey"
    " WHERE store_id = %s AND hash = ANY(%s::bigint[]) AND customer_id > %s"
)
AFTER_ON_SQLITE = (
    "SELECT hash, customer_id FROM customers_matchkey"
    " WHERE store_id = %s AND hash IN (SELECT value FROM json_each(%s)) AND customer_id > %s"
)
COMMON = (
    "SELECT hash FROM customers_matchkey WHERE store_id = %s AND hash BETWEEN %s AND %s"
    " GROUP BY hash HAVING COUNT(*) > %s"
)
LEAST_HASH, MOST_HASH = -(2**63), 2**63 - 1


class MatchKeyQuerySet(TenantQuerySet["MatchKey"]):
    def insert_keys(self, store: int, pairs: Collection[tuple[int, int]]) -> None:
        """Insert keys, each with its customer, with few statements, faster than `bulk_create`."""
        ordered = sorted(pairs)  # so that two transactions insert in the same order
        for start in range(0, len(ordered), MOST_ROWS):
            part = ordered[start : start + MOST_ROWS]
            values = [value for pair in part for value in (store, *pair)]
            with connections[router.db_for_write(self.model)].cursor() as cursor:
                cursor.execute(", ".join([INSERT, *[NEXT_ROW] * (len(part) - 1)]), values)

    def delete_keys(self, store: int, pairs: Collection[tuple[int, int]]) -> None:
        """Delete keys, each of its customer."""
        connection = connections[router.db_for_write(self.model)]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                hashes, customers = [key for key, _ in pairs], [pk for _, pk in pairs]
                cursor.execute(DELETE_ON_POSTGRESQL, [hashes, customers, store])
            else:
                cursor.execute(DELETE_ON_SQLITE, [json.dumps(list(pairs)), store])

    def members(self, store: int, keys: Collection[int], limit: int) -> Iterator[tuple[int, int]]:
        """Yield each key and customer with it, at most `limit` customers of each key."""
        ordered = sorted(keys)
        if connections[self.db].vendor == "postgresql":
            with connections[self.db].cursor() as cursor:
                cursor.execute(MEMBERS_ON_POSTGRESQL, [ordered, store, limit])
                yield from cursor.fetchall()
            return
        for start in range(0, len(ordered), MOST_PARTS):
            part = ordered[start : start + MOST_PARTS]
            values = [value for key in part for value in (store, key, limit)]
            with connections[self.db].cursor() as cursor:
                cursor.execute(" UNION ALL ".join([MEMBERS] * len(part)), values)
                yield from cursor.fetchall()

    def members_after(
        self, store: int, keys: list[int], customer: int
    ) -> Iterator[tuple[int, int]]:
        """Yield each of many keys with every customer that has it and follows `customer`."""
        connection = connections[self.db]
        is_postgresql = connection.vendor == "postgresql"
        sql = AFTER_ON_POSTGRESQL if is_postgresql else AFTER_ON_SQLITE
        with connection.cursor() as cursor:
            # As text: the driver would write a list of ten thousand numbers number by number.
            text = "{" + ",".join(map(str, keys)) + "}" if is_postgresql else json.dumps(keys)
            cursor.execute(sql, [store, text, customer])
            yield from cursor.fetchall()

    def common_keys(self, store: int, most: int, parts: int) -> set[int]:
        """Return the keys that more than `most` customers have, found in `parts` statements."""
        step = 2**64 // parts
        starts = range(LEAST_HASH, MOST_HASH, step)
        keys: set[int] = set()
        with connections[self.db].cursor() as cursor:
            for start in starts:
                cursor.execute(COMMON, [store, start, min(start + step - 1, MOST_HASH), most])
                keys.update(key for (key,) in cursor.fetchall())
        return keys


class MatchKey(TenantModel):
    """One key of a customer's profile. Customers with a common key are compared."""

    # No id and no index of the customer: there are about fifteen rows a customer. Which they are follows from
    # the stored profile. Its foreign keys prove that store and customer exist: a proof for each of these rows
    # would take as long as their insert.
    pk = models.CompositePrimaryKey("store", "hash", "customer")
    store = models.ForeignKey(
        "stores.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    hash = models.BigIntegerField()
    customer = TenantForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    objects = MatchKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.hash)
