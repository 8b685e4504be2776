"""Fill an empty database for the benchmark: `python -m tests.benchmarks.load`.

Write a million customers, two fifths of them in one store, 1.3 million addresses, tags and 5 million orders.
The rows are the same each time, except for dates relative to today. Statistics and ledger agree with the
orders: `manage.py verify_ledger` passes. PostgreSQL needs a superuser:
foreign keys are disabled meanwhile.
"""

from __future__ import annotations

import argparse
import os
import random
from collections import Counter
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from tqdm import tqdm  # noqa: E402

from customers.canonical import name_sort_key  # noqa: E402
from customers.models import (  # noqa: E402
    Address,
    Charge,
    Customer,
    CustomerTag,
    CustomerWords,
    LedgerEntry,
    Tag,
)
from orders.models import DailySales, Order, OrderLine, Payment  # noqa: E402
from orders.models.year_sequence import OrderSequence  # noqa: E402
from orders.services import daily  # noqa: E402
from stores.models import Store  # noqa: E402
from tests.benchmarks import people  # noqa: E402
from tests.benchmarks.copying import NULL, Table, deferred_indexes, settle, text_of, uid_at  # noqa: E402

SHOPS, TAGS = 31, 12
BATCH = 20_000
MODELS = (
    *(Customer, CustomerWords, Address, CustomerTag),
    *(Order, OrderLine, Payment, LedgerEntry, Charge),
)
SPAN = timedelta(days=3 * 365)
SNAPSHOT = (
    '{"id": 1, "uid": "%s", "role": "delivery", "position": 0, "is_default": true, "label": "Shop", '
    '"first_name": "", "last_name": "", "company": "", "phone": "", "line1": "%s", "line2": "", '
    '"city": "%s", "state": "%s", "state_code": "%s", "postcode": "%s", "country": "Australia", '
    '"country_code": "AU", "external_id": null, "formatted": "", "place_id": "", "geocode_status": "", '
    '"geocoded_at": null, "created_at": "%s", "updated_at": "%s", "latitude": null, "longitude": null, '
    '"delivery_zone": null}'
)


