"""The buttons of the customer page: each calls a service and returns to the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from customers.admin import actions
from customers.admin.customer_page import is_owed_after_deletion
from customers.admin.settling import SettlingButtons
from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from customers.services import customers
from orders.admin.forms import method_choices
from orders.services.accounts import post_entry
from orders.services.credit_checks import check_credit
from orders.services.paying_out import pay_out
from stores.actors import Actor
from stores.admin.display import points, store_amount
from stores.admin.number_fields import NumberField

CHARGE, SETTLE, PAY_OUT, GRANT, REDEEM = "charge", "settle", "pay_out", "grant", "redeem"
POSTINGS = {
    CHARGE: ("Charge: the customer owes this amount", Account.HOUSE, 1),
    SETTLE: ("Payment: the customer paid this amount", Account.HOUSE, -1),
    PAY_OUT: ("Pay out: the customer got this amount of the credit back", Account.HOUSE, 1),
    GRANT: ("Add points", Account.LOYALTY, 1),
    REDEEM: ("Redeem points", Account.LOYALTY, -1),
}


class PostingForm(forms.Form):
    what = forms.ChoiceField(widget=forms.RadioSelect, label="Kind")
    amount = NumberField(min_value=0)
    method = forms.ChoiceField(required=False, help_text="Of a payment, or of what is paid out.")
    reason = forms.CharField(
        max_length=500, help_text="Stays in the statement with your name and cannot be changed."
    )

    def __init__(self, customer: Customer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(what, POSTINGS[what][0]) for what in kinds(customer)]
        self.fields["method"].choices = method_choices(customer.store)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("method") and data.get("what") not in (SETTLE, PAY_OUT):
            self.add_error("method", "Only a payment, or what is paid out, has a method.")
        return data


class CustomerButtons(SettlingButtons):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        change, restore = "customers.change_customer", "customers.change_deletedcustomer"
        return [
            self.button_path("post", self.post, "customers.post_entry"),
            self.button_path("check", require_POST(self.score), "orders.add_creditcheck"),
            self.button_path("geocode", require_POST(self.geocode), change),
            self.button_path("restore", require_POST(self.restore), restore),
            *super().get_urls(),
        ]

    def post(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        if customer.deleted_at is not None and not is_owed_after_deletion(customer):
            raise PermissionDenied
        what = request.GET.get("what", kinds(customer)[0])
        form = PostingForm(customer, request.POST or None, initial={"what": what})
        hint = (
            f"Owed on account: {store_amount(customer.account_balance, customer.store)}"
            f" ({limit(customer)}). Points: {points(customer.loyalty_balance, customer.store)}."
        )

        def change(data: dict[str, Any]) -> str:
            entry = post(customer, self.actor(request), data)
            show = store_amount if entry.account == Account.HOUSE else points
            return f"Posted. The balance is now {show(entry.balance_after, customer.store)}."

        title = "Account and points"
        return self.form_response(
            request, customer, form, change, title=title, button="Post", hint=hint
        )

    def score(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        def change() -> None:
            check_credit(customer.as_queryset(), self.actor(request))

        return self.button_response(
            request, customer, "Credit checked. The factors are under Credit.", change
        )

    def restore(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        def change() -> None:
            customers.restore_customer(customer.as_queryset(), self.actor(request))

        return self.button_response(request, customer, "The customer is restored.", change)

    def geocode(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        def change() -> None:
            actions.geocode_and_save(actions.default_address(customer), self.actor(request))

        return self.button_response(
            request, customer, "The default address has coordinates now.", change
        )


def kinds(customer: Customer) -> list[str]:
    """Return the kinds of postings of a customer. To a deleted one only its credit is paid out."""
    if customer.deleted_at is not None:
        return [PAY_OUT]
    return [what for what in POSTINGS if what != PAY_OUT or customer.account_balance < 0]


def post(customer: Customer, actor: Actor, data: dict[str, Any]) -> LedgerEntry:
    target, amount = customer.as_queryset(), data["amount"]
    what, method, reason = data["what"], data["method"], data["reason"]
    if what == PAY_OUT:
        return pay_out(target, actor, amount, reason, method)
    _, account, sign = POSTINGS[what]
    return post_entry(target, actor, account, sign * amount, notes=reason, method=method)


def limit(customer: Customer) -> str:
    if not customer.is_account_enabled:
        return "no house account"
    if customer.credit_limit is None:
        return "no limit"
    return f"of {store_amount(customer.credit_limit, customer.store)}"


def require_live(customer: Customer) -> None:
    if customer.deleted_at is not None:
        raise PermissionDenied
