"""Actions on selected customers, or on all that a filter finds; services change each customer."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from customers.admin.bulk_changes import MAX_CUSTOMERS, for_each
from customers.admin.exports import csv_response, xlsx_response
from customers.admin.letter_actions import send_reminders, send_statements
from customers.exports.workbook import MOST_ROWS, fits_a_sheet
from customers.fields import CustomerFields
from customers.geocoding import seconds_between_requests
from customers.models import Address, Customer, CustomerTag, Tag
from customers.models.address import Role
from customers.models.bulk_run import BulkKind
from customers.models.customer_queryset import CustomerQuerySet
from customers.services import customers, tags
from customers.services.addresses import geocoding, pending
from stores.actors import Actor
from stores.admin.autocomplete import StoreSelect
from stores.errors import Conflict, Invalid

MAX_GEOCODED = 200
GEOCODE_SECONDS = 20  # of geocoding in one request; proxies wait for 30


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=500, help_text="Shown to everybody who opens one of these customers."
    )


class TagForm(forms.Form):
    tag = forms.ModelChoiceField(
        Tag.objects.none(),
        widget=StoreSelect(CustomerTag._meta.get_field("tag"), admin.site),
        help_text="Only customers of the tag's store are changed.",
    )

    def __init__(self, stores: set[int], *args: Any) -> None:
        super().__init__(*args)
        self.fields["tag"].queryset = Tag.objects.filter(store__in=stores)
        self.fields["tag"].widget.stores = stores


def action_form_page(
    page: Any, request: HttpRequest, selected: QuerySet[Customer], form: forms.Form, title: str
) -> TemplateResponse:
    """Return the page that asks for an action's tag or reason before the action runs."""
    number = selected.order_by()[: MAX_CUSTOMERS + 1].count()
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "form": form,
        "media": page.media + form.media,
        "opts": page.opts,
        "number": f"more than {MAX_CUSTOMERS}" if number > MAX_CUSTOMERS else number,
        "action": request.POST["action"],
        "select_across": request.POST.get("select_across", "0"),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/customers/customer/action_form.html", context)


def action_form_data(request: HttpRequest) -> Any:
    """Return what the page of `action_form_page` sent, or None when it has yet to be shown."""
    return request.POST if "confirmed" in request.POST else None


def stores_of(selected: QuerySet[Customer]) -> set[int]:
    """Return the ids of the stores of these customers, as far as an action reaches."""
    return set(selected.order_by()[: MAX_CUSTOMERS + 1].values_list("store_id", flat=True))


