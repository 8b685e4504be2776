from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone

from customers.canonical import SORT_KEY_LENGTH
from customers.models.choices import Gender, Source
from customers.models.customer_queryset import LIVE, NEAR, CustomerQuerySet
from customers.models.money import money
from customers.models.substring_search import (
    INDEXED_LENGTH,
)
from stores.models.base import ALL_STORES_INDEX_CONDITION, TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class Customer(TenantModel):
    """A person or firm of a store, whichever dialect wrote it."""

    # No index of the store alone: other indexes begin with it, and PostgreSQL would choose this one for
    # searches and read all customers of the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uid = models.UUIDField(default=new_uid, editable=False)

    # Dialects write either the display name or its parts. Services keep the two in agreement.
    name = models.CharField(
        max_length=511, blank=True, help_text="As shown; first and last joined."
    )
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    company = models.CharField(max_length=255, blank=True)

    email = models.CharField("e-mail", max_length=254, blank=True, help_text="As it was sent.")
    # The canonical form, which is compared and unique. See `customers.canonical.email_key`.
    email_key = models.CharField(max_length=320, blank=True, editable=False)
    phone = models.CharField(
        max_length=60, blank=True, help_text="As the web and the trade show it."
    )
    # The same phone as a point of sale writes it: dial code and number, and its E.164 form for searches.
    phone_dial_code = models.PositiveIntegerField(null=True, blank=True)
    phone_number = models.CharField(
        max_length=60, blank=True, help_text="As a point of sale shows it."
    )
    phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    mobile = models.CharField(max_length=60, blank=True)
    fax = models.CharField(max_length=60, blank=True)
    website = models.CharField(max_length=500, blank=True)
    cc_email = models.CharField(
        "copy e-mail to", max_length=254, blank=True, help_text="Gets a copy of every e-mail."
    )

    gender = models.PositiveSmallIntegerField(choices=Gender.choices, null=True, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    tax_id = models.CharField("tax id", max_length=100, blank=True)
    notes = models.TextField(max_length=10_000, blank=True)
    external_id = models.CharField(
        "external id", max_length=4000, blank=True, help_text="The customer's id in another system."
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.API)

    marketing_opt_in = models.BooleanField("agreed to marketing", default=False)
    marketing_opt_in_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField("active", default=True, help_text="Not active means suspended.")
    is_blacklisted = models.BooleanField("barred", default=False, help_text="May not order.")
    blacklist_reason = models.CharField("why barred", max_length=500, blank=True)
    hold_reason = models.CharField("on hold because", max_length=500, null=True, blank=True)
    is_beta = models.BooleanField("beta features", default=False)
    is_assembly_enabled = models.BooleanField(
        "may order assembled goods", default=False, help_text="For manufacturers of cabinets."
    )

    payment_terms = models.CharField(
        max_length=20, default="net_30", help_text="net_<days>, due_on_receipt, cod or prepaid."
    )
    currency = models.CharField(max_length=3, help_text="Three-letter ISO 4217 code.")
    discount_rate = models.DecimalField(
        max_digits=5, decimal_places=2, default=0, help_text="Percent, 0 to 100."
    )
    preferred_shipping = models.CharField(max_length=100, blank=True)
    price_adjustment = models.DecimalField(
        max_digits=7, decimal_places=2, default=0, help_text="Percent, -100 to 1000."
    )
    minimum_charge_amount = money(default=0, help_text="Least cost of a job.")
    minimum_freight_amount = money(default=0, help_text="Least cost of freight.")
    default_depot = TenantForeignKey(
        "customers.Depot", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    is_account_enabled = models.BooleanField(
        "house account", default=False, help_text="May buy on account, up to the credit limit."
    )
    credit_limit = money(null=True, blank=True, help_text="Empty means no limit.")
    account_balance = money(default=0, editable=False, help_text="What is owed.")
    is_loyalty_enabled = models.BooleanField("loyalty", default=False)
    loyalty_balance = money(default=0, editable=False, help_text="Points.")

    # Kept up to date by the services of orders, so that lists of customers add nothing up.
    order_count = models.PositiveIntegerField(
        default=0, editable=False, help_text="Orders that are not cancelled."
    )
    orders_ever = models.PositiveIntegerField(
        default=0, editable=False, help_text="Orders, cancelled ones too."
    )
    total_spent = money(default=0, editable=False)
    first_order_at = models.DateTimeField(null=True, editable=False)
    last_order_at = models.DateTimeField(null=True, editable=False)

    customer_since = models.DateTimeField(default=timezone.now)
    # Lists are sorted by it, keyset pages included. See `customers.canonical.name_sort_key`.
    name_key = models.BinaryField(max_length=SORT_KEY_LENGTH, default=b"", editable=False)
    # Folded texts and digits in one column, for one trigram index. See `services.editing.search_text`.
    search_text = models.TextField(editable=False)
    # Counts the changes. ETags are made of it, and each event has the version that it led to.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Deleted together with its orders, or erased; no API shows it again.",
    )

    # A merged customer is deleted and stays as a row, so that its ids can be looked up for ever.
    merged_into = TenantForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,  # the partial index `customer_merged` serves instead
        related_name="merged_customers",
        help_text="The survivor of a merge; never a merged customer itself.",
    )

    # Set by privacy requests. While one of them is set, `marketing_opt_in` is false.
    restricted_at = models.DateTimeField(null=True, editable=False)
    objected_at = models.DateTimeField(null=True, editable=False)

    tags = models.ManyToManyField(
        "customers.Tag", through="customers.CustomerTag", related_name="customers"
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("change_terms", "Can change credit limits and other trade terms"),
            ("post_entry", "Can charge and settle accounts and adjust points"),
            ("export_customer", "Can export customers"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="customer_uid_once"),
            models.UniqueConstraint(
                fields=["store", "email_key"],
                name="customer_email_once",  # of live customers: a deleted one frees its e-mail
                condition=LIVE & ~Q(email_key=""),
            ),
            models.CheckConstraint(
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0),
                name="customer_credit_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(loyalty_balance__gte=0), name="customer_points_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(discount_rate__range=(0, 100)), name="customer_discount_rate_range"
            ),
            models.CheckConstraint(
                condition=Q(price_adjustment__range=(-100, 1000)),
                name="customer_price_adjustment_range",
            ),
            models.CheckConstraint(
                condition=Q(minimum_charge_amount__gte=0, minimum_freight_amount__gte=0),
                name="customer_minimums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(gender=None) | Q(gender__in=Gender.values), name="customer_gender_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(deleted_at=None),
                name="customer_withdrawn_is_deleted",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(deleted_at=None),
                name="customer_merged_is_deleted",
            ),
            models.CheckConstraint(
                condition=Q(order_count__lte=F("orders_ever")), name="customer_orders_counted"
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "-created_at", "-id"], name="customer_newest", condition=LIVE
            ),
            models.Index(
                fields=["store", "-updated_at", "-id"], name="customer_changed", condition=LIVE
            ),
            models.Index(
                fields=["store", "name_key", "id"], name="customer_name_key", condition=LIVE
            ),
            models.Index(fields=["email_key"], name="customer_login", condition=LIVE),
            models.Index(fields=["store", "id"], name="customer_live", condition=LIVE),
            models.Index(
                fields=["store", "-account_balance", "-id"],
                name="customer_owing",
                condition=~Q(account_balance=0),
            ),
            models.Index(
                fields=["store", "-account_balance", "-id"],
                name="customer_near_limit",
                condition=NEAR,
            ),
            models.Index(
                fields=["store", "total_spent", "id"], name="customer_spent", condition=LIVE
            ),
            models.Index(
                fields=["store", "id"],
                name="customer_blacklisted",
                condition=Q(is_blacklisted=True),
            ),
            models.Index(
                fields=["store", "id"], name="customer_suspended", condition=Q(is_active=False)
            ),
            models.Index(
                fields=["store", "-deleted_at"],
                name="customer_deleted",
                condition=~Q(deleted_at=None),
            ),
            models.Index(
                fields=["store", "merged_into"],
                name="customer_merged",
                condition=~Q(merged_into=None),
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="customer_newest_anywhere",
                condition=LIVE & ALL_STORES_INDEX_CONDITION,
            ),
            models.Index(  # for `has_external_id`
                Left("external_id", INDEXED_LENGTH),
                name="customer_external",
                condition=~Q(external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.company or self.email or str(self.uid)

    @property
    def available_credit(self) -> Decimal | None:
        """The amount that may still be charged; None means no limit."""
        return None if self.credit_limit is None else self.credit_limit - self.account_balance
