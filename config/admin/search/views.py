"""The page of results, and the same results as choices under the field while somebody types."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from config.admin.search.answers import answer
from config.admin.search.kinds import Search, may_search

MAX_ROWS_OF_PAGE, MAX_CHOICES = 20, 5  # of each kind


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


def status_of(found: dict[str, Any]) -> int:
    return HTTPStatus.SERVICE_UNAVAILABLE if found["problem"] else HTTPStatus.OK
