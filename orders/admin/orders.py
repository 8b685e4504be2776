from __future__ import annotations

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from orders.admin import order_page
from orders.admin.amounts import order_amount
from orders.admin.corrections import OrderCorrections
from orders.admin.credit_notes import CreditNotePages
from orders.admin.customer_search import CustomerSearch
from orders.admin.filters import DueFilter, PlacedFilter, StateFilter
from orders.admin.forms import LineForm, Lines, OrderForm, PaymentForm, RefundForm
from orders.admin.new_order import NewOrderPage
from orders.admin.order_page import overdue_text
from orders.models import Order, OrderLine
from orders.models.order import TRANSITIONS, PaymentStatus, Status
from orders.services.moving import move_order, update_order
from orders.services.paying import pay_order, refund_order
from stores.admin.base import ScopedAdmin, ScopedFields
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import FinalForm
from stores.admin.generic import AnyTabularInline
from stores.admin.paging import BoundedPaginator, LargeTableMixin, of_one_store
from stores.admin.tenancy import scope_of

NUMBER = re.compile(r"(?:SO-?)?(\d{4})-0*(\d{1,9})\Z", re.ASCII | re.IGNORECASE)
STATUS_KINDS = {Status.CANCELLED: "quiet"}
PAYMENT_KINDS = {PaymentStatus.SUCCEEDED: "quiet", PaymentStatus.PARTIALLY_PAID: "warn"}
EDIT = "edit"


