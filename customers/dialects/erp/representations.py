"""Turn rows of the read model, and figures, into the objects that this dialect answers."""

from __future__ import annotations

from typing import Any

from customers.api.paging import NumberedPage
from customers.api.times import seconds
from customers.money import money_number
from customers.reads import CUSTOMERS, Row, billing_address, default_address, display_name
from orders.models import CreditCheck
from orders.reads import ORDERS

COLUMNS = (
    "id",
    "uid",
    "name",
    "company",
    "email",
    "phone",
    "website",
    "payment_terms",
    "credit_limit",
    "account_balance",
    "customer_since",
    "is_active",
    "created_at",
    "updated_at",
)
ADDRESS_COLUMNS = (
    "role",
    "is_default",
    "line1",
    "line2",
    "city",
    "state",
    "state_code",
    "postcode",
    "country",
    "country_code",
)
CONTACT_COLUMNS = ("uid", "name", "title", "email", "phone", "is_primary", "created_at")
LIST_SPEC = CUSTOMERS.spec(COLUMNS, addresses=ADDRESS_COLUMNS)
DETAIL_SPEC = CUSTOMERS.spec(
    (
        *COLUMNS,
        "version",
        "fax",
        "tax_id",
        "currency",
        "discount_rate",
        "preferred_shipping",
        "total_spent",
        "order_count",
        "notes",
    ),
    addresses=ADDRESS_COLUMNS,
    contacts=CONTACT_COLUMNS,
)
ID_SPEC = CUSTOMERS.spec(("id",))
ORDER_SPEC = ORDERS.spec(
    (
        "uid",
        "number",
        "status",
        "placed_at",
        "shipped_at",
        "delivered_at",
        "total",
        "unit_count",
        "shipping_address",
    )
)
CONTACTS_SPEC = CUSTOMERS.spec(("uid",), contacts=CONTACT_COLUMNS)


def list_row(row: Row) -> dict[str, Any]:
    return {
        "id": customer_id(row["uid"]),
        "name": display_name(row) or None,
        "email": row["email"] or None,
        "phone": row["phone"] or None,
        "website": row["website"] or None,
        **addresses(row),
        "payment_terms": row["payment_terms"],
        "credit_limit": amount(row["credit_limit"]),
        "current_balance": amount(row["account_balance"]),
        "customer_since": seconds(row["customer_since"]),
        "is_active": row["is_active"],
        **dates(row),
    }


def customer(row: Row) -> dict[str, Any]:
    """Return the full object, as create, retrieve and update answer it."""
    return {
        "id": customer_id(row["uid"]),
        "name": display_name(row) or None,
        "email": row["email"] or None,
        "phone": row["phone"] or None,
        "fax": row["fax"] or None,
        "website": row["website"] or None,
        "tax_id": row["tax_id"] or None,
        **addresses(row),
        "contacts": [contact(contact_row) for contact_row in row["contacts"]],
        "payment_terms": row["payment_terms"],
        "currency": row["currency"],
        "credit_limit": amount(row["credit_limit"]),
        "current_balance": amount(row["account_balance"]),
        "discount_rate": amount(row["discount_rate"]),
        "preferred_shipping": row["preferred_shipping"] or None,
        "customer_since": seconds(row["customer_since"]),
        "lifetime_value": amount(row["total_spent"]),
        "total_orders": row["order_count"],
        "is_active": row["is_active"],
        "notes": row["notes"] or None,
        **dates(row),
    }


def customer_id(uid: Any) -> str:
    return f"cust_{uid.hex}"


def amount(value: Any) -> Any:
    return None if value is None else money_number(value)


def dates(row: Row) -> dict[str, Any]:
    return {"created_at": seconds(row["created_at"]), "updated_at": seconds(row["updated_at"])}


def addresses(row: Row) -> dict[str, Any]:
    """Return both addresses. Without a billing address, the shipping address stands for it."""
    delivery = default_address(row)
    billing = billing_address(row) or delivery
    return {
        "billing_address": billing and address(billing),
        "shipping_address": delivery and address(delivery),
    }


