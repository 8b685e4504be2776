"""Who gets the letters of a customer: the contact for bills, or else the customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from customers.models import Contact, Customer
from customers.models.customer_queryset import CustomerQuerySet
from stores.models import Store

BILLING_WORDS = ("billing", "accounts", "accounting", "bookkeep", "finance", "payable", "invoice")


def addresses_of(customers: Sequence[Customer]) -> dict[int, str]:
    """Return the e-mail addresses for letters of customers of one store, by their keys.

    It is that of the contact whose title names bills, such as Accounts payable; else the customer's; else that
    of the first contact. Without any it is blank.
    """
    contacts = defaultdict[int, list[Contact]](list)
    if customers:
        keys = [customer.pk for customer in customers]
        rows = Contact.objects.filter(store=customers[0].store_id, customer__in=keys, email__gt="")
        for contact in rows.order_by("-is_primary", "id"):
            contacts[contact.customer_id].append(contact)
    return {customer.pk: choose_address(customer, contacts[customer.pk]) for customer in customers}


def choose_address(customer: Customer, contacts: list[Contact]) -> str:
    for_bills = [contact.email for contact in contacts if is_for_bills(contact.title)]
    others = [contact.email for contact in contacts]
    return next(filter(None, (*for_bills, customer.email, *others)), "")


def is_for_bills(title: str) -> bool:
    return any(word in title.casefold() for word in BILLING_WORDS)


def address_of(customer: Customer) -> str:
    """Return the e-mail address for letters of one customer, as `addresses_of` does."""
    return addresses_of([customer])[customer.pk]


def may_get_letters(customers: CustomerQuerySet) -> CustomerQuerySet:
    """Return those who are not deleted, restricted, merged into another one or erased: both delete, too."""
    return customers.live().filter(restricted_at=None)


def owing_customers(store: Store) -> CustomerQuerySet:
    """Return the customers of a store who owe something and may get letters."""
    return may_get_letters(Customer.objects.for_store(store)).filter(account_balance__gt=0)


def with_address(customers: CustomerQuerySet, store: Store) -> CustomerQuerySet:
    """Return those of a store's customers that have an e-mail address for letters."""
    contacts = Contact.objects.filter(store=store, customer=OuterRef("pk"), email__gt="")
    return customers.filter(Q(email__gt="") | Exists(contacts))
