"""The floor's SQL statements, and the create, which needs a transaction of several."""

from __future__ import annotations

import uuid
from typing import Any

from psycopg.types.json import Jsonb

KEY = "SELECT store_id FROM stores_apikey WHERE key_id = %s AND secret_hash = %s AND revoked_at IS NULL"

_TAGS = (
    "(SELECT json_agg(t.name ORDER BY m.id) FROM customers_customertag m JOIN customers_tag t "
    "ON t.id = m.tag_id WHERE m.store_id = c.store_id AND m.customer_id = c.id)"
)
_OWN = "FROM customers_customer c WHERE c.store_id = %s AND c.deleted_at IS NULL"
BAKERY_ONE = f"""
SELECT c.uid, c.first_name, c.last_name, c.name, c.email, c.phone, c.mobile, c.company, c.order_count,
  c.total_spent, c.is_blacklisted, c.external_id, c.source, c.created_at, c.updated_at, {_TAGS},
  (SELECT json_build_array(a.line1, a.line2, a.city, a.state, a.state_code, a.postcode, a.country,
     a.formatted, a.place_id, a.geocode_status, trim_scale(a.latitude), trim_scale(a.longitude))
   FROM customers_address a WHERE a.store_id = c.store_id AND a.customer_id = c.id AND a.is_default)
{_OWN} AND c.uid = %s
"""
_BAKERY = f"""SELECT c.uid, c.first_name, c.last_name, c.name, c.email, c.phone, c.company, c.order_count,
  c.total_spent, c.is_blacklisted, c.source, c.created_at, {_TAGS}, c.id {_OWN}"""
_NEWEST = "ORDER BY c.created_at DESC, c.id DESC LIMIT 51"
BAKERY_FIRST = f"{_BAKERY} {_NEWEST}"
BAKERY_AFTER = f"{_BAKERY} AND (c.created_at, c.id) < (%s, %s) {_NEWEST}"
BAKERY_WALK = f"""{_BAKERY} AND c.created_at > COALESCE((SELECT created_at FROM customers_customer
  WHERE store_id = %s AND deleted_at IS NULL ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1),
  '-infinity') AND c.search_text LIKE ALL (%s) {_NEWEST}"""


def bakery_trigrams(words: int) -> str:
    """Return the search by the index of trigrams for this many words."""
    return (
        f"{_BAKERY} {'AND c.search_text LIKE %s ' * words}"
        "ORDER BY COALESCE(c.created_at, c.updated_at) DESC, c.id DESC LIMIT 51"
    )


_STOREFRONT = """
SELECT c.uid, s.uid, c.email, c.name, c.phone, c.marketing_opt_in, c.created_at, c.updated_at,
  (SELECT json_agg(json_build_array(a.uid, a.first_name, a.last_name, a.company, a.line1, a.line2, a.city,
     COALESCE(NULLIF(a.state_code, ''), a.state), a.postcode,
     COALESCE(NULLIF(a.country_code, ''), a.country), a.phone, a.is_default, a.created_at, a.updated_at)
     ORDER BY a.position, a.id)
   FROM customers_address a
   WHERE a.store_id = c.store_id AND a.customer_id = c.id AND a.role = 'delivery')
FROM customers_customer c JOIN stores_store s ON s.id = c.store_id
"""
STOREFRONT_EMAIL = (
    f"{_STOREFRONT} WHERE c.store_id = %s AND c.deleted_at IS NULL AND c.email_key = %s"
)
STOREFRONT_SLICE = f"""{_STOREFRONT} JOIN (SELECT id FROM customers_customer WHERE store_id = %s
  AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT %s OFFSET %s) page ON page.id = c.id
  ORDER BY c.created_at DESC, c.id DESC"""
