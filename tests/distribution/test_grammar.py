"""The grammar itself: it refuses what was seen to fail on Citus, and takes what was seen to work."""

from __future__ import annotations

import pytest

from tests.distribution.grammar import (
    GROUP,
    JOIN,
    LOCK,
    READ,
    REFERENCE_LOCK,
    REFERENCE_SUBQUERY,
    REFERENCE_WRITE,
    SETS_STORE,
    WRITE,
    Fault,
    faults,
    faults_of_no_row,
)

CHILDREN = """
    SELECT customers_customer.id,
    (SELECT JSONB_AGG(JSONB_BUILD_ARRAY(U0.id, U1.name)) FROM customers_customertag U0
     INNER JOIN customers_tag U1 ON (U0.tag_id = U1.id {join})
     WHERE (U0.customer_id = (customers_customer.id) AND U0.store_id = ({store}))) AS tags_json
    FROM customers_customer
"""
PAGE = """
    (SELECT ids.*, ROW_NUMBER() OVER () AS place FROM
     (SELECT id FROM customers_customer WHERE store_id = %s ORDER BY name LIMIT 50) ids) page
"""
SAME_STORE = "AND (U1.store_id = (U0.store_id))"

# Each is a statement that the project made, and what Citus did with it.
FAILED = {
    "a join on the id alone": (
        "SELECT a.id FROM customers_address a LEFT OUTER JOIN stores_deliveryzone z"
        " ON (a.delivery_zone_id = z.id) WHERE (a.store_id = %s AND a.customer_id = %s)",
        {(READ, "stores_deliveryzone"), (JOIN, "stores_deliveryzone")},
    ),
    "a group of a key alone": (
        "SELECT l.order_id AS o, SUM(n.quantity) AS q FROM orders_orderline l LEFT OUTER JOIN"
        " orders_creditnoteline n ON (l.id = n.line_id AND (n.store_id = (l.store_id)))"
        " WHERE l.store_id = %s GROUP BY l.id",
        {(GROUP, "orders_orderline")},
    ),
    "a join in a child": (
        CHILDREN.format(join="", store="%s") + "WHERE store_id = %s AND id = %s",
        {(READ, "customers_tag"), (JOIN, "customers_tag")},
    ),
    "save() of all columns": (
        "UPDATE customers_address SET store_id = %s, line1 = %s WHERE customers_address.id = %s",
        {
            (READ, "customers_address"),
            (WRITE, "customers_address"),
            (SETS_STORE, "customers_address"),
        },
    ),
    "save() of some columns": (
        "UPDATE orders_order SET total = %s WHERE orders_order.id = %s",
        {(READ, "orders_order"), (WRITE, "orders_order")},
    ),
    "delete()": (
        "DELETE FROM customers_tag WHERE customers_tag.id IN (%s)",
        {(READ, "customers_tag"), (WRITE, "customers_tag")},
    ),
    "an administrator's lock": (
        "SELECT c.id FROM customers_customer c INNER JOIN stores_store s ON (c.store_id = s.id)"
        " WHERE (c.deleted_at IS NULL AND c.uid = %s) LIMIT 1 FOR NO KEY UPDATE OF c",
        {(READ, "customers_customer"), (LOCK, "customers_customer")},
    ),
    "a lock of two stores' rows": (
        "SELECT id FROM customers_customer WHERE store_id IN (%s, %s) FOR UPDATE",
        {(LOCK, "customers_customer")},
    ),
    "what is due, for the worker": (
        "SELECT e.id FROM stores_webhookendpoint e WHERE EXISTS(SELECT 1 AS a FROM stores_webhookdelivery U0"
        " WHERE (U0.status = %s AND U0.endpoint_id = (e.id)) LIMIT 1)",
        {
            (READ, "stores_webhookendpoint"),
            (READ, "stores_webhookdelivery"),
            (JOIN, "stores_webhookdelivery"),
        },
    ),
    "the oldest row of each store": (
        "SELECT s.id, (SELECT U0.created_at FROM customers_customer U0 WHERE U0.store_id = (s.id)"
        " ORDER BY 1 LIMIT 1) AS oldest FROM stores_store s",
        {(READ, "customers_customer"), (REFERENCE_SUBQUERY, "stores_store")},
    ),
    "the lock of a store": (
        "SELECT id FROM stores_store WHERE id = %s FOR NO KEY UPDATE",
        {(REFERENCE_LOCK, "stores_store")},
    ),
    "the lock of a login": (
        "SELECT * FROM customers_loginemail WHERE customer_id = %s FOR UPDATE",
        {(REFERENCE_LOCK, "customers_loginemail")},
    ),
    "a page joined by its ids": (
        CHILDREN.format(join=SAME_STORE, store="%s")
        + f"INNER JOIN {PAGE} ON page.id = customers_customer.id ORDER BY page.place",
        {(READ, "customers_customer"), (JOIN, "customers_customer")},
    ),
    "children of the outer row's store": (
        CHILDREN.format(join=SAME_STORE, store="customers_customer.store_id")
        + "WHERE store_id = %s AND id = %s",
        {(READ, "customers_customertag"), (READ, "customers_tag")},
    ),
    "a store in one half of an OR": (
        "SELECT id FROM orders_order WHERE (store_id = %s AND uid = %s) OR number = %s",
        {(READ, "orders_order")},
    ),
}
WORKED = {
    "children and page": CHILDREN.format(join=SAME_STORE, store="%s")
    + f"CROSS JOIN {PAGE} WHERE page.id = customers_customer.id AND customers_customer.store_id = %s",
    "a chain of joins": "SELECT 1 FROM orders_payment p"
    " INNER JOIN orders_order o ON (p.order_id = o.id AND (o.store_id = (p.store_id)))"
    " INNER JOIN customers_customer c ON (o.customer_id = c.id AND (c.store_id = (o.store_id)))"
    " WHERE p.store_id = %s FOR UPDATE OF p",
    "a store's value in any order": "SELECT 1 FROM customers_tag WHERE %s = store_id AND key = %s",
    "several stores read": "SELECT 1 FROM customers_customer WHERE store_id IN (%s, %s, %s)",
    "EXISTS": "SELECT 1 FROM customers_customer c WHERE c.store_id = %s AND NOT EXISTS"
    "(SELECT 1 FROM orders_order o WHERE o.store_id = c.store_id AND o.customer_id = c.id)",
    "IN": "DELETE FROM customers_tag WHERE store_id = %s AND id IN"
    " (SELECT tag_id FROM customers_customertag U0 WHERE U0.store_id = %s)",
    "a count": "SELECT COUNT(*) FROM (SELECT id FROM orders_order WHERE store_id = %s LIMIT 9) found",
    "a plan": "EXPLAIN (FORMAT JSON) SELECT id FROM customers_customer WHERE store_id = %s",
    "tables of no store": "SELECT k.id FROM stores_apikey k LEFT JOIN stores_store s ON k.store_id = s.id",
    "new rows": "INSERT INTO customers_tag (store_id, name) VALUES (%s, %s), (%s, %s)",
}


