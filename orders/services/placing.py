"""Place an order: number, lines, totals, address, due date, account and statistics in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from customers.models import Address, Customer
from customers.models.customer_queryset import LIVE, CustomerQuerySet
from customers.reads import (
    ADDRESSES,
    CUSTOMERS,
    Row,
    default_address,
    delivery_addresses,
    full_customer_row,
    get_customer_row,
)
from customers.services.editing import Edit, RowEdit, editing_survivor
from customers.terms import days_of
from orders.models import Order, OrderLine, OrderSequence
from orders.services import daily
from orders.services.editing import post, publish_event
from orders.services.external_ids import refuse_repeated
from orders.services.house_account import HouseAccount
from orders.services.lines import Item, build_lines
from orders.services.numbering import next_number
from orders.services.payment_state import payment_status, update_payment_state
from orders.services.statistics import count_placed
from orders.services.totals import require_in_range, totals
from stores.actors import Actor
from stores.database.updates import CompiledUpdate
from stores.errors import Conflict, Invalid

ADDRESSES_SPEC = CUSTOMERS.spec(("id",), addresses=ADDRESSES.columns)
ZERO = Decimal(0)
NEXT_NUMBER = CompiledUpdate(OrderSequence, "year", last=F("last") + 1)


def place_order(
    target: CustomerQuerySet,
    actor: Actor,
    items: list[Item],
    *,
    shipping_address_uid: uuid.UUID | None = None,
    shipping_amount: Decimal = ZERO,
    tax_amount: Decimal = ZERO,
    discount_amount: Decimal = ZERO,
    on_account: bool = False,
    external_id: str = "",
    override: str = "",
    placed_at: datetime | None = None,
) -> Row:
    """Create an order of the live customer that `target` names, or into which it was merged. Return its row.

    Items are dicts of a line's columns. `override` is why a manager lets a customer on hold buy on account.
    Raises NotFound; Invalid naming the field (`items.0.quantity`, `shipping_address`, `total`, …); Conflict
    `blacklisted`, `already_placed`, `order_id_taken`, and on account those of `holds` and `accounts.post`.
    """
    amounts = {
        "shipping_amount": shipping_amount,
        "tax_amount": tax_amount,
        "discount_amount": discount_amount,
    }
    with editing_survivor(target, actor, LIVE) as edit:
        if (customer := edit.customer).is_blacklisted:
            raise Conflict("blacklisted")
        order = Order(store=customer.store, customer=customer, currency=customer.store.currency)
        lines = build_lines(items, order.currency)
        amounts |= totals(lines, amounts, order.currency)
        order_edit, order.external_id = RowEdit(order), external_id
        order.placed_at = placed_at or timezone.now()
        order.shipping_address = address_snapshot(customer, shipping_address_uid)
        assign_amounts(order, amounts, lines)
        refuse_repeated(order, lines, shipping_address_uid, on_account=on_account)
        # Locks from here on, always in this order: number of the year, day of the store, store.
        if on_account:
            charge(edit, order, override)
        save(order, lines)
        count_placed(customer, order)
        require_in_range(customer.total_spent)
        daily.apply_change(order, before=daily.NO_CONTRIBUTION)
        all_values = dict.fromkeys([*order_edit.changed_values(), "lines"])
        return publish_event(edit, "order.created", order, all_values)


# --- amounts, day, due date, number


def assign_amounts(order: Order, amounts: dict[str, Decimal], lines: list[OrderLine]) -> None:
    for name, amount in amounts.items():
        setattr(order, name, amount)
    order.unit_count = sum((line.quantity for line in lines), ZERO)
    order.payment_status = payment_status(order)
    order.paid_at = None if order.due_amount else order.placed_at
    # From the terms of this day. The customer's terms may change later, the order's due day does not.
    order.due_on = due_date(order.customer.payment_terms, order_day(order))


def order_day(order: Order) -> date:
    """Return the day of the order in the store's time zone."""
    return timezone.localdate(order.placed_at, order.store.tzinfo)


def due_date(terms: str, day: date) -> date:
    """Return the due day: `net_<days>` after the day of the order, with all other terms the same day."""
    return day + timedelta(days=days_of(terms))


def assign_number(order: Order) -> None:
    """Set the next number of the store's year."""
    order.year = order_day(order).year
    order.sequence = next_number(NEXT_NUMBER, order.store_id, order.year)
    order.number = f"SO-{order.year}-{order.sequence:03}"


# --- address, account, rows


def address_snapshot(customer: Customer, uid: uuid.UUID | None) -> Row | None:
    """Return the delivery address with this uid, or for None the default one, if there is one.

    A merge leaves addresses with the merged customer whose places the survivor has already. Their ids go on
    working, too. Raises Invalid `unknown_id`.
    """
    # The row that the read model gives, as events and answers show it, not the model.
    row = get_customer_row(customer.store, ADDRESSES_SPEC, id=customer.pk)
    if uid is None:
        return default_address(row)
    for address in (*delivery_addresses(row), *merged_addresses(customer, uid)):
        if address["uid"] == uid:
            return address
    raise Invalid("unknown_id", "shipping_address")


def merged_addresses(customer: Customer, uid: uuid.UUID) -> Iterator[Row]:
    """Yield the addresses of the customer who has the one with this uid, and was merged into this one."""
    addresses = Address.objects.filter(store=customer.store_id, uid=uid)
    for pk in addresses.filter(customer__merged_into=customer).values_list("customer", flat=True):
        yield from delivery_addresses(full_customer_row(customer.store_id, pk))


def charge(edit: Edit, order: Order, override: str) -> None:
    """Charge the total to the customer's account. A free order posts nothing: entries are never zero."""
    order.is_on_account, order.merchant_note = True, override
    if order.total:
        account = HouseAccount(edit)
        post(account, order, order.total, "order", override=override)
        update_payment_state(order, account)  # an earlier overpayment may pay it at once


def save(order: Order, lines: list[OrderLine]) -> None:
    """Insert the order and its lines."""
    assign_number(order)  # as late as possible: other orders of the store wait for it
    order.insert()
    for line in lines:
        line.store, line.order = order.store, order
    OrderLine.objects.bulk_create(lines)
