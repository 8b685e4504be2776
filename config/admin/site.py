from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.admin.start_page import start_page
from stores.admin.autocomplete import of_asked_stores
from stores.admin.display import EMPTY
from stores.admin.tenancy import scope_of

APPS = ("customers", "orders", "stores", "auth", "axes")
SEARCHES = (SEARCH_VAR, "term")  # of a list, and of what a form offers
LONGEST_SEARCH = 4000  # letters, as the longest external id has


class Autocomplete(AutocompleteJsonView):
    """Names a row's store beside it for people who work in several."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found = super().serialize_result(obj, to_field_name)
        if hasattr(obj, "store_id") and scope_of(self.request).has_several:
            found["text"] = f"{found['text']} · {obj.store}"
        return found

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        if not hasattr(found.model, "store_id"):
            return found
        return of_asked_stores(found, self.request).select_related("store")


class ClienteleAdminSite(AdminSite):
    """The back office."""

    site_header = site_title = "Clientele"
    index_title = "Today"
    site_url = None
    empty_value_display = EMPTY
    enable_nav_sidebar = False  # the pages' width is needed; a line of links stands above them
    index_template = "admin/start_page.html"
    # names and titles of the formats to show a customer in
    dialects: Sequence[tuple[str, str]] = ()

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # services delete, one by one and with their reasons

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Times are read and shown in the time zone of the user's stores.

        An address with a NUL is refused, for PostgreSQL takes none; only Django's search of a list copes. So is
        a search that is too long for SQLite's LIKE.
        """

        def in_zone(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            asked = [
                text for name, texts in request.GET.lists() for text in texts if name != SEARCH_VAR
            ]
            if any("\0" in text for text in asked):
                raise BadRequest
            if any(len(request.GET.get(name, "")) > LONGEST_SEARCH for name in SEARCHES):
                raise BadRequest
            with timezone.override(scope_of(request).timezone):
                response = view(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response

        return super().admin_view(update_wrapper(in_zone, view), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Autocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What is used most stands first."""
        found = super().get_app_list(request, app_label)
        order = {label: place for place, label in enumerate(APPS)}
        return sorted(found, key=lambda app: order.get(app["app_label"], len(APPS)))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = dict(extra_context or {})
        if request.user.has_perm("customers.view_customer"):
            context |= start_page(request)
        return super().index(request, context)
