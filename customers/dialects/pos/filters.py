"""Filters of the lists. An unusable value is refused; an id that does not exist finds nothing."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from customers.api.fields import NO_UID
from customers.api.filters import (
    FlagFilter,
    MomentFilter,
    by_email,
    by_name,
    by_phone_number,
    by_presence_of_orders,
)
from customers.api.query import DialectFilterSet
from customers.dialects.pos.fields import DIAL_CODE_TEXT, read_dial_code
from customers.models import CustomerTag, DeliveryZone, Tag
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.owners import of_customers
from customers.models.substring_search import tags_called, with_substring
from stores.models.base import TenantQuerySet, parse_uid


class DialCodeField(forms.Field):
    def to_python(self, value: Any) -> int | None:
        if not value:
            return None
        code = read_dial_code(value)
        if code is None:
            raise forms.ValidationError("Must be a dial code like 966.")
        return code


class DialCodeFilter(django_filters.Filter):  # type: ignore[misc] # django-filter has no type hints
    field_class = DialCodeField
    json_schema = DIAL_CODE_TEXT


class UidsField(forms.Field):
    """Ids with commas between them; a malformed one becomes NO_UID."""

    def to_python(self, value: Any) -> list[uuid.UUID]:
        texts = [text.strip() for text in (value or "").split(",")]
        uids = [parse_uid(text) or NO_UID for text in texts if text]
        if value and not uids:
            raise forms.ValidationError("Must be ids with commas between them.")
        return uids


class UidsFilter(django_filters.Filter):  # type: ignore[misc] # django-filter has no type hints
    """Rows with any of these ids."""

    takes_list = True
    field_class = UidsField
    json_schema = {"type": "string", "pattern": "^[0-9a-f-]{36}(,[0-9a-f-]{36}){0,9}$"}

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name, lookup_expr="in", **options)


class TagsFilter(UidsFilter):
    """Customers with any of these tags."""

    def filter(self, queryset: CustomerQuerySet, value: list[uuid.UUID]) -> CustomerQuerySet:
        if not value:
            return queryset
        tags = CustomerTag.objects.filter(store=OuterRef("store"), customer=OuterRef("pk"))
        # EXISTS, since a join would repeat a customer with several of the tags
        return queryset.filter(Exists(tags.filter(tag__uid__in=value)))


class CustomerFilters(DialectFilterSet):
    name = django_filters.CharFilter(method=by_name)
    email = django_filters.CharFilter(method=by_email)
    phone = django_filters.CharFilter(method=by_phone_number)
    dial_code = DialCodeFilter("phone_dial_code")
    is_blacklisted = FlagFilter("is_blacklisted")
    is_house_account_enabled = FlagFilter("is_account_enabled")
    is_loyalty_enabled = FlagFilter("is_loyalty_enabled")
    has_orders = FlagFilter(method=by_presence_of_orders)
    updated_after = MomentFilter("updated_at", lookup_expr="gte")
    is_deleted = FlagFilter("deleted_at", lookup_expr="isnull", exclude=True)

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        return {**super().get_filters(), "tags.id": TagsFilter("tags")}


class CustomersFilter(UidsFilter):
    """Rows of any of these customers; an old id stands for the survivor of the merge."""

    def filter(self, queryset: TenantQuerySet[Any], value: list[uuid.UUID]) -> TenantQuerySet[Any]:
        return of_customers(queryset, value) if value else queryset


class ChangedFilters(DialectFilterSet):
    updated_after = MomentFilter("updated_at", lookup_expr="gte")


class TagFilters(ChangedFilters):
    name = django_filters.CharFilter(method="by_word")

    def by_word(self, queryset: QuerySet[Tag], name: str, value: str) -> QuerySet[Tag]:
        return tags_called(queryset, value)


class DeliveryZoneFilters(ChangedFilters):
    name = django_filters.CharFilter(method="by_word")

    def by_word(
        self, queryset: QuerySet[DeliveryZone], name: str, value: str
    ) -> QuerySet[DeliveryZone]:
        return with_substring(queryset, value, "name")


class AddressFilters(ChangedFilters):
    customer_id = CustomersFilter("customer")


class TransactionFilters(DialectFilterSet):
    customer_id = CustomersFilter("customer")
    order_id = UidsFilter("order_uid")
