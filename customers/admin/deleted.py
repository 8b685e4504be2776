from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from customers.admin import actions
from customers.admin.listing import CustomerColumns, with_tags
from customers.admin.word_search import CUSTOMER_SEARCH_HELP, with_words
from customers.models import DeletedCustomer
from stores.admin.base import ReadOnlyAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator


@admin.register(DeletedCustomer)
class DeletedCustomerAdmin(CustomerColumns, ReadOnlyAdmin):
    """Deleted customers, to find and restore them."""

    list_display = [
        "customer_name",
        "contact",
        "tag_chips",
        "orders_placed",
        "spent",
        "owes",
        "deleted_at",
        "store",
    ]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    search_fields = ["search_text"]
    search_help_text = CUSTOMER_SEARCH_HELP
    ordering = ["-deleted_at", "-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    actions = [actions.restore]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_tags(super().get_queryset(request).deleted())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return with_words(queryset, search_term, request), False

    def has_restore_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("customers.change_deletedcustomer")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponseBase:
        """Redirect to the customer's page, which says that the customer is deleted."""
        return HttpResponseRedirect(reverse("admin:customers_customer_change", args=[object_id]))
