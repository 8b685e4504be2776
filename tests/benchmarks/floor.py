"""The floor: the leanest Python server that answers the benchmark's calls with the same bytes.

It has no framework and no checks, but a pool of connections, handwritten prepared statements and orjson.
It looks up the key in every request, as any server must. Run `tests.benchmarks.floor:application` in gunicorn.
"""

from __future__ import annotations

import atexit
import hashlib
import os
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import orjson
from psycopg_pool import ConnectionPool

from tests.benchmarks import floor_cursors as cursors
from tests.benchmarks import floor_sql as sql
from tests.benchmarks.floor_analytics import customer_analytics
from tests.benchmarks.floor_shapes import (
    bakery_address,
    bakery_row,
    erp_order,
    money,
    seconds,
    storefront_row,
)

Rows = list[tuple[Any, ...]]


@cache
def pool() -> ConnectionPool:
    """Open the pool in the first request, and so after the fork."""
    opened = ConnectionPool(
        os.environ["DATABASE_URL"], min_size=4, max_size=8, kwargs={"autocommit": True}, open=True
    )
    atexit.register(opened.close)
    return opened


def ask(statement: str, *params: Any) -> Rows:
    with pool().connection() as connection:
        return connection.execute(statement, params, prepare=True).fetchall()


# --- the calls; `store` is the key's store, `path` follows the collection's prefix


def bakery_customer(store: int, path: str, query: dict[str, str]) -> Any:
    (row,) = ask(sql.BAKERY_ONE, store, path[5:])
    uid, first, last, name, email, phone, mobile, company, orders, spent, barred = row[:11]
    external, source, created, updated, tags, place = row[11:]
    contact = {"email": email or None, "phone": phone or None}
    if mobile:
        contact["mobile"] = mobile
    shown = {
        "id": f"cust_{uid.hex}",
        "first_name": first or None,
        "last_name": last or None,
        "full_name": name or None,
        "contact": contact,
        "company": company or None,
        "address": place and bakery_address(place),
        "tags": tags or [],
        "total_orders": orders,
        "total_spent": money(spent),
        "is_blacklisted": barred,
        "external_id": external or None,
        "source": source,
        "created_at": seconds(created),
        "dates": {"created": seconds(created), "updated": seconds(updated)},
    }
    return {"success": True, "data": shown}


def bakery_list(store: int, path: str, query: dict[str, str]) -> Any:
    size = int(query["limit"])
    if "search" in query:
        rows = search_rows(store, query["search"])
    elif "cursor" in query:
        created, pk = cursors.values(query["cursor"])
        rows = ask(sql.BAKERY_AFTER, store, created, pk)
    else:
        rows = ask(sql.BAKERY_FIRST, store)
    pagination: dict[str, Any] = {"limit": size, "has_more": len(rows) > size}
    if len(rows) > size or "cursor" in query:
        bound = cursors.binding(query.get("search"))
        ends = cursors.cursor(bound, 0, rows[size - 1]), cursors.cursor(bound, 1, rows[0])
        pagination["next_cursor"] = ends[0] if len(rows) > size else None
        pagination["prev_cursor"] = ends[1] if "cursor" in query else None
    return {
        "success": True,
        "data": [bakery_row(row) for row in rows[:size]],
        "pagination": pagination,
    }


def search_rows(store: int, text: str) -> Rows:
    """Search words in any order with the plan that a short scan favours, as the application does."""
    words = [f"%{word}%" for word in text.split()]
    for depth in (1_000, 20_000):
        rows = ask(sql.BAKERY_WALK, store, store, depth, words)
        if len(rows) == 51:
            return rows
        if len(rows) * 20_000 < 51 * depth:
            break
    with pool().connection() as connection:
        return connection.execute(
            sql.bakery_trigrams(len(words)), (store, *words), prepare=False
        ).fetchall()


def storefront_list(store: int, path: str, query: dict[str, str]) -> Any:
    limit, offset = int(query.get("limit", 50)), int(query.get("offset", 0))
    if "email" in query:
        rows = ask(sql.STOREFRONT_EMAIL, store, query["email"])
        total = len(rows)
    else:
        rows = ask(sql.STOREFRONT_SLICE, store, limit, offset)
        ((total,),) = ask(sql.COUNT, store)
    numbers = {
        "page": offset // limit + 1,
        "limit": limit,
        "total": total,
        "totalPages": -(-total // limit),
        "hasNext": offset + limit < total,
        "hasPrev": offset > 0,
    }
    items = [storefront_row(row) for row in rows]
    return {"items": items, "total": total, "limit": limit, "offset": offset, "pagination": numbers}


def erp_orders(store: int, path: str, query: dict[str, str]) -> Any:
    ((customer,),) = ask(sql.CUSTOMER_ID, store, path.split("/")[0][5:])
    rows = ask(sql.ORDERS, store, customer)
    total = len(rows) if len(rows) < 20 else ask(sql.ORDER_COUNT, store, customer)[0][0]
    meta = {"total": total, "page": 1, "limit": 20, "hasMore": total > 20}
    return {"data": [erp_order(row) for row in rows], "meta": meta}


def erp_analytics(store: int, path: str, query: dict[str, str]) -> Any:
    return customer_analytics(ask, store, path.split("/")[0][5:])


def bakery_create(store: int, body: bytes) -> Any:
    """Create customer, address and event in one transaction, and look up webhook endpoints."""
    said = orjson.loads(body)
    with pool().connection() as connection, connection.transaction():
        return sql.create(connection, store, said)


CALLS: tuple[tuple[str, str, Callable[[int, str, dict[str, str]], Any]], ...] = (
    ("/api/v1/customers/", "", bakery_customer),
    ("/api/v1/customers", "", bakery_list),
    ("/stores/", "/customers", storefront_list),
    ("/api/customers/", "/orders", erp_orders),
    ("/api/customers/", "/analytics", erp_analytics),
)


def application(environ: dict[str, Any], start_response: Callable) -> list[bytes]:
    key = environ["HTTP_AUTHORIZATION"][7:]
    ((store,),) = ask(sql.KEY, key[8:20], hashlib.sha256(key[21:].encode()).hexdigest())
    path, status = environ["PATH_INFO"], "200 OK"
    if environ["REQUEST_METHOD"] == "POST":
        status, data = "201 Created", bakery_create(store, environ["wsgi.input"].read())
    else:
        query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        prefix, call = next(
            (prefix, call)
            for prefix, end, call in CALLS
            if path.startswith(prefix) and path.endswith(end)
        )
        data = call(store, path[len(prefix) :], query)
    content = orjson.dumps(data)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    start_response(status, headers)
    return [content]
