"""The pages of the back office, grouped by what people do, for the navigation beside every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class PageLink:
    """A list of the admin, or a part of it that `query` selects."""

    title: str
    model: str  # "<app label>_<model name>", as in the names of the admin's URLs
    query: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()  # beginnings of names of other URLs that belong here

    def has(self, name: str) -> bool:
        """Tell whether the URL of this name belongs to the list."""
        return name.startswith((f"{self.model}_", *self.more))

    @property
    def url(self) -> str:
        url = reverse(f"admin:{self.model}_changelist")
        return f"{url}?{urlencode(self.query)}" if self.query else url


@dataclass(frozen=True)
class PageGroup:
    title: str
    icon: str
    pages: tuple[PageLink, ...]


GROUPS = (
    PageGroup(
        "Customers",
        "people",
        (
            PageLink("All customers", "customers_customer", more=("shown_as",)),
            PageLink("Duplicates", "matching_duplicatepair"),
            PageLink("Merges", "merging_merge"),
            PageLink("Imports", "imports_importjob", more=("move_in",)),
            PageLink("Tags", "customers_tag"),
            PageLink("Bulk changes", "customers_bulkrun"),
            PageLink("Deleted", "customers_deletedcustomer"),
            PageLink("Privacy requests", "privacy_privacyrequest"),
            PageLink("Exports of personal data", "privacy_dataexport"),
            PageLink("Erasures", "privacy_erasure", more=("privacy_erasurereceipt_",)),
            PageLink("Retention rules", "privacy_retentionrule"),
        ),
    ),
    PageGroup(
        "Orders",
        "orders",
        (
            PageLink("All orders", "orders_order"),
            PageLink("To ship", "orders_order", {"state": "to-ship"}),
            PageLink("Not paid in full", "orders_order", {"due": "unpaid"}),
        ),
    ),
    PageGroup(
        "Money",
        "money",
        (
            PageLink("Owed to us", "customers_customer", {"owing": "yes"}),
            PageLink("Ledger postings", "customers_ledgerentry"),
            PageLink("Reports", "orders_report"),
            PageLink("Statements and reminders", "orders_letter"),
            PageLink("Credit checks", "orders_creditcheck"),
        ),
    ),
    PageGroup("Activity", "activity", (PageLink("All activity", "stores_event"),)),
    PageGroup(
        "Connections",
        "connections",
        (
            PageLink("Messages sent", "stores_webhookdelivery"),
            PageLink("Receivers", "stores_webhookendpoint"),
            PageLink("API keys", "stores_apikey"),
        ),
    ),
    PageGroup(
        "Set-up",
        "setup",
        (
            PageLink("Stores", "stores_store"),
            PageLink("People", "auth_user"),
            PageLink("Roles", "auth_group"),
            PageLink("Payment methods", "orders_paymentmethod"),
            PageLink("Letter texts", "orders_lettertext"),
            PageLink("Letter settings", "orders_lettersettings"),
            PageLink("Delivery zones", "customers_deliveryzone"),
            PageLink("Depots", "customers_depot"),
            PageLink("Sign-ins", "axes_accesslog"),
            PageLink("Wrong passwords", "axes_accessattempt"),
        ),
    ),
)


def navigation(site: AdminSite, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups with pages that this user may see, with the current page and its group marked."""
    visible = visible_models(site, request)
    current = current_page(request)
    return [
        {
            "title": group.title,
            "icon": group.icon,
            "url": pages[0].url,
            "is_current": current in pages,
            "pages": [
                {"title": page.title, "url": page.url, "is_current": page == current}
                for page in pages
            ]
            if current in pages
            else [],
        }
        for group in GROUPS
        if (pages := [page for page in group.pages if page.model in visible])
    ]


def visible_models(site: AdminSite, request: HttpRequest) -> set[str]:
    return {
        f"{model._meta.app_label}_{model._meta.model_name}"
        for model, model_admin in site._registry.items()
        if model_admin.has_view_or_change_permission(request)
    }


def current_page(request: HttpRequest) -> PageLink | None:
    """Return the page that the URL shows, or that the row in the URL belongs to.

    Of several links to parts of one list it is the part whose query is in the URL.
    """
    pages = list(pages_of_url(request))
    narrowed = [page for page in pages if page.query and holds(request, page.query)]
    return next(iter([*narrowed, *(page for page in pages if not page.query)]), None)


def pages_of_url(request: HttpRequest) -> Iterator[PageLink]:
    match = request.resolver_match
    name = (match and match.url_name) or ""
    for group in GROUPS:
        yield from (page for page in group.pages if page.has(name))


def holds(request: HttpRequest, query: dict[str, str]) -> bool:
    return all(request.GET.get(name) == value for name, value in query.items())
