from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from orders.admin.amounts import order_amount, order_number
from orders.admin.corrections import OrderCorrections
from orders.admin.customer_search import CustomerSearch
from orders.admin.filters import DueFilter, PlacedFilter, StateFilter
from orders.admin.forms import LineForm, Lines, OrderForm, PaymentForm, RefundForm
from orders.admin.new_order import NewOrderPage
from orders.models import Order, OrderLine, Payment
from orders.models.order import TRANSITIONS, PaymentStatus, Status
from orders.services.moving import move_order, update_order
from orders.services.paying import pay_order, refund_order
from stores.admin.base import ReadOnly, ScopedAdmin, ScopedFields
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.generic import AnyTabularInline
from stores.admin.paging import BoundedPaginator, LargeTableMixin, of_one_store
from stores.admin.tenancy import scope_of

NUMBER = re.compile(r"(?:SO-?)?(\d{4})-0*(\d{1,9})\Z", re.ASCII | re.IGNORECASE)
STATUS_KINDS = {Status.DELIVERED: "good", Status.CANCELLED: "quiet"}
PAYMENT_KINDS = {PaymentStatus.SUCCEEDED: "good", PaymentStatus.PARTIALLY_PAID: "warn"}


class LineInline(ScopedFields, AnyTabularInline):
    """The lines of an order: entered for a new one, read-only afterwards."""

    model = OrderLine
    form, formset = LineForm, Lines
    extra = 3
    can_delete = False
    fields = ["product_name", "product_id", "quantity", "unit_price", "discount_amount"]
    sums = ["units", "price", "discount", "line_total"]
    readonly_fields = sums

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.fields[:2], *self.sums] if obj else self.fields

    @admin.display(description="Quantity")
    def units(self, line: OrderLine) -> str:
        return f"{line.quantity.normalize():f}"

    @admin.display(description="Unit price")
    def price(self, line: OrderLine) -> str:
        return order_number(line.order, line.unit_price)

    @admin.display(description="Discount")
    def discount(self, line: OrderLine) -> str | None:
        return order_number(line.order, line.discount_amount) if line.discount_amount else None

    @admin.display(description="Total")
    def line_total(self, line: OrderLine) -> str:
        return order_amount(line.order, line.total)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None and request.user.has_perm("orders.add_order")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PaymentInline(ReadOnly, AnyTabularInline):
    model = Payment
    extra = 0
    fields = ["created_at", "kind", "paid", "method", "reason", "actor_name"]
    readonly_fields = ["paid"]
    ordering = ["id"]

    @admin.display(description="Amount")
    def paid(self, payment: Payment) -> str:
        return order_amount(payment.order, payment.amount)


@admin.register(Order)
class OrderAdmin(NewOrderPage, OrderCorrections, LargeTableMixin, CustomerSearch, ScopedAdmin):
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
    inlines = [LineInline, PaymentInline]
    facts = [
        "customer_link",
        "status_chip",
        "payment_chip",
        "placed_at",
        "due_on",
        "sums",
        "delivered_to",
        "external_id",
    ]

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
        return order_amount(order, order.due_amount) if order.due_amount else None

    # --- one order

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else [LineInline]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            amounts = ("shipping_amount", "discount_amount"), ("tax_rate", "tax_amount")
            fields = ["customer", "deliver_to", *amounts, "is_on_account", "external_id"]
            may_override = request.user.has_perm("orders.change_payment")
            return [(None, {"fields": [*fields, "override"] if may_override else fields})]
        return [(None, {"fields": [*self.facts, "merchant_note"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.facts if obj else []

    @admin.display(description="Customer")
    def customer_link(self, order: Order) -> SafeString:
        if order.customer.withdrawn_at:  # has no page any more
            return format_html("{} (deleted)", order.customer)
        url = reverse("admin:customers_customer_change", args=[order.customer_id])
        return format_html('<a href="{}">{}</a>', url, order.customer)

    @admin.display(description="Amounts")
    def sums(self, order: Order) -> str:
        parts = [
            f"{order_number(order, order.subtotal)} goods",
            f"− {order_number(order, order.discount_amount)} discount",
            f"+ {order_number(order, order.tax_amount)} tax",
            f"+ {order_number(order, order.shipping_amount)} shipping",
            f"= {order_amount(order, order.total)}; paid {order_number(order, order.paid_amount)}",
            f"refunded {order_number(order, order.refunded_amount)}",
            f"credited {order_number(order, order.credited_amount)}",
            f"owed on account {order_number(order, order.charged_amount)}",
        ]
        return " ".join(parts[:4]) + " " + ", ".join(parts[4:])

    @admin.display(description="Delivered to")
    def delivered_to(self, order: Order) -> str:
        return (order.shipping_address or {}).get("formatted") or "–"

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
        order = context.get("original")
        if order is None:
            context["sums"] = self.sums_of_new(context)
        elif order.withdrawn_at is None:
            may_move = request.user.has_perm("orders.change_order")
            may_pay = order.due_amount > 0
            may_refund = order.refundable_amount > 0
            context |= {
                "moves": [Status(move) for move in TRANSITIONS[order.status]] if may_move else [],
                "may_pay": may_pay and request.user.has_perm("orders.add_payment"),
                "may_refund": may_refund and request.user.has_perm("orders.change_payment"),
                **self.corrections(request, order),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # --- its buttons

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("move", require_POST(self.move), "orders.change_order"),
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
        form = RefundForm(request.POST or None, initial={"amount": order.refundable_amount})

        def change(data: dict[str, Any]) -> str:
            refund_order(order.as_queryset(), self.actor(request), data["amount"], data["reason"])
            return "The refund is recorded."

        title = "Refund"
        hint = f"Can be refunded: {order_amount(order, order.refundable_amount)}."
        return self.form_response(
            request, order, form, change, title=title, button=title, hint=hint
        )