COUNT = "SELECT count(*) FROM customers_customer WHERE store_id = %s AND deleted_at IS NULL"
CUSTOMER_ID = (
    "SELECT id FROM customers_customer WHERE store_id = %s AND uid = %s AND deleted_at IS NULL"
)
ORDERS = """SELECT uid, number, status, placed_at, shipped_at, delivered_at, total, unit_count,
  shipping_address FROM orders_order WHERE store_id = %s AND customer_id = %s AND withdrawn_at IS NULL
  ORDER BY placed_at DESC, id DESC LIMIT 20"""
ORDER_COUNT = """SELECT count(*) FROM orders_order
  WHERE store_id = %s AND customer_id = %s AND withdrawn_at IS NULL"""


# --- create: a copy of a row with some values replaced

SEARCH_ROWS = (
    "INSERT INTO customers_matchprofile (store_id, customer_id, text, is_compared) VALUES (%s, %s, %s, false)",
    "INSERT INTO customers_matchkey (store_id, customer_id, hash) SELECT %s, %s, unnest(%s::bigint[])",
    "INSERT INTO customers_customerwords (store_id, customer_id, words) VALUES (%s, %s, %s)",
)
_copies: dict[str, str] = {}


def copy_statement(connection: Any, table: str, own: tuple[str, ...]) -> str:
    """Return the INSERT … SELECT that copies the table's first row with these columns replaced."""
    if table not in _copies:
        found = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name "
            "NOT IN ('id') AND table_schema = 'public' ORDER BY ordinal_position",
            (table,),
        )
        names = [name for (name,) in found]
        values = [f"%({name})s" if name in own else name for name in names]
        _copies[table] = (
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} "
            f"WHERE id = (SELECT min(id) FROM {table}) RETURNING id"
        )
    return _copies[table]


def insert(connection: Any, table: str, **own: Any) -> int:
    return connection.execute(
        copy_statement(connection, table, tuple(own)), own, prepare=True
    ).fetchone()[0]


def add_search_rows(connection: Any, store: int, customer: int, texts: list[str]) -> None:
    """Insert what the search for duplicates and staff's search read: as many rows of the same sizes."""
    keys = [hash((customer, number)) for number in range(11)]
    for statement, values in zip(SEARCH_ROWS, (str(texts), keys, "\n".join(texts)), strict=True):
        connection.execute(statement, (store, customer, values), prepare=True)


def create(connection: Any, store: int, said: dict[str, Any]) -> Any:
    uid, contact = uuid.uuid4(), said["contact"]
    email = contact["email"]
    name = f"{said['first_name']} {said['last_name']}"
    text = f"{name}\n{email}".lower()
    customer = insert(
        connection, "customers_customer", store_id=store, uid=uid, name=name, email=email,
        first_name=said["first_name"], last_name=said["last_name"], email_key=email, search_text=text,
        phone=contact["phone"], order_count=0, orders_ever=0,
    )  # fmt: skip
    place = said["address"]
    insert(
        connection, "customers_address", store_id=store, customer_id=customer, uid=uuid.uuid4(),
        line1=place["street"], city=place["city"], state=place["state"],
    )  # fmt: skip
    add_search_rows(connection, store, customer, [name, email, contact["phone"], *place.values()])
    shown = {"id": f"cust_{uid.hex}", "full_name": name, "contact": contact, "address": place}
    connection.execute("SELECT pg_advisory_xact_lock(7103, %s::int)", (store,))
    connection.execute(
        "INSERT INTO stores_event (store_id, uid, type, customer_uid, subject_uid, version, changed, before, "
        "snapshot, actor_kind, actor_name, created_at) VALUES (%s, %s, 'customer.created', %s, %s, 1, '[]', "
        "'{}', %s, 'key', 'benchmark', now())",
        (store, uuid.uuid4(), uid, uid, Jsonb(shown)),
    )
    connection.execute(
        "SELECT id FROM stores_webhookendpoint WHERE store_id = %s AND is_active", (store,)
    ).fetchall()
    return {"success": True, "data": shown}