@admin.action(description="Add a tag", permissions=["change"])
def add_tag(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase | None:
    return with_tag(page, request, selected, "Add a tag", BulkKind.ADD_TAG, tags.add_tag)


@admin.action(description="Remove a tag", permissions=["change"])
def remove_tag(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase | None:
    return with_tag(page, request, selected, "Remove a tag", BulkKind.REMOVE_TAG, tags.remove_tag)


def with_tag(
    page: Any,
    request: HttpRequest,
    selected: QuerySet[Customer],
    title: str,
    kind: BulkKind,
    service: Any,
) -> HttpResponseBase | None:
    form = TagForm(stores_of(selected), action_form_data(request))
    if not form.is_valid():
        return action_form_page(page, request, selected, form, title)
    tag = form.cleaned_data["tag"]

    def change(customer: Customer, actor: Actor) -> bool:
        is_of_store = customer.store_id == tag.store_id
        return is_of_store and bool(service(customer.as_queryset().live(), actor, tag))

    for_each(page, request, selected, f"{kind.label} “{tag}”", change, kind=kind, tag=tag)
    return None


@admin.action(description="Bar from ordering", permissions=["change"])
def blacklist(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase | None:
    form = ReasonForm(action_form_data(request))
    if not form.is_valid():
        return action_form_page(page, request, selected, form, "Bar from ordering")
    fields: CustomerFields = {
        "is_blacklisted": True,
        "blacklist_reason": form.cleaned_data["reason"],
    }
    set_for_each(page, request, selected, BulkKind.BLACKLIST, fields)
    return None


@admin.action(description="Let order again", permissions=["change"])
def unblacklist(page: Any, request: HttpRequest, selected: QuerySet[Customer]) -> None:
    fields: CustomerFields = {"is_blacklisted": False, "blacklist_reason": ""}
    set_for_each(page, request, selected, BulkKind.UNBLACKLIST, fields)


@admin.action(description="Activate", permissions=["change"])
def activate(page: Any, request: HttpRequest, selected: QuerySet[Customer]) -> None:
    set_for_each(page, request, selected, BulkKind.ACTIVATE, {"is_active": True})


@admin.action(description="Suspend", permissions=["change"])
def suspend(page: Any, request: HttpRequest, selected: QuerySet[Customer]) -> None:
    set_for_each(page, request, selected, BulkKind.SUSPEND, {"is_active": False})


def set_for_each(
    page: Any,
    request: HttpRequest,
    selected: QuerySet[Customer],
    kind: BulkKind,
    fields: CustomerFields,
) -> None:
    def change(customer: Customer, actor: Actor) -> bool:
        row = customers.update_customer(customer.as_queryset(), actor, fields)
        return bool(row["version"] != customer.version)

    for_each(page, request, selected, kind.label, change, kind=kind)


@admin.action(description="Geocode the default address again", permissions=["change"])
def geocode(page: Any, request: HttpRequest, selected: QuerySet[Customer]) -> None:
    """Geocode as many as there is time for; the same selection continues with the others."""
    slots = geocode_slots()

    def change(customer: Customer, actor: Actor) -> bool:
        address = default_address(customer)
        if not next(slots, False):
            raise Conflict("no_time")
        geocode_and_save(address, actor)
        return True

    order = [F("asked_at").asc(nulls_first=True), "pk"]
    rows = with_asked_at(selected, MAX_GEOCODED)
    for_each(page, request, rows, "geocoded", change, MAX_GEOCODED, order)


def geocode_slots() -> Iterator[bool]:
    """Yield at once, then no faster than the provider permits, until the time is over."""
    until, pause = monotonic() + GEOCODE_SECONDS, seconds_between_requests()
    yield True
    while monotonic() + pause < until:
        sleep(pause)
        yield True


def with_asked_at(selected: QuerySet[Customer], most: int) -> CustomerQuerySet:
    """Annotate when the default address was last geocoded, for at most `most` + 1 customers."""
    addresses = Address.objects.filter(store=OuterRef("store"), customer=OuterRef("pk"))
    asked_at = addresses.filter(role=Role.DELIVERY, is_default=True).values("geocoded_at")
    few = selected.order_by("pk").values("pk")[: most + 1]
    return Customer.objects.filter(pk__in=few).annotate(asked_at=Subquery(asked_at))


def default_address(customer: Customer) -> Address:
    address = geocoding.default_address_of(customer.as_queryset())
    if address is None:
        raise Invalid("no_address")
    return address


def geocode_and_save(address: Address, actor: Actor) -> None:
    """Geocode an address. Raises DomainError when the geocoder does not know it."""
    if not pending.geocode_and_save(address, actor):
        raise Invalid("not_placed")


@admin.action(description="Restore", permissions=["restore"])
def restore(page: Any, request: HttpRequest, selected: QuerySet[Customer]) -> None:
    def change(customer: Customer, actor: Actor) -> bool:
        row = customers.restore_customer(customer.as_queryset(), actor)
        return bool(row["version"] != customer.version)

    for_each(page, request, selected, "restored", change, kind=BulkKind.RESTORE)


@admin.action(description="Export as CSV", permissions=["export"])
def export_csv(page: Any, request: HttpRequest, selected: QuerySet[Customer]) -> HttpResponseBase:
    return csv_response(selected.prefetch_related(None))


@admin.action(description="Export as CSV for programs", permissions=["export"])
def export_csv_for_programs(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase:
    """Export with the names of columns, which stay the same, in place of headings."""
    return csv_response(selected.prefetch_related(None), "name")


@admin.action(description="Export as XLSX", permissions=["export"])
def export_xlsx(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase | None:
    if not fits_a_sheet(selected):
        text = (
            f"A sheet holds at most {MOST_ROWS:,} customers, addresses or contacts. "
            "Export them as CSV, or select fewer."
        )
        page.message_user(request, text, messages.ERROR)
        return None
    return xlsx_response(selected.prefetch_related(None))


ACTIONS = [
    add_tag,
    remove_tag,
    blacklist,
    unblacklist,
    activate,
    suspend,
    geocode,
    restore,
    export_csv,
    export_csv_for_programs,
    export_xlsx,
    send_statements,
    send_reminders,
]
