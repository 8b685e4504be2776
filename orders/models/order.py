from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F, Q
from django.db.models.functions import Round
from django.utils import timezone

from customers.canonical import fold
from customers.models import Customer
from customers.models.money import money
from orders.models.numbers import NUMBER, YEAR, beginning, span
from orders.models.year_sequence import OrderSequence
from stores.database.compiled import BindParam, named_store
from stores.database.plans import plannable
from stores.models.base import ALL_STORES_INDEX_CONDITION, TenantModel, TenantQuerySet, new_uid
from stores.models.tenant_keys import TenantForeignKey

SUBTOTAL, DISCOUNT = F("subtotal"), F("discount_amount")
TAX, SHIPPING = F("tax_amount"), F("shipping_amount")
NET = F("total") - F("refunded_amount") - F("credited_amount")  # the revenue of an order


def exact_amount(amount: Any) -> Round:
    """Return the amount with three places: SQLite computes in binary fractions, where 0.1 + 0.2 is not 0.3."""
    field = DecimalField(max_digits=15, decimal_places=3)
    return Round(ExpressionWrapper(amount, output_field=field), precision=3)


class Status(models.TextChoices):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


# The statuses that may follow each status: one step forward, or cancelled before it is shipped.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    Status.PENDING: (Status.CONFIRMED, Status.CANCELLED),
    Status.CONFIRMED: (Status.PROCESSING, Status.CANCELLED),
    Status.PROCESSING: (Status.SHIPPED, Status.CANCELLED),
    Status.SHIPPED: (Status.DELIVERED,),
    Status.DELIVERED: (),
    Status.CANCELLED: (),
}


class PaymentStatus(models.TextChoices):
    PENDING = "pending", "Not paid"
    PARTIALLY_PAID = "partially_paid", "Partly paid"
    SUCCEEDED = "succeeded", "Paid"
    PARTIALLY_REFUNDED = "partially_refunded", "Partly refunded"
    REFUNDED = "refunded", "Refunded"
    CANCELLED = "cancelled"


ON_ACCOUNT = "on_account"
"""The method that is no payment: it puts the amount on the customer's account."""


class OrderQuerySet(TenantQuerySet["Order"]):
    @plannable
    def of_customer(self, pk: int | BindParam) -> OrderQuerySet:
        return self.filter(customer=pk)

    @plannable
    def visible(self) -> OrderQuerySet:
        """Return orders that an API may show: not those that were deleted with their customer."""
        return self.filter(withdrawn_at=None)

    def having_external_id(self, external_id: str) -> OrderQuerySet:
        """Return the orders with this external id; none for a blank one."""
        # The second condition follows from the first. With it, the database uses the index.
        return self.filter(external_id=external_id, external_id__gt="")

    def counting(self) -> OrderQuerySet:
        """Return orders that count in statistics."""
        return self.exclude(status=Status.CANCELLED)

    def matching(self, text: str) -> OrderQuerySet:
        """Return orders by the beginning of their number, or by a part of their customer's e-mail.

        The number may be written as `SO-20`, `SO-2026-17`, `2026-17` or, for all years, `17`. Case and
        accents make no difference.
        """
        term = fold(text)
        # Ranges of year and sequence instead of LIKE on the number, so that the unique key serves as index.
        if year := YEAR.fullmatch(term):
            return self.filter(year__range=span(year[1], 4))
        if number := NUMBER.fullmatch(term):
            return self.filter(beginning(number[2]), year=number[1])
        store = named_store(self.query)
        customers = Customer.objects.for_store(store).email_contains(text)
        by_email = self.filter(customer__in=customers)
        if not (term.isascii() and term.isdecimal()):
            return by_email if term else self.none()
        # A union, because each part has an index of its own; with OR the database would read all orders.
        years = OrderSequence.objects.for_store(store).order_by().values("year").distinct()
        by_number = self.filter(beginning(term), year__in=years)
        keys = by_number.order_by().values("pk").union(by_email.order_by().values("pk"))
        return self.filter(pk__in=keys)


