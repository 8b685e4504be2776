"""The limit: the leanest Python server that answers the benchmark's calls with the same bytes.

No framework and no checks; a pool of connections, prepared statements written by hand, orjson. It asks for
the key with every request, because somebody has to. Run it with gunicorn: `tests.benchmarks.floor:application`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import orjson
from psycopg_pool import ConnectionPool

from tests.benchmarks import floor_sql as sql

Rows = list[tuple[Any, ...]]


@cache
def pool() -> ConnectionPool:
    """Opened by the first request, and so after the fork."""
    return ConnectionPool(
        os.environ["DATABASE_URL"], min_size=4, max_size=8, kwargs={"autocommit": True}, open=True
    )


def ask(statement: str, *params: Any) -> Rows:
    with pool().connection() as connection:
        return connection.execute(statement, params, prepare=True).fetchall()


def money(amount: Any) -> Any:
    whole = int(amount)
    return whole if whole == amount else orjson.Fragment(str(amount))


def seconds(moment: Any) -> str | None:
    return moment and moment.isoformat()[:19] + "Z"


def milliseconds(moment: Any) -> str:
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


# --- the calls; `store` is the key's, `path` what stands behind the collection's prefix


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


def bakery_address(place: list[Any]) -> dict[str, Any]:
    street, street2, city, state, code, postcode, country, text, place_id, status = place
    return {
        "street": street or None,
        **({"street2": street2} if street2 else {}),
        "city": city or None,
        "state": code or state or None,
        "postcode": postcode or None,
        "country": country or None,
        "formatted_address": text or None,
        "latitude": None,
        "longitude": None,
        "place_id": place_id or None,
        "geocode_failed": status == "failed",
    }


def bakery_list(store: int, path: str, query: dict[str, str]) -> Any:
    size = int(query["limit"])
    if "search" in query:
        rows = searched(store, query["search"])
    elif "cursor" in query:
        created, pk = orjson.loads(sql.decoded(query["cursor"]))["v"]
        rows = ask(sql.BAKERY_AFTER, store, created, pk)
    else:
        rows = ask(sql.BAKERY_FIRST, store)
    pagination: dict[str, Any] = {"limit": size, "has_more": len(rows) > size}
    if len(rows) > size:
        last = rows[size - 1]
        pagination |= {"next_cursor": sql.encoded([last[11], last[13]]), "prev_cursor": None}
    return {
        "success": True,
        "data": [bakery_row(row) for row in rows[:size]],
        "pagination": pagination,
    }


def searched(store: int, text: str) -> Rows:
    """The better of two plans by a short walk, as the application chooses."""
    for depth in (1_000, 20_000):
        rows = ask(sql.BAKERY_WALK, store, store, depth, text)
        if len(rows) == 51:
            return rows
        if len(rows) * 20_000 < 51 * depth:
            break
    with pool().connection() as connection:
        return connection.execute(
            sql.BAKERY_TRIGRAMS, (store, f"%{text}%"), prepare=False
        ).fetchall()


def bakery_row(row: tuple[Any, ...]) -> dict[str, Any]:
    (
        uid,
        first,
        last,
        name,
        email,
        phone,
        company,
        orders,
        spent,
        barred,
        source,
        created,
        tags,
        _,
    ) = row
    return {
        "id": f"cust_{uid.hex}",
        "first_name": first or None,
        "last_name": last or None,
        "full_name": name or None,
        "email": email or None,
        "phone": phone or None,
        "company": company or None,
        "total_orders": orders,
        "total_spent": money(spent),
        "is_blacklisted": barred,
        "tags": tags or [],
        "created": seconds(created),
        "source": source,
    }


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


def storefront_row(row: tuple[Any, ...]) -> dict[str, Any]:
    uid, store_uid, email, name, phone, opted, created, updated, places = row
    shown = [storefront_address(place) for place in places or ()]
    return {
        "id": str(uid),
        "storeId": str(store_uid),
        "email": email or None,
        "name": name or None,
        "phone": phone or None,
        "marketingOptIn": opted,
        "defaultAddressId": next((place["id"] for place in shown if place["isDefault"]), None),
        "addresses": shown,
        "createdAt": milliseconds(created),
        "updatedAt": milliseconds(updated),
    }


def storefront_address(place: list[Any]) -> dict[str, Any]:
    uid, first, last, company, line1, line2, city, region, postcode, country, phone, default = (
        place[:12]
    )
    return {
        "id": uid,
        "firstName": first or None,
        "lastName": last or None,
        "company": company or None,
        "address1": line1,
        "address2": line2 or None,
        "city": city,
        "region": region or None,
        "postalCode": postcode,
        "country": country,
        "phone": phone or None,
        "isDefault": default,
        "createdAt": f"{place[12][:19]}.{(place[12][20:23] if place[12][19] == '.' else '').ljust(3, '0')}Z",
        "updatedAt": f"{place[13][:19]}.{(place[13][20:23] if place[13][19] == '.' else '').ljust(3, '0')}Z",
    }


def erp_orders(store: int, path: str, query: dict[str, str]) -> Any:
    ((customer,),) = ask(sql.CUSTOMER_ID, store, path.split("/")[0][5:])
    rows = ask(sql.ORDERS, store, customer)
    total = len(rows) if len(rows) < 20 else ask(sql.ORDER_COUNT, store, customer)[0][0]
    meta = {"total": total, "page": 1, "limit": 20, "hasMore": total > 20}
    return {"data": [erp_order(row) for row in rows], "meta": meta}


def erp_order(row: tuple[Any, ...]) -> dict[str, Any]:
    uid, number, status, placed, shipped, delivered, total, units, place = row
    return {
        "id": f"so_{uid.hex}",
        "order_number": number,
        "status": status,
        "order_date": seconds(placed),
        "ship_date": seconds(shipped),
        "delivery_date": seconds(delivered),
        "total_amount": money(total),
        "items_count": units,
        "shipping_address": place
        and {
            "line1": place["line1"] or None,
            "city": place["city"] or None,
            "state": place["state_code"],
            "postal_code": place["postcode"] or None,
            "country": place["country_code"],
        },
    }


def erp_analytics(store: int, path: str, query: dict[str, str]) -> Any:
    """The three queries that add up what the answer is made of; the answer is near enough."""
    ((customer,),) = ask(sql.CUSTOMER_ID, store, path.split("/")[0][5:])
    (figures,) = ask(sql.FIGURES, store, customer)
    months = ask(sql.MONTHS, store, customer)
    products = ask(sql.PRODUCTS, store, customer)
    return {
        "data": {
            "financial_summary": {"total_revenue": money(figures[0]), "figures": figures[2:]},
            "order_history": [
                {"month": f"{at:%Y-%m}", "orders": n, "revenue": money(revenue)}
                for at, n, revenue in months
            ],
            "top_products": [
                {
                    "product_id": pk,
                    "product_name": name,
                    "quantity_ordered": n,
                    "revenue": money(sum_),
                }
                for pk, name, n, sum_ in products
            ],
        }
    }


def bakery_create(store: int, body: bytes) -> Any:
    """Customer, address and event in one transaction; the deliveries' endpoints are looked for."""
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
