"""The floor's rows in the form of each dialect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson


def money(amount: Any) -> Any:
    whole = int(amount)
    return (
        whole if whole == amount else orjson.Fragment(f"{amount:.2f}")
    )  # stored with three places


def seconds(moment: Any) -> str | None:
    return moment and moment.isoformat()[:19] + "Z"


def milliseconds(moment: Any) -> str:
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def bakery_address(place: list[Any]) -> dict[str, Any]:
    street, street2, city, state, code, postcode, country, text, place_id, status = place[:10]
    return {
        "street": street or None,
        **({"street2": street2} if street2 else {}),
        "city": city or None,
        "state": code or state or None,
        "postcode": postcode or None,
        "country": country or None,
        "formatted_address": text or None,
        "latitude": place[10],
        "longitude": place[11],
        "place_id": place_id or None,
        "geocode_failed": status == "failed",
    }


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
        "createdAt": milliseconds(datetime.fromisoformat(place[12])),
        "updatedAt": milliseconds(datetime.fromisoformat(place[13])),
    }


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
        "items_count": money(units),
        "shipping_address": place
        and {
            "line1": place["line1"] or None,
            "city": place["city"] or None,
            "state": place["state_code"],
            "postal_code": place["postcode"] or None,
            "country": place["country_code"],
        },
    }