class Order(TenantModel):
    """An order of a customer, with names, prices and address as they were on that day."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="orders"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    sequence = models.PositiveIntegerField(editable=False)
    number = models.CharField(max_length=30, editable=False, help_text="SO-<year>-<sequence>.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    payment_status = models.CharField(
        max_length=20, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )

    currency = models.CharField(max_length=3)
    subtotal = money()
    discount_amount = money(default=0)
    tax_amount = money(default=0)
    shipping_amount = money(default=0)
    total = money()
    paid_amount = money(default=0)
    refunded_amount = money(default=0, help_text="Of what was paid, what was given back.")
    credited_amount = money(default=0, help_text="Of what was owed, what a credit note took off.")
    charged_amount = money(default=0, help_text="Of what is owed, what is on the account.")
    unit_count = models.DecimalField(max_digits=13, decimal_places=3, default=0)
    is_on_account = models.BooleanField("on account", default=False)
    # Kept: later changes of the customer's payment terms do not move it.
    due_on = models.DateField(null=True, help_text="From the payment terms of the day.")

    # Contract of storefront: a snapshot, so that later edits of the address do not change the order.
    shipping_address = models.JSONField(
        null=True, encoder=DjangoJSONEncoder, help_text="The address as it was when ordered."
    )
    merchant_note = models.TextField("note", max_length=5000, blank=True)
    external_id = models.CharField(max_length=255, blank=True)
    has_repeated_external_id = models.BooleanField(
        default=False,
        editable=False,
        help_text="Another order had its external id already, before these were unique.",
    )

    placed_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True, help_text="When it was paid in full.")
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # When the order was deleted with its customer: no API shows it again.
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="order_uid_once"),
            models.UniqueConstraint(fields=["store", "year", "sequence"], name="order_number_once"),
            models.UniqueConstraint(
                fields=["store", "external_id"],
                name="order_external_id_once",
                condition=Q(external_id__gt="", has_repeated_external_id=False, withdrawn_at=None),
            ),
            models.CheckConstraint(
                condition=Q(
                    subtotal__gte=0,
                    discount_amount__gte=0,
                    tax_amount__gte=0,
                    shipping_amount__gte=0,
                    total__gte=0,
                ),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(total=exact_amount(SUBTOTAL - DISCOUNT + TAX + SHIPPING)),
                name="order_total_adds_up",  # on every path: statistics and accounts rely on it
            ),
            models.CheckConstraint(
                condition=Q(paid_amount__gte=0, refunded_amount__gte=0)
                & Q(refunded_amount__lte=F("paid_amount"))
                & Q(credited_amount__gte=0)
                & Q(paid_amount__lte=exact_amount(F("total") - F("credited_amount"))),
                name="order_paid_within_total",
            ),
            models.CheckConstraint(
                condition=Q(charged_amount__gte=0)
                & Q(
                    charged_amount__lte=exact_amount(
                        F("total") - F("credited_amount") - F("paid_amount")
                    )
                ),
                name="order_charged_within_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "customer", "-placed_at", "-id"], name="orders_of_customer"
            ),
            models.Index(fields=["store", "-placed_at", "-id"], name="orders_newest"),
            models.Index(fields=["store", "number"], name="orders_by_number"),
            models.Index(
                fields=["store", "external_id"],
                name="orders_by_external_id",
                condition=Q(external_id__gt=""),
            ),
            models.Index(
                fields=["store", "due_on", "id"],
                name="orders_unpaid",
                condition=Q(payment_status__in=["pending", "partially_paid"], withdrawn_at=None)
                & ~Q(status="cancelled"),
            ),
            # Most orders are paid, so leave these out.
            models.Index(
                fields=["store", "payment_status", "-id"],
                name="orders_not_just_paid",
                condition=~Q(payment_status="succeeded"),
            ),
            models.Index(
                fields=["store", "-id"], name="orders_on_account", condition=Q(is_on_account=True)
            ),
            models.Index(
                fields=["-placed_at", "-id"],
                name="orders_newest_anywhere",
                condition=ALL_STORES_INDEX_CONDITION,
            ),
            models.Index(
                fields=["store", "status", "-id"],
                name="orders_to_do",
                condition=~Q(status="delivered") & ~Q(status="cancelled"),
            ),
            # Has all columns that revenue is added up from, so the rows need not be read.
            models.Index(
                fields=[
                    "store",
                    "placed_at",
                    "customer",
                    "total",
                    "refunded_amount",
                    "credited_amount",
                ],
                name="orders_revenue",
                condition=~Q(status="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def net_amount(self) -> Decimal:
        """The revenue of the order, less refunds and credit notes."""
        return self.total - self.refunded_amount - self.credited_amount

    @property
    def due_amount(self) -> Decimal:
        """The amount that is still to be paid. Nothing is, of a cancelled order."""
        return Decimal(0) if self.status == Status.CANCELLED else self.open_amount

    @property
    def open_amount(self) -> Decimal:
        """What neither payments nor credit notes cover, also of a cancelled order."""
        return self.total - self.credited_amount - self.paid_amount

    @property
    def refundable_amount(self) -> Decimal:
        """The amount that was paid and not refunded yet."""
        return self.paid_amount - self.refunded_amount
