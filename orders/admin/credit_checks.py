from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from orders.admin.customer_search import CustomerSearch
from orders.models import CreditCheck
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import store_amount
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator


@admin.register(CreditCheck)
class CreditCheckAdmin(CustomerSearch, ReadOnlyAdmin):
    list_display = ["created_at", "customer", "score", "rating", "risk", "actor_name", "store"]
    list_filter = [("store", ScopedRelatedFilter), "rating", "risk"]
    list_select_related = ["customer", "store"]
    search_fields = ["customer__name"]  # how it is searched: get_search_results
    search_help_text = "Any part of the customer's name, company, e-mail or phone."
    ordering = ["-id"]
    paginator = BoundedPaginator
    fields = [
        "customer",
        "score",
        "rating",
        "risk",
        "limit_then",
        "limit_recommended",
        "factor_list",
        "actor_name",
        "created_at",
    ]
    readonly_fields = ["factor_list", "limit_then", "limit_recommended"]

    def row_title(self, row: CreditCheck) -> str:
        return f"Score {row.score}, {row.rating}"

    @admin.display(description="Current limit")
    def limit_then(self, check: CreditCheck) -> str:
        return store_amount(check.current_limit, check.store)

    @admin.display(description="Recommended limit")
    def limit_recommended(self, check: CreditCheck) -> str:
        return store_amount(check.recommended_limit, check.store)

    @admin.display(description="Factors")
    def factor_list(self, check: CreditCheck) -> SafeString:
        lines = (
            (f["name"].replace("_", " ").capitalize(), measured(f["input"]), f["points"])
            for f in check.factors
        )
        return format_html_join("", "<div>{}: {}, {} points</div>", lines)


def measured(value: Any) -> str:
    return "unknown" if value is None else str(value)