class Book:
    """The rows of one load, in order of the customers' keys."""

    def __init__(self, customers: int) -> None:
        self.size, self.draw = customers, random.Random(6)
        self.end = timezone.now().replace(microsecond=0)
        self.start, self.step = self.end - SPAN, SPAN / customers
        self.stores = [create_store(number) for number in range(SHOPS)]
        self.tags = {store.pk: create_tags(store) for store in self.stores}
        self.sequences: Counter[tuple[int, int]] = Counter()
        self.orders_made = self.addresses_made = 0
        place = "line1", "city", "state", "state_code", "postcode"
        self.customers = Table(
            Customer, "id", "store_id", "uid", "name", "first_name", "last_name", "company", "email",
            "email_key", "phone", "phone_number", "phone_e164", "account_balance", "order_count",
            "orders_ever", "total_spent", "first_order_at", "last_order_at", "created_at",
            "updated_at", "customer_since", "search_text", "name_key",
            currency="AUD", phone_dial_code=61, is_account_enabled=True,
        )  # fmt: skip
        self.words = Table(CustomerWords, "store_id", "customer_id", "words")
        self.addresses = Table(
            Address, "id", "store_id", "customer_id", "uid", "role", "is_default", *place,
            "created_at", "updated_at", country="Australia", country_code="AU",
        )  # fmt: skip
        self.marks = Table(CustomerTag, "id", "store_id", "customer_id", "tag_id")
        self.orders = Table(
            Order, "id", "store_id", "customer_id", "uid", "year", "sequence", "number", "status",
            "payment_status", "subtotal", "total", "paid_amount", "charged_amount", "is_on_account",
            "unit_count", "due_on", "shipping_address", "placed_at", "paid_at", "shipped_at",
            "delivered_at", "cancelled_at", "created_at", "updated_at", currency="AUD",
        )  # fmt: skip
        self.order_lines = Table(
            OrderLine, "id", "store_id", "order_id", "uid", "product_id", "product_name",
            "quantity", "unit_price", "total",
        )  # fmt: skip
        self.payments = Table(
            Payment, "id", "store_id", "order_id", "uid", "amount", "created_at",
            method="card", actor_name="benchmark",
        )  # fmt: skip
        self.entries = Table(
            LedgerEntry, "id", "store_id", "customer_id", "uid", "amount", "balance_after",
            "order_uid", "created_at", account="house", reason="order", actor_name="benchmark",
        )  # fmt: skip
        self.charges = Table(
            Charge, "id", "store_id", "customer_id", "uid", "posted_at", "due_on", "amount",
            "open_amount", is_of_order=True,
        )  # fmt: skip
        self.tables = (
            self.customers, self.words, self.addresses, self.marks, self.orders,
            self.order_lines, self.payments, self.entries, self.charges,
        )  # fmt: skip

    def fill(self) -> None:
        for first in tqdm(range(0, self.size, BATCH), unit_scale=BATCH, unit=" customers"):
            for number in range(first, min(first + BATCH, self.size)):
                self.add_customer(number)
            for table in self.tables:
                table.flush()
        DailySales.objects.bulk_create(daily.totals(Order.objects.all()), batch_size=5000)
        OrderSequence.objects.bulk_create(
            OrderSequence(store_id=store, year=year, last=last)
            for (store, year), last in self.sequences.items()
        )

    def add_customer(self, number: int) -> None:
        pk, draw = number + 1, self.draw
        who = people.person(draw, number, self.size)
        store = self.store_of(number)
        came = self.start + number * self.step
        uid = uid_at(came, number)
        place = self.add_addresses(pk, store, came)
        for tag in sorted({int(draw.random() ** 2 * TAGS) for _ in range(draw.randrange(3))}):
            self.marks.add(pk * TAGS + tag, store, pk, self.tags[store][tag])
        figures = self.add_orders(number, store, came, place)
        name, national = f"{who.first} {who.last}", f"0{who.mobile}"
        lines = [name.lower(), who.company.lower(), who.email, f"61{who.mobile} {national}"]
        search_text = r"\n".join(line for line in lines if line)
        street, city, _, _, postcode = place
        words = r"\n".join([search_text, street.lower(), city.lower(), postcode])
        self.words.add(store, pk, words)
        self.customers.add(
            pk, store, uid, name, who.first, who.last, who.company, who.email, who.email, national,
            national, f"61{who.mobile}", *figures, came, came, came,
            search_text, text_of(name_sort_key(name)),
        )  # fmt: skip

    def store_of(self, number: int) -> int:
        """Return a customer's store: two fifths are in the first, and early stores have more."""
        if number % 5 < 2:
            return self.stores[0].pk
        return self.stores[1 + int(self.draw.random() ** 2 * (SHOPS - 1))].pk

    def add_addresses(self, customer: int, store: int, came: datetime) -> tuple[str, ...]:
        draw = self.draw
        street = f"{draw.randrange(1, 300)} {draw.choice(people.STREETS)} Street"
        place = (street, *draw.choice(people.CITIES))
        for role in ("delivery", "billing")[: 2 if customer % 10 < 3 else 1]:
            self.addresses_made += 1
            number, default = self.addresses_made, "t" if role == "delivery" else "f"
            uid = uid_at(came, number)
            self.addresses.add(number, store, customer, uid, role, default, *place, came, came)
        return place

    def add_orders(self, number: int, store: int, came: datetime, place: tuple[str, ...]) -> tuple:
        """Add some orders, and return the customer's columns for account and orders."""
        count, draw = people.orders_of(self.draw, number), self.draw
        kept = spent = owed = 0
        first = last = None
        for placed in sorted(came + (self.end - came) * draw.random() for _ in range(count)):
            cents, on_account = self.add_order(number + 1, store, placed, place, owed)
            if cents:
                kept, spent = kept + 1, spent + cents
                first, last = first or placed, placed
                owed += cents if on_account else 0
        return (amount(owed), kept, count, amount(spent), first or NULL, last or NULL)

    def add_order(
        self, customer: int, store: int, placed: datetime, place: tuple[str, ...], owed: int
    ) -> tuple[int, bool]:
        """Add an order of one product. Return its total in cents, 0 if cancelled, and whether it is unpaid."""
        self.orders_made += 1
        pk, draw = self.orders_made, self.draw
        uid, kind, price = uid_at(placed, pk), draw.random(), draw.randrange(300, 9900)
        quantity, product = draw.randrange(1, 9), int(draw.random() ** 2 * len(people.PRODUCTS))
        cancelled, on_account = kind < 0.05, kind > 0.97
        cents, total = price * quantity, amount(price * quantity)
        self.sequences[store, placed.year] += 1
        sequence = self.sequences[store, placed.year]
        paid, due = not cancelled and not on_account, (placed + timedelta(days=30)).date()
        snapshot = NULL
        if pk % 5 == 0:
            snapshot = SNAPSHOT % (uid, *place, placed.isoformat(), placed.isoformat())
        state = "cancelled" if cancelled else "delivered"
        self.orders.add(
            pk, store, customer, uid, placed.year, sequence, f"SO-{placed.year}-{sequence:04d}", state,
            "succeeded" if paid else "cancelled" if cancelled else "pending", total, total,
            total if paid else 0, total if on_account else 0, "t" if on_account else "f", quantity,
            due, snapshot, placed, placed if paid else NULL, *[NULL if cancelled else placed] * 2,
            placed if cancelled else NULL, placed, placed,
        )  # fmt: skip
        name = people.PRODUCTS[product]
        self.order_lines.add(
            pk,
            store,
            pk,
            uid_at(placed, pk),
            f"prod_{product}",
            name,
            quantity,
            amount(price),
            total,
        )
        if paid:
            self.payments.add(pk, store, pk, uid_at(placed, pk), total, placed)
        if on_account:
            after = amount(owed + cents)
            self.entries.add(pk, store, customer, uid_at(placed, pk), total, after, uid, placed)
            self.charges.add(pk, store, customer, uid, placed, due, total, total)
        return (0 if cancelled else cents), on_account


def amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def create_store(number: int) -> Store:
    name = "Large store" if number == 0 else f"Store {number}"
    return Store.objects.create(
        name=name, country="AU", currency="AUD", timezone="Australia/Sydney"
    )


def create_tags(store: Store) -> list[int]:
    tags = [Tag(store=store, name=f"Tag {n}", key=f"tag {n}") for n in range(TAGS)]
    return [tag.pk for tag in Tag.objects.bulk_create(tags)]


def load(customers: int) -> None:
    """Fill the database. Raise SystemExit when it has customers."""
    if Customer.objects.exists():
        raise SystemExit("There are customers in this database already: give me an empty one.")
    book = Book(customers)
    if connection.vendor == "postgresql":
        with deferred_indexes(MODELS):
            book.fill()
        settle(MODELS)
    else:
        with transaction.atomic():
            book.fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    load(parser.parse_args().customers)
