"""Find customers as staff look for them: by any words of theirs in any order, by an order, or by an id."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from customers.canonical import search_digits
from customers.models import Customer, CustomerWords
from customers.models.customer_words import CustomerWordsQuerySet, Words, walk_for
from customers.models.estimates import planned_words
from customers.models.substring_search import search_terms
from orders.models import Order
from orders.models.order import OrderQuerySet
from stores.database.compiled import named_store
from stores.database.key_lists import in_keys
from stores.models import Store

WORD_ENDS = re.compile("[,;]")
UID = re.compile(r"(?:[a-z]+_)?([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
NUMBER = re.compile(r"(?:so-?)?([0-9]{4})-0*([0-9]{1,9})")
MANY = 20_000  # hits of words; more are so common that the first customers of any list have them
# Words are common when the planner expects so many hits, and so many of the newest customers have them.
LEAST_HITS, LEAST_IN_SAMPLE, SAMPLE = 5_000, 10, 1_000
KEY = re.compile("[0-9]{1,18}")  # every database takes such a number as a key


def find_customers(
    customers: QuerySet[Any], text: str, store_ids: tuple[int, ...] | None
) -> QuerySet[Any]:
    """Return those of the customers whom a text means. `store_ids` are the caller's stores, None for all.

    They have each of its words as a part of a name, company, e-mail, phone, address, tax id or external id, of
    their own or of a contact. A phone number is one word, however it is written. A text may also be an order's
    number or an id as pages and APIs show it. Who was merged stands for the survivor.
    """
    words = words_of(text)
    if not words:
        return customers.none()
    named_id = named_store(customers.query)
    ids = store_ids if named_id is None else (named_id,)
    keys = {*keys_of(customers, text.strip().lower(), ids)}
    rows = of_stores(CustomerWords.objects.all(), ids).having(words)
    if are_common(rows, words, ids):
        merged = merged_of(ids).filter(walk_for(words)).order_by()
        keys |= {*survivors_of([], text.strip().lower(), ids)}
        keys |= {*merged.values_list("merged_into", flat=True)[:MANY]}
        return customers.filter(walk_for(words) | in_keys("pk", keys))
    hits = rows.order_by().values_list("customer", flat=True)[: MANY + 1]
    # The keys are fetched first: in one query, the planner would often walk through all customers.
    keys_of_hits = list(hits)
    keys |= survivors_of(keys_of_hits, text.strip().lower(), ids)
    if len(keys_of_hits) <= MANY:
        return customers.filter(in_keys("pk", keys.union(keys_of_hits)))
    return customers.filter(walk_for(words) | in_keys("pk", keys))


def are_common(
    rows: CustomerWordsQuerySet, words: Words, store_ids: tuple[int, ...] | None
) -> bool:
    """Return whether so many customers have these words that it takes long to collect them.

    The planner's estimate is confirmed by the newest customers: a list begins with them.
    """
    if planned_words(rows, LEAST_HITS) <= LEAST_HITS:
        return False
    newest = of_stores(Customer.objects.live(), store_ids).order_by("-id")
    has_words = ExpressionWrapper(walk_for(words), output_field=BooleanField())
    sample = newest.annotate(has_words=has_words).values_list("has_words", flat=True)[:SAMPLE]
    return sum(map(bool, sample)) >= LEAST_IN_SAMPLE


def of_stores(rows: Any, store_ids: tuple[int, ...] | None) -> Any:
    """Return the rows of these stores; None means all stores."""
    if store_ids is None:
        return rows
    return (
        rows.filter(store=store_ids[0]) if len(store_ids) == 1 else rows.filter(store__in=store_ids)
    )


def words_of(text: str) -> Words:
    """Return the words of a text, each in its spellings, without those that nobody can see."""
    words = WORD_ENDS.sub(" ", text).split()
    texts = [text.strip()] if search_digits(text) else words
    return [terms for terms in map(search_terms, texts) if terms]


def keys_of(
    customers: QuerySet[Any], text: str, store_ids: tuple[int, ...] | None
) -> Iterator[int]:
    """Yield the keys of those of the customers who have this id, or an order with this id or number."""
    rows = customers.order_by()
    if KEY.fullmatch(text):
        yield from rows.filter(pk=int(text)).values_list("pk", flat=True)
    # Named even when they are all stores, because indexes of numbers and ids begin with the store.
    stores: Any = store_ids or Store.objects.order_by().values("pk")
    if uid := UID.fullmatch(text):
        found = rows.filter(store__in=stores, uid=uuid.UUID(uid[1]))
        yield from found.values_list("pk", flat=True)
    orders = orders_named(Order.objects.filter(store__in=stores), text)
    if orders is not None:
        owners = list(orders.values_list("customer", flat=True))
        yield from rows.filter(store__in=stores, pk__in=owners).values_list("pk", flat=True)


def survivors_of(hits: list[int], text: str, store_ids: tuple[int, ...] | None) -> set[int]:
    """Return the keys of those into whom customers with these keys, or with this id, were merged."""
    is_named = in_keys("pk", {*hits, int(text)} if KEY.fullmatch(text) else set(hits))
    if uid := UID.fullmatch(text):
        is_named |= Q(uid=uuid.UUID(uid[1]))
    merged = merged_of(store_ids).filter(is_named).order_by()
    return set(merged.values_list("merged_into", flat=True))


def merged_of(store_ids: tuple[int, ...] | None) -> Any:
    return of_stores(Customer.objects.exclude(merged_into=None), store_ids)


def orders_named(orders: OrderQuerySet, text: str) -> OrderQuerySet | None:
    """Return the orders with this number or id in small letters; None for any other text."""
    if number := NUMBER.fullmatch(text):
        year, sequence = map(int, number.groups())
        return orders.visible().filter(year=year, sequence=sequence)
    if uid := UID.fullmatch(text):
        return orders.visible().filter(uid=uuid.UUID(uid[1]))
    return None
