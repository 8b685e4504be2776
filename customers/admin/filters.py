from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from customers.admin.day_filters import BirthdayFilter, CreatedFilter
from customers.admin.order_filters import OrderedFilter, SpentFilter, owes_anything
from customers.admin.place_filter import PlaceFilter
from customers.models import Address, CustomerTag, Tag
from customers.models.address import GeocodeStatus
from customers.models.customer_queryset import NEAR, OVER
from orders.ageing import AGING_BUCKETS, ANY_AGE
from orders.receivables import owes_in_bucket
from stores.admin.query import whole_number
from stores.admin.tenancy import narrowed, today

MAX_TAGS = 40


class ChoiceFilter(SimpleListFilter):
    """A filter whose choices are conditions: value -> (label, condition), or a function that makes it."""

    conditions: ClassVar[dict[str, tuple[str, Q | Callable[[HttpRequest], Q]]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        choice = self.conditions.get(self.value() or "")
        if choice is None:
            return queryset
        condition = choice[1]
        return queryset.filter(condition(request) if callable(condition) else condition)


class TagFilter(SimpleListFilter):
    """Filter by tag; offer the first tags by name, and the one in the URL, to which the tag list links."""

    title, parameter_name = "tag", "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = Tag.objects.select_related("store").only("name", "store__name")
        tags = narrowed(names.order_by("name"), request)
        by_pk = {tag.pk: tag for tag in tags[:MAX_TAGS]}
        selected = whole_number(self.value() or "")
        if selected is not None and selected not in by_pk:
            by_pk |= {tag.pk: tag for tag in tags.filter(pk=selected)}
        has_several = len({tag.store_id for tag in by_pk.values()}) > 1
        return [
            (str(pk), f"{t.name} · {t.store}" if has_several else t.name) for pk, t in by_pk.items()
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        selected = whole_number(self.value() or "")
        rows = CustomerTag.objects.filter(
            store=OuterRef("store"), customer=OuterRef("pk"), tag=selected
        )
        return queryset.filter(Exists(rows))


class BlacklistFilter(ChoiceFilter):
    title, parameter_name = "barred", "blacklisted"
    conditions = {
        "yes": ("Barred", Q(is_blacklisted=True)),
        "no": ("Not barred", Q(is_blacklisted=False)),
    }


class ActiveFilter(ChoiceFilter):
    title, parameter_name = "active", "active"
    conditions = {
        "yes": ("Active", Q(is_active=True)),
        "no": ("Suspended", Q(is_active=False)),
    }


class OrdersFilter(ChoiceFilter):
    title, parameter_name = "orders", "orders"
    conditions = {
        "yes": ("Has orders", Q(order_count__gt=0)),
        "no": ("Never ordered", Q(order_count=0)),
    }


class OwingFilter(ChoiceFilter):
    title, parameter_name = "owes", "owing"
    conditions = {
        "yes": ("On account", Q(account_balance__gt=0)),
        "any": ("On account or for an order", owes_anything),
        "near": ("Near or over the limit", NEAR),
        "over": ("Over the limit", OVER),
        "credit": ("Has credit with us", Q(account_balance__lt=0)),
    }


class LastOrderFilter(SimpleListFilter):
    title, parameter_name = "last order", "last_order"
    spans = {"30": ("Last 30 days", 30), "90": ("Last 90 days", 90)}
    silences = {"silent90": ("None for 90 days", 90), "silent365": ("None for a year", 365)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in {**self.spans, **self.silences}.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if value in self.spans:
            return queryset.filter(last_order_at__gte=days_ago(self.spans[value][1]))
        if value in self.silences:
            return queryset.filter(last_order_at__lt=days_ago(self.silences[value][1]))
        return queryset


def days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


class GeocodeFilter(SimpleListFilter):
    title, parameter_name = "address", "geocode"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", "Not found on the map")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "failed":
            return queryset
        failed = Address.objects.filter(
            store=OuterRef("store"), customer=OuterRef("pk"), geocode_status=GeocodeStatus.FAILED
        )
        return queryset.filter(Exists(failed))


class DeletedFilter(SimpleListFilter):
    """Filter deleted customers out, unless the user selects them."""

    title, parameter_name = "deleted", "deleted"

    all_label = "Not deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Only deleted"), ("all", "Also deleted")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.exclude(deleted_at=None) if self.value() == "yes" else queryset.live()


class OverdueFilter(SimpleListFilter):
    """Filter customers by the age of the money they owe on account."""

    title, parameter_name = "money owed since", "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        buckets = [(name, label) for name, (label, _, _) in AGING_BUCKETS.items()]
        return [*buckets, (ANY_AGE, "Overdue by any time")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        age = self.value()
        if age is None or age not in (*AGING_BUCKETS, ANY_AGE):
            return queryset
        return queryset.filter(owes_in_bucket(age, today(request)))


# In the order in which the list shows them.
LIST_FILTERS = (
    TagFilter,
    BlacklistFilter,
    ActiveFilter,
    OrdersFilter,
    LastOrderFilter,
    OwingFilter,
    OverdueFilter,
    GeocodeFilter,
    DeletedFilter,
    SpentFilter,
    OrderedFilter,
    CreatedFilter,
    BirthdayFilter,
    PlaceFilter,
)