class LineInline(ScopedFields, AnyTabularInline):
    """The lines of a new order."""

    model = OrderLine
    form, formset = LineForm, Lines
    extra = 3
    can_delete = False
    fields = ["product_name", "product_id", "quantity", "unit_price", "discount_amount"]

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return request.user.has_perm("orders.add_order")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(
    NewOrderPage, OrderCorrections, CreditNotePages, LargeTableMixin, CustomerSearch, ScopedAdmin
):
    form = OrderForm
    change_form_template = "admin/orders/order/page.html"
    list_display = [
        "number",
        "customer",
        "status_chip",
        "payment_chip",
        "total_amount",
        "due",
        "due_on",
        "placed_at",
        "store",
    ]
    list_filter = [
        ("store", ScopedRelatedFilter),
        StateFilter,
        "payment_status",
        DueFilter,
        "is_on_account",
        PlacedFilter,
    ]
    day_parameters = frozenset({"placed_from", "placed_to"})
    usual_columns = (*list_display[:6], *list_display[7:])  # type: ignore[arg-type]  # names only
    list_select_related = ["customer", "store"]
    search_fields = ["number"]  # how it is searched: get_search_results
    search_help_text = (
        "A number such as SO-2025-17, or any part of the customer's name, e-mail or phone."
    )
    ordering = ["-id"]
    amounts = frozenset({"total"})
    date_hierarchy = "placed_at"
    list_per_page = 50
    paginator = BoundedPaginator
    autocomplete_fields = ["customer"]

    # --- the list

    def indexed_orderings(self, request: HttpRequest) -> set[str]:
        return {"number", "placed_at"}

    def ordering_for_filters(self, request: HttpRequest) -> list[str]:
        return ["due_on", "id"] if "due" in request.GET and of_one_store(request) else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if match := NUMBER.match(search_term.strip()):
            # with the stores, because the index of numbers begins with the store
            stores = scope_of(request).stores()
            year, sequence = map(int, match.groups())
            return queryset.filter(year=year, sequence=sequence, store__in=stores), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="Status", ordering="status")
    def status_chip(self, order: Order) -> SafeString:
        return chip(order.get_status_display(), kind=STATUS_KINDS.get(Status(order.status), ""))

    @admin.display(description="Payment", ordering="payment_status")
    def payment_chip(self, order: Order) -> SafeString:
        kind = PAYMENT_KINDS.get(PaymentStatus(order.payment_status), "")
        return chip(order.get_payment_status_display(), kind=kind)

    @admin.display(description="Total", ordering="total")
    def total_amount(self, order: Order) -> str:
        return order_amount(order, order.total)

    @admin.display(description="To be paid")
    def due(self, order: Order) -> str | None:
        if not order.due_amount:
            return None
        amount, overdue = order_amount(order, order.due_amount), overdue_text(order)
        return format_html('{}<span class="second bad">{}</span>', amount, overdue)

    # --- one order

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Show the order for reading; with `?edit=` in the URL, the form of its note."""
        order = self.get_object(request, object_id)
        if order is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_edit = EDIT in request.GET and self.has_change_permission(request, order)
        if request.method == "POST" or may_edit:
            return super().change_view(request, object_id, *args, **kwargs)
        if not self.has_view_or_change_permission(request, order):
            raise PermissionDenied
        return order_page.read(self, request, order)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [] if obj else [LineInline]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            amounts = ("shipping_amount", "discount_amount"), ("tax_rate", "tax_amount")
            fields = ["customer", "deliver_to", *amounts, "is_on_account", "external_id"]
            may_override = request.user.has_perm("orders.change_payment")
            return [(None, {"fields": [*fields, "override"] if may_override else fields})]
        return [(None, {"fields": ["merchant_note"]})]

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponseBase:
        """Return to the page for reading after a save."""
        self.message_user(request, "The order is saved.", messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse changes of orders that were deleted with their customer."""
        is_kept = obj is None or obj.withdrawn_at is None
        return is_kept and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Order, form: Any, change: bool) -> None:
        if change and "merchant_note" in form.changed_data:
            note = form.cleaned_data["merchant_note"]
            update_order(obj.as_queryset(), self.actor(request), merchant_note=note)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        context |= {"show_save_and_continue": False}
        if context.get("original") is None:
            context["sums"] = self.sums_of_new(context)
        return super().render_change_form(request, context, *args, **kwargs)

    def buttons(self, request: HttpRequest, order: Order) -> dict[str, Any]:
        """Return the buttons of the page of an order; an order that was deleted with its customer has none."""
        if order.withdrawn_at is not None:
            return {}
        may_move = request.user.has_perm("orders.change_order")
        moves = [Status(move) for move in TRANSITIONS[order.status]] if may_move else []
        may_refund = order.refundable_amount > 0
        return {
            "moves": [move for move in moves if move != Status.CANCELLED],
            "may_cancel": Status.CANCELLED in moves,
            "may_pay": order.due_amount > 0 and request.user.has_perm("orders.add_payment"),
            "may_refund": may_refund and request.user.has_perm("orders.change_payment"),
            **self.corrections(request, order),
        }

    # --- its buttons

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("move", require_POST(self.move), "orders.change_order"),
            self.button_path("cancel", self.cancel, "orders.change_order"),
            self.button_path("pay", self.pay, "orders.add_payment"),
            self.button_path("refund", self.refund, "orders.change_payment"),
            *super().get_urls(),
        ]

    def move(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        status = request.POST.get("status", "")
        if status not in Status.values:
            raise PermissionDenied

        def change() -> None:
            move_order(order.as_queryset(), self.actor(request), status)

        return self.button_response(
            request, order, f"The order is {Status(status).label.lower()} now.", change
        )

    def cancel(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            move_order(order.as_queryset(), self.actor(request), Status.CANCELLED)
            return f"{order} is cancelled."

        form = FinalForm(request.POST or None)
        title, hint = f"Cancel {order}", consequence(order)
        return self.form_response(
            request, order, form, change, title=title, button=title, hint=hint
        )

    def pay(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        form = PaymentForm(
            request.POST or None, initial={"amount": order.due_amount}, store=order.store
        )

        def change(data: dict[str, Any]) -> str:
            pay_order(
                order.as_queryset(),
                self.actor(request),
                data["amount"],
                data["method"],
                data["paid_on"],
            )
            return "The payment is recorded."

        title = "Record a payment"
        hint = f"Still to be paid: {order_amount(order, order.due_amount)}."
        return self.form_response(
            request, order, form, change, title=title, button=title, hint=hint
        )

    def refund(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        form = RefundForm(
            request.POST or None, initial={"amount": order.refundable_amount}, store=order.store
        )

        def change(data: dict[str, Any]) -> str:
            refund_order(order.as_queryset(), self.actor(request), *form.refund())
            return "The refund is recorded."

        title = "Refund"
        hint = f"Can be refunded: {order_amount(order, order.refundable_amount)}."
        return self.form_response(
            request, order, form, change, title=title, button=title, hint=hint
        )


def consequence(order: Order) -> str:
    """Return what cancelling an order does."""
    parts = ["A cancelled order cannot be opened again."]
    if order.charged_amount:
        amount = order_amount(order, order.charged_amount)
        parts.append(f"{amount} that is owed for it comes off the house account.")
    if order.refundable_amount:
        amount = order_amount(order, order.refundable_amount)
        parts.append(f"{amount} that was paid stays until you refund it.")
    return " ".join(parts)
