"""Find rows of each kind for one text, each kind within the person's stores and rights."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from customers.canonical import fold, searchable
from customers.models import Contact, Customer, Tag
from customers.models.customer_words import Words
from orders.finding import UID, find_customers, of_stores, words_of
from orders.models import Order
from orders.models.order import OrderQuerySet
from stores.admin.display import store_amount
from stores.admin.tenancy import Scope, scope_of

# The newest customers with these words. Those who have them in their own name or number come first.
MAX_CANDIDATES = 200
RIGHTS = ("view", "change")
NUMBER_PART = re.compile(r"so-?[0-9]{0,4}(?:-[0-9]{0,9})?|[0-9]{4}-[0-9]{0,9}")


@dataclass(frozen=True)
class Found:
    """A row that a search found: its name, what tells it apart, and its page."""

    name: str
    detail: str
    url: str


@dataclass(frozen=True)
class Kind:
    """The rows of one kind. `more` is the list that shows all of them, when there are more."""

    title: str
    rows: list[Found]
    more: str = ""


@dataclass(frozen=True)
class Search:
    """A text, the person who looks for it, and how many rows of a kind they want to see."""

    request: HttpRequest
    text: str
    most: int

    @property
    def scope(self) -> Scope:
        return scope_of(self.request)

    @property
    def words(self) -> Words:
        return words_of(self.text)

    def may_see(self, model: type[Any]) -> bool:
        return may_see(self.request, model)

    def detail(self, row: Any, *texts: str) -> str:
        """Return texts in one line, with the store for people who work in several."""
        store = [str(row.store)] if self.scope.has_several else []
        return " · ".join(dict.fromkeys(text for text in [*texts, *store] if text))


def may_see(request: HttpRequest, model: type[Any]) -> bool:
    names = (f"{model._meta.app_label}.{right}_{model._meta.model_name}" for right in RIGHTS)
    return any(map(request.user.has_perm, names))


def may_search(request: HttpRequest) -> bool:
    """Return whether the person may see rows of any kind."""
    return any(may_see(request, model) for model in (Customer, Order, Tag))


def kinds(search: Search) -> list[Kind]:
    """Return the kinds with at least one row that the person may see."""
    customers = candidates(search) if search.may_see(Customer) else []
    found: Iterable[tuple[type[Any], Callable[[], Kind]]] = (
        (Customer, lambda: customer_kind(search, customers)),
        (Order, lambda: order_kind(search, customers)),
        (Contact, lambda: contact_kind(search, customers)),
        (Tag, lambda: tag_kind(search)),
    )
    shown = [make() for model, make in found if search.may_see(model)]
    return [kind for kind in shown if kind.rows]


def candidates(search: Search) -> list[Customer]:
    """Return the newest live customers whom the text means, those with all words of their own first."""
    rows = of_stores(Customer.objects.live(), search.scope.ids).select_related("store")
    found = find_customers(rows, search.text, search.scope.ids).order_by("-id")
    words = search.words
    return sorted(found[:MAX_CANDIDATES], key=lambda row: not has_words(row.search_text, words))


def has_words(text: str, words: Words) -> bool:
    return all(any(term in text for term in word) for word in words)


def customer_kind(search: Search, customers: list[Customer]) -> Kind:
    rows = [customer_row(search, customer) for customer in customers[: search.most]]
    more = list_url("customers_customer", search) if len(customers) > search.most else ""
    return Kind("Customers", rows, more)


def customer_row(search: Search, customer: Customer) -> Found:
    texts = (customer.company, customer.phone or customer.mobile, customer.email)
    detail = search.detail(customer, *(text for text in texts if text != str(customer)))
    return Found(str(customer), detail, page_url(customer))


def order_kind(search: Search, customers: list[Customer]) -> Kind:
    rows = orders(search, customers).select_related("customer", "store").order_by("-id")
    found = list(rows[: search.most + 1])
    shown = [order_row(search, order) for order in found[: search.most]]
    more = list_url("orders_order", search) if len(found) > search.most else ""
    return Kind("Orders", shown, more)


def orders(search: Search, customers: list[Customer]) -> OrderQuerySet:
    """Return the orders with this number or id; for any other text those of the first customers found."""
    rows: OrderQuerySet = of_stores(Order.objects.visible(), search.scope.ids)
    text = fold(search.text)
    if uid := UID.fullmatch(text):
        return rows.filter(uid=uuid.UUID(uid[1]))
    if NUMBER_PART.fullmatch(text):
        return rows.matching(text)
    owners = customers[: search.most]
    stores = {customer.store_id for customer in owners}
    return rows.filter(store__in=stores, customer__in=[customer.pk for customer in owners])


def order_row(search: Search, order: Order) -> Found:
    total = store_amount(order.total, order.store)
    state = order.get_status_display()
    return Found(
        order.number, search.detail(order, str(order.customer), total, state), page_url(order)
    )


def contact_kind(search: Search, customers: list[Customer]) -> Kind:
    """Return the contacts of the customers found who have a word themselves, and all with their customer."""
    by_key = {customer.pk: customer for customer in customers}
    stores = {customer.store_id for customer in customers}
    rows = Contact.objects.filter(store__in=stores, customer__in=by_key).order_by("id")
    words = search.words
    found = []
    for contact in rows if by_key else ():
        customer = by_key[contact.customer_id]
        own = text_of_contact(contact)
        has_one = any(has_words(own, [word]) for word in words)
        if has_one and has_words(f"{own}\n{customer.search_text}", words):
            found.append(contact_row(search, contact, customer))
    return Kind("Contacts", found[: search.most])


def text_of_contact(contact: Contact) -> str:
    digits = "".join(filter(str.isdigit, contact.phone))
    return "\n".join([searchable(contact.name), searchable(contact.email), digits])


def contact_row(search: Search, contact: Contact, customer: Customer) -> Found:
    texts = (f"of {customer}", contact.title, contact.phone, contact.email)
    return Found(contact.name, search.detail(customer, *texts), page_url(customer))


def tag_kind(search: Search) -> Kind:
    rows = of_stores(Tag.objects.select_related("store"), search.scope.ids)
    found = list(rows.filter(key__contains=fold(search.text)).order_by("key")[: search.most + 1])
    shown = [tag_row(search, tag) for tag in found[: search.most]]
    more = list_url("customers_tag", search) if len(found) > search.most else ""
    return Kind("Tags", shown, more)


def tag_row(search: Search, tag: Tag) -> Found:
    url = reverse("admin:customers_customer_changelist")
    return Found(tag.name, search.detail(tag, "customers with this tag"), f"{url}?tag={tag.pk}")


def page_url(row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def list_url(model: str, search: Search) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode({'q': search.text})}"
