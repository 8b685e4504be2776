from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class Role(models.TextChoices):
    BILLING = "billing"
    DELIVERY = "delivery"


class GeocodeStatus(models.TextChoices):
    """The last answer of a geocoder. Blank means that none was asked yet."""

    SUCCESS = "success"
    FAILED = "failed"


def street_lines(line1: str, line2: str) -> list[str]:
    """Return the lines of `line2` and then the street, `line1`. Blank lines are left out."""
    lines = [line.strip() for text in (line2, line1) for line in text.splitlines()]
    return [line for line in lines if line]


class Address(TenantModel):
    """The billing address of a customer, or one of its delivery addresses."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="addresses"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.DELIVERY)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(
        "default", default=False, help_text="Deliveries go here unless told otherwise."
    )

    # Null and blank differ, here and in `external_id`. Contract of manufacturing: null if none was sent, "" if
    # sent so.
    label = models.CharField(
        max_length=255,
        null=True,
        blank=True,
        help_text="As the customer calls it, for example Shop.",
    )
    first_name = models.CharField("recipient's first name", max_length=255, blank=True)
    last_name = models.CharField("recipient's last name", max_length=255, blank=True)
    company = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    line1 = models.CharField("street", max_length=500, blank=True)
    line2 = models.CharField("unit, level, building", max_length=500, blank=True)
    city = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=100, blank=True)
    state_code = models.CharField(
        max_length=10, blank=True, help_text="Blank when ISO 3166 knows none."
    )
    postcode = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=100, blank=True)
    country_code = models.CharField(
        max_length=2, blank=True, help_text="Blank when ISO 3166 knows none."
    )

    external_id = models.CharField(
        max_length=255,
        null=True,
        blank=True,
        help_text="Its id in another system; null when none was ever sent, blank when sent empty.",
    )
    delivery_zone = TenantForeignKey(
        "customers.DeliveryZone",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="addresses",
    )

    # Set by `services.addresses`, from the columns above and from the geocoder's answer.
    formatted = models.CharField(max_length=1000, blank=True, editable=False)
    latitude = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    longitude = models.DecimalField(max_digits=10, decimal_places=7, null=True, blank=True)
    place_id = models.CharField(max_length=300, blank=True, editable=False)
    geocode_status = models.CharField(
        max_length=7, choices=GeocodeStatus.choices, blank=True, editable=False
    )
    geocoded_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="address_uid_once"),
            models.UniqueConstraint(
                fields=["store", "customer"],
                condition=Q(role=Role.BILLING),
                name="address_one_billing",
            ),
            models.UniqueConstraint(
                fields=["store", "customer"],
                condition=Q(role=Role.DELIVERY, is_default=True),
                name="address_one_default",  # that there is one is up to the services
            ),
            models.UniqueConstraint(
                fields=["store", "customer", "external_id"],
                condition=~Q(external_id=None) & ~Q(external_id=""),  # many may have none
                name="address_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__range=(-90, 90)),
                name="address_latitude_range",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__range=(-180, 180)),
                name="address_longitude_range",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "customer", "position"], name="address_of_customer"),
            models.Index(
                fields=["store", "id"],
                condition=Q(geocode_status=GeocodeStatus.FAILED),
                name="address_geocode_failed",
            ),
        ]

    def __str__(self) -> str:
        return self.formatted or self.line1 or self.city or str(self.uid)
