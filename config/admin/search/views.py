"""The page of results, and the same results as choices under the field while somebody types."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from config.admin.search.kinds import Found, Kind, Search, customer_row, kinds, may_search
from customers.matching.services.nearly_spelled import nearly_spelled
from customers.models import Customer
from orders.finding import NUMBER, UID
from stores.admin.base import TOO_LONG
from stores.database.connections import is_statement_timeout, without_prepared_statements
from stores.models import Store

MAX_ROWS_OF_PAGE, MAX_CHOICES = 20, 5  # of each kind
LEAST_LETTERS = 2


def search_page(request: HttpRequest) -> HttpResponse:
    """Show what a text means, with links to the lists that show all of it."""
    search = search_of(request, MAX_ROWS_OF_PAGE)
    found = answer(search)
    context = {
        **admin.site.each_context(request),
        **found,
        "title": f"Results for “{search.text}”" if search.text else "Search",
        "search_text": search.text,
    }
    return TemplateResponse(request, "admin/search/page.html", context, status=status_of(found))


def search_options(request: HttpRequest) -> HttpResponse:
    """Return the choices under the field as HTML, without a page around them."""
    found = answer(search_of(request, MAX_CHOICES))
    found["count"] = sum(len(kind.rows) for kind in found["kinds"]) or len(found["near"])
    page = TemplateResponse(request, "admin/search/options.html", found, status=status_of(found))
    page["Cache-Control"] = "no-store"
    return page


def search_of(request: HttpRequest, most: int) -> Search:
    search = Search(request, request.GET.get("q", "").replace("\0", "").strip(), most)
    if not may_search(request):
        raise PermissionDenied
    return search


def answer(search: Search) -> dict[str, Any]:
    """Return the kinds found; none, and that it took too long, when the database gave up."""
    found: list[Kind] = []
    near: list[Found] = []
    problem = ""
    if len(search.text) >= LEAST_LETTERS:
        try:
            with without_prepared_statements():
                found = kinds(search)
                near = [] if found else nearly_spelled_rows(search)
        except OperationalError as error:
            if not is_statement_timeout(error):
                raise
            problem = TOO_LONG
    return {"kinds": found, "near": near, "problem": problem}


def nearly_spelled_rows(search: Search) -> list[Found]:
    """Return customers who are spelled nearly so. A number of an order or an id is no name."""
    text = search.text.lower()
    if not search.may_see(Customer) or NUMBER.fullmatch(text) or UID.fullmatch(text):
        return []
    ids = search.scope.ids
    stores = (
        ids if ids is not None else list(Store.objects.order_by("pk").values_list("pk", flat=True))
    )
    return [customer_row(search, customer) for customer in nearly_spelled(search.text, stores)]


def status_of(found: dict[str, Any]) -> int:
    return HTTPStatus.SERVICE_UNAVAILABLE if found["problem"] else HTTPStatus.OK