@pytest.mark.parametrize(("sql", "expected"), FAILED.values(), ids=FAILED)
def test_what_fails_on_citus_is_a_fault(sql: str, expected: set[tuple[str, str]]) -> None:
    assert {(fault.rule, fault.table) for fault in faults(sql)} == expected


@pytest.mark.parametrize("sql", WORKED.values(), ids=WORKED)
def test_what_works_on_citus_is_none(sql: str) -> None:
    assert faults(sql) == ()


def test_a_change_of_a_reference_table_has_to_find_a_row() -> None:
    """Ask first: on Citus even a DELETE of nothing locks the table."""
    sql = 'DELETE FROM "customers_loginemail" WHERE "customers_loginemail"."customer_id" = %s'
    assert faults(sql) == ()
    assert faults_of_no_row(sql) == (Fault(REFERENCE_WRITE, "customers_loginemail"),)
    assert faults_of_no_row(sql.replace("customers_loginemail", "customers_tag")) == ()


def test_an_administrators_joins_are_of_one_store_each() -> None:
    """All machines are asked, which is slow; but each can answer for its own stores."""
    sql = CHILDREN.format(join=SAME_STORE, store="customers_customer.store_id") + "WHERE uid = %s"
    assert {fault.rule for fault in faults(sql)} == {READ}
