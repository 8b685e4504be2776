"""What is known of a customer, as labels and words for the page that staff read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.admin import timeline
from customers.admin.sections import TERMS as FORM_TERMS
from customers.models import Customer
from customers.terms import NET_DAYS, days_of
from stores.admin.display import store_amount

PERSON = (
    "mobile",
    "fax",
    "website",
    "cc_email",
    "gender",
    "birth_date",
    "tax_id",
    "marketing_opt_in",
    "customer_since",
    "external_id",
    "source",
)
AMONG_THE_FIGURES = frozenset({"is_account_enabled", "credit_limit"})
TERMS = tuple(name for name in FORM_TERMS if name not in AMONG_THE_FIGURES)
AMOUNTS = frozenset({"minimum_charge_amount", "minimum_freight_amount"})
PERCENTS = frozenset({"discount_rate", "price_adjustment"})

Fact = tuple[str, str]


def facts(customer: Customer, names: tuple[str, ...]) -> list[Fact]:
    """Return label and text of each of these fields that has a value."""
    values = ((name, getattr(customer, name)) for name in names)
    return [
        (timeline.label(Customer, name), text(customer, name, value))
        for name, value in values
        if value not in (None, "", False)
    ]


TERMS_IN_WORDS = {
    "due_on_receipt": "on receipt",
    "cod": "cash on delivery",
    "prepaid": "before the delivery",
}


def terms_in_words(terms: str) -> str:
    if NET_DAYS.fullmatch(terms):
        days = days_of(terms)
        return f"{days} day{'' if days == 1 else 's'} after the order"
    return TERMS_IN_WORDS.get(terms, terms)


def text(customer: Customer, name: str, value: Any) -> str:
    if name in AMOUNTS:
        return store_amount(value, customer.store)
    if name in PERCENTS:
        return f"{value.normalize():f} %"
    if name == "payment_terms":
        return terms_in_words(value)
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATE_FORMAT")  # the time of day says nothing here
    return timeline.text(name, value)
