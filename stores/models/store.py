from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models

from stores.currencies import parse_currency
from stores.models.base import new_uid, validate_one_line

if TYPE_CHECKING:
    from stores.models.api_key import ApiKey


def validate_timezone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Unknown time zone: %(name)s", params={"name": name}, code="timezone")


class StoreQuerySet(models.QuerySet["Store"]):
    def enterable_by(self, key: ApiKey) -> StoreQuerySet:
        """Return the stores that an API key may enter: its own, or all for an administrator's key."""
        return self.all() if key.store_id is None else self.filter(pk=key.store_id)


class Store(models.Model):
    """A tenant: one business with its own customers, keys and orders."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=200, validators=[validate_one_line])
    country = models.CharField(
        max_length=2, help_text="Two letters, such as AU: the region of phones and addresses."
    )
    currency = models.CharField(max_length=3, help_text="Three letters, such as AUD.")
    timezone = models.CharField(
        "time zone",
        max_length=64,
        default="UTC",
        validators=[validate_timezone],
        help_text="Days and months of reports begin at midnight here, for example Australia/Sydney.",
    )
    tax_years = models.PositiveSmallIntegerField(
        "years that books are kept",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="Rules of retention never erase customers with orders or payments in these years.",
    )
    max_overdue_days = models.PositiveSmallIntegerField(
        "most days overdue",
        null=True,
        blank=True,
        help_text="Customers who owe something for longer buy nothing more on account. Empty for no such rule.",
    )
    staff = models.ManyToManyField(
        "auth.User",
        blank=True,
        related_name="stores",
        help_text="People who see and touch only the stores they are bound to.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        # A duty, given to groups as permissions are: see `stores.admin.second_factor`.
        permissions = [("need_second_factor", "Must use a second factor to sign in")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if pycountry.countries.get(alpha_2=self.country) is None:
            raise ValidationError({"country": f"Unknown country code: {self.country}"})
        try:
            self.currency = parse_currency(self.currency)
        except ValueError:
            raise ValidationError({"currency": f"Unknown currency code: {self.currency}"}) from None

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)