def address(address_row: Row) -> dict[str, Any]:
    line2 = {"line2": address_row["line2"]} if address_row["line2"] else {}
    return {
        "line1": address_row["line1"] or None,
        **line2,
        "city": address_row["city"] or None,
        "state": address_row["state_code"] or address_row["state"] or None,
        "postal_code": address_row["postcode"] or None,
        "country": address_row["country_code"] or address_row["country"] or None,
    }


def contact(row: Row) -> dict[str, Any]:
    """Return a contact as its customer contains it."""
    return {
        "id": f"cont_{row['uid'].hex}",
        "name": row["name"],
        "title": row["title"] or None,
        "email": row["email"] or None,
        "phone": row["phone"] or None,
        "is_primary": row["is_primary"],
    }


def full_contact(row: Row, customer_row: Row) -> dict[str, Any]:
    """Return a contact as its own calls answer it, with the id of its customer."""
    return {
        **contact(row),
        "customer_id": customer_id(customer_row["uid"]),
        "created_at": seconds(row["created_at"]),
    }


def order(row: Row) -> dict[str, Any]:
    address_row = row["shipping_address"]
    return {
        "id": f"so_{row['uid'].hex}",
        "order_number": row["number"],
        "status": row["status"],
        "order_date": seconds(row["placed_at"]),
        "ship_date": seconds(row["shipped_at"]),
        "delivery_date": seconds(row["delivered_at"]),
        "total_amount": amount(row["total"]),
        "items_count": amount(row["unit_count"]),
        "shipping_address": address_row and order_address(address_row),
    }


def order_address(address_row: Row) -> dict[str, Any]:
    """Return the address of an order. Contract: an absent country is left out, not null."""
    values = address(address_row)
    if not values["country"]:
        del values["country"]
    return values


def analytics(figures: Row) -> dict[str, Any]:
    customer_row = figures["customer"]
    return {
        "customer": {
            "id": customer_id(customer_row["uid"]),
            "name": display_name(customer_row) or None,
        },
        "overview": overview(figures["overview"]),
        "financial_summary": financial_summary(figures["finances"]),
        "order_history": [month(sales) for sales in figures["months"]],
        "top_products": [product(sales) for sales in figures["products"]],
        "customer_segment": figures["segment"],
        "risk_score": figures["risk"],
    }


def overview(figures: Row) -> dict[str, Any]:
    return {
        "lifetime_value": amount(figures["lifetime_value"]),
        "total_orders": figures["order_count"],
        "avg_order_value": amount(figures["average_order_value"]),
        "last_order_date": seconds(figures["last_order_at"]),
        "customer_since": seconds(figures["customer_since"]),
        "days_since_last_order": figures["days_since_last_order"],
    }


def financial_summary(figures: Row) -> dict[str, Any]:
    return {
        "total_revenue": amount(figures["revenue"]),
        "current_balance": amount(figures["account_balance"]),
        "credit_limit": amount(figures["credit_limit"]),
        "credit_utilization": amount(figures["credit_utilization"]),
        "avg_payment_days": figures["average_payment_days"],
    }


def month(sales: Row) -> dict[str, Any]:
    return {
        "month": sales["month"],
        "orders": sales["orders"],
        "revenue": amount(sales["revenue"]),
        "avg_order_value": amount(sales["average_order_value"]),
    }


def product(sales: Row) -> dict[str, Any]:
    return {
        "product_id": sales["product_id"],
        "product_name": sales["product_name"],
        "quantity_ordered": amount(sales["quantity"]),
        "revenue": amount(sales["revenue"]),
    }


def credit_check(check: CreditCheck) -> dict[str, Any]:
    return {
        "customer_id": customer_id(check.customer.uid),
        "credit_score": check.score,
        "credit_rating": check.rating,
        "recommended_credit_limit": amount(check.recommended_limit),
        "current_credit_limit": amount(check.current_limit),
        "risk_assessment": check.risk,
        "last_checked": seconds(check.created_at),
    }


def page(numbered_page: NumberedPage, rows: list[dict[str, Any]]) -> dict[str, Any]:
    meta = {
        "total": numbered_page.total,
        "page": numbered_page.number,
        "limit": numbered_page.size,
        "hasMore": numbered_page.has_more,
    }
    return {"data": rows, "meta": meta}
