"""The list page of every model, and the small forms on it: columns and views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ERROR_FLAG, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from stores.admin.lists.cells import CHECKBOX
from stores.admin.lists.changelist import VIEW_VAR, ListChangeList
from stores.admin.name_field import NameField
from stores.admin.page_titles import PageTitles
from stores.admin.tenancy import scope_of
from stores.models import SavedView, Store

NOT_READ = "All rows are shown: a filter in the address could not be read."


class ViewForm(forms.ModelForm):  # type: ignore[type-arg]  # no class to subscript when it runs
    """The name of a view, and the store whose people see it too."""

    store = forms.ModelChoiceField(Store.objects.none(), required=False)

    class Meta:
        model = SavedView
        fields = ("name", "store")
        field_classes = {"name": NameField}

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        field: Any = self.fields["store"]
        field.queryset = scope_of(request).stores()


class ListActionForm(ActionForm):
    """Django's, whose label ends in a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].label = "Action"


class ListPages(PageTitles):
    """Mixed into the admin of a model: its list has a choice of columns, and saved views."""

    change_list_template = "admin/change_list.html"
    action_form = ListActionForm
    usual_columns: tuple[str, ...] = ()  # shown until the person chooses others; empty means all

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ListChangeList

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        return super().get_action_choices(request, default_choices or [("", "Choose …")])

    def get_urls(self) -> list[URLPattern]:
        return [
            self.list_path("columns/", self.choose_columns, "columns"),
            self.list_path("views/", self.save_view, "saveview"),
            self.list_path("views/<int:pk>/", self.change_saved_view, "changeview"),
            *super().get_urls(),
        ]

    def list_path(self, route: str, view: Callable[..., Any], name: str) -> URLPattern:
        def checked_view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not self.has_view_or_change_permission(request):
                raise PermissionDenied
            answer: HttpResponseBase = view(request, **kwargs)
            return answer

        url_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(require_POST(checked_view)), name=url_name)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Show the list. Parameters that a form sent empty are taken out of the address first."""
        empty = [name for name in request.GET if name != SEARCH_VAR and not request.GET[name]]
        if empty and request.method == "GET" and ERROR_FLAG not in request.GET:
            pairs = [(n, text) for n, values in request.GET.lists() for text in values if text]
            return HttpResponseRedirect(f"{request.path}?{urlencode(pairs)}")
        if ERROR_FLAG in request.GET and request.method == "GET":
            messages.warning(request, NOT_READ)
        return super().changelist_view(request, extra_context)

    # --- the small forms

    def list_of_back(self, request: HttpRequest) -> tuple[Any, str]:
        """Return the list that a form was sent from, and its query string."""
        query = urlencode(parse_qsl(request.POST.get("back", ""), keep_blank_values=True))
        request.GET = QueryDict(query)
        return self.get_changelist_instance(request), query

    def choose_columns(self, request: HttpRequest) -> HttpResponseBase:
        """Remember the ticked columns for this person, in place of the present view's."""
        changelist, query = self.list_of_back(request)
        chosen = [
            name for name in request.POST.getlist("column") if name in changelist.list_display
        ]
        changelist.views.remember_columns([] if "usual" in request.POST else chosen)
        pairs = [(name, text) for name, text in parse_qsl(query) if name != VIEW_VAR]
        return HttpResponseRedirect(f"../?{urlencode(pairs)}")

    def save_view(self, request: HttpRequest) -> HttpResponseBase:
        changelist, query = self.list_of_back(request)
        form = ViewForm(request, request.POST)
        if not form.is_valid():
            text = " ".join(f"{form.fields[n].label or n}: {e[0]}" for n, e in form.errors.items())
            messages.error(request, f"The view was not saved. {text}")
            return HttpResponseRedirect(f"../?{query}")
        view: SavedView = form.save(commit=False)
        view.owner_id, view.list_name = request.user.pk, changelist.views.name
        fill(view, changelist)
        messages.success(request, f"Saved the view “{view}”.")
        return HttpResponseRedirect(f"../{changelist.url_of_view(view)}")

    def change_saved_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Delete a view, or save what the list shows now as this view."""
        changelist, query = self.list_of_back(request)
        view = changelist.views.get(str(pk))
        if view is None:
            raise Http404
        if not changelist.views.may_change(view):
            raise PermissionDenied
        if "delete" in request.POST:
            SavedView.objects.filter(pk=pk).delete()
            messages.success(request, f"Deleted the view “{view}”.")
            pairs = [(name, text) for name, text in parse_qsl(query) if name != VIEW_VAR]
            return HttpResponseRedirect(f"../../?{urlencode(pairs)}")
        fill(view, changelist)
        messages.success(request, f"Saved the view “{view}”.")
        return HttpResponseRedirect(f"../../{changelist.url_of_view(view)}")


def fill(view: SavedView, changelist: Any) -> None:
    """Save a view with what the list shows now."""
    view.filters = changelist.filters_to_save()
    view.order = changelist.order_names()
    view.columns = [
        name for name in changelist.list_display if name in changelist.columns - {CHECKBOX}
    ]
    view.save()
