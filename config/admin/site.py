from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from config.admin.navigation import navigation
from config.admin.own_account import change_factor_view, factor_view, sessions_view
from config.admin.search import may_search, search_options, search_page
from config.admin.sign_in_code import code_view
from config.admin.signing_in import MUST_SET_UP, SignInView
from config.admin.store_menu import choose_store, store_menu
from config.admin.today import views as today
from config.admin.today.page import start_page
from customers.admin.resembling import told_apart
from customers.models import Customer
from stores.admin.autocomplete import narrow_to_stores
from stores.admin.display import EMPTY
from stores.admin.tenancy import scope_of
from stores.webhooks.messages import Render

SEARCHES = (SEARCH_VAR, "term")  # of a list, and of a form's choices
MAX_SEARCH_LENGTH = 4000  # characters, as the longest external id


class Autocomplete(AutocompleteJsonView):
    """Add the store to each choice for people who work in several."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Customer):
            result["text"] = " · ".join(told_apart(obj))
        if hasattr(obj, "store_id") and scope_of(self.request).has_several:
            result["text"] = f"{result['text']} · {obj.store}"
        return result

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if not hasattr(rows.model, "store_id"):
            return rows
        return narrow_to_stores(rows, self.request).select_related("store")


class ClienteleAdminSite(AdminSite):
    """The back office."""

    site_header = site_title = "Clientele"
    index_title = "Today"
    site_url = None
    empty_value_display = EMPTY
    enable_nav_sidebar = False  # `navigation` is beside every page
    index_template = "admin/today/page.html"
    # names and titles of the dialects
    dialects: Sequence[tuple[str, str]] = ()
    webhook_body: Render  # from an event to what webhooks send of it

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # services delete, and check each row

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Read and show times in the time zone of the user's stores.

        Refuse a NUL in the URL, which PostgreSQL does not take (Django's search of lists handles it), and a
        search that is too long for SQLite's LIKE.
        """

        def in_zone(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            values = [
                text for name, texts in request.GET.lists() for text in texts if name != SEARCH_VAR
            ]
            if any("\0" in text for text in values):
                raise BadRequest
            if any(len(request.GET.get(name, "")) > MAX_SEARCH_LENGTH for name in SEARCHES):
                raise BadRequest
            if MUST_SET_UP in request.session and view not in (factor_view, sessions_view):
                return HttpResponseRedirect(reverse("admin:second_factor"))
            with timezone.override(scope_of(request).timezone):
                response = view(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response

        return super().admin_view(update_wrapper(in_zone, view), cacheable)

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show Django's sign-in page; whoever has a second factor is asked for a code after it."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        next_page = (
            {} if "next" in {*request.GET, *request.POST} else {"next": reverse("admin:index")}
        )
        context = {
            **self.each_context(request),
            "title": "Sign in",
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **next_page,
            **(extra_context or {}),
        }
        return SignInView.as_view(extra_context=context)(request)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Autocomplete.as_view(admin_site=self)(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "log_entries": self.get_log_entries(request),
            "navigation": navigation(self, request),
            "store_menu": store_menu(request),
            "may_search": may_search(request),
        }

    def app_index(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead on from the list of an app, which only Django has: the navigation has its links."""
        return HttpResponseRedirect(reverse("admin:index"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return nothing for the start page: the navigation has its links."""
        return []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().index(request, {**(extra_context or {}), **start_page(request)})

    def get_urls(self) -> list[Any]:
        return [
            path("today/assign/", self.admin_view(today.assign), name="today_assign"),
            path("today/snooze/", self.admin_view(today.snooze), name="today_snooze"),
            path("choose-store/", self.admin_view(choose_store), name="choose_store"),
            path("login/code/", code_view, name="login_code"),
            path("second-factor/", self.admin_view(factor_view), name="second_factor"),
            path(
                "second-factor/change/", self.admin_view(change_factor_view), name="change_factor"
            ),
            path("sessions/", self.admin_view(sessions_view), name="sessions"),
            path("search/", self.admin_view(search_page), name="search"),
            path("search/options/", self.admin_view(search_options), name="search_options"),
            *super().get_urls(),
        ]
