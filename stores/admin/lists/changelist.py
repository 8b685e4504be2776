"""What a list shows: rows that its filters select, in the columns that the person or the view chose."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from stores.admin.lists import cells
from stores.admin.lists.filter_fields import Group, group_of
from stores.admin.lists.saved_views import ViewsOfList

VIEW_VAR = "view"
NOT_FILTERS = (SEARCH_VAR, ORDER_VAR, PAGE_VAR, VIEW_VAR)


class ListChangeList(ChangeList):
    """Django's list, with a choice of columns and views, that refuses filters it does not know."""

    unread: frozenset[str] = frozenset()

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.opts = self.model_admin.opts  # with the names that its pages use
        self.kept_filters, self.preserved_filters = self.preserved_filters, ""
        self.views = ViewsOfList(request, list_name(self.model_admin))
        self.view = self.views.get(request.GET.get(VIEW_VAR, ""))
        self.columns = self.shown_columns()
        if self.view is None and VIEW_VAR in request.GET and request.method == "GET":
            messages.warning(request, "This view does not exist any more.")

    # --- rows

    @cached_property
    def around_key(self) -> tuple[str, str]:
        """Return the parts of a row's URL before and after its key."""
        before, _, after = super().url_for_result(self.model(pk=0)).rpartition("0")
        return before, f"{after}?{self.kept_filters}" if self.kept_filters else after

    def url_for_result(self, result: Model) -> str:
        """Return a row's URL with the list's filters. Django would resolve the URL of each row to add them."""
        before, after = self.around_key
        return f"{before}{result.pk}{after}"

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        found: dict[str, Any] = super().get_filters_params(params)
        found.pop(VIEW_VAR, None)
        return found

    def get_filters(self, request: HttpRequest) -> Any:
        """Refuse dates after the last one that Python knows; Django answers them with an error."""
        try:
            found = super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        specs, _, lookups, *_ = found
        read = {name for spec in specs for name in spec.expected_parameters()} | {*lookups}
        self.unread = frozenset(
            name
            for name in self.get_filters_params()
            if name not in read and not name.startswith(f"{self.date_hierarchy}__")
        )
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the rows; none, with a message, where a filter has a value that it does not offer."""
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        unknown = [group.title for group in self.filter_groups if not group.is_known]
        unknown += [name.replace("_", " ").capitalize() for name in sorted(self.unread)]
        if unknown and not getattr(request, "told_unknown", False):
            request.told_unknown = True
            text = f"Nothing is shown: the filter “{unknown[0]}” does not offer this. Take it off."
            messages.error(request, text)
        return rows.none() if unknown else rows

    # --- filters

    @cached_property
    def filter_groups(self) -> list[Group]:
        return [group_of(spec) for spec in self.filter_specs]

    @property
    def filters_in_use(self) -> list[dict[str, str]]:
        """Return title, words and the URL without it, of each filter that narrows the list."""
        known = [
            (group.title, group.summary, group.names)
            for group in self.filter_groups
            if group.summary
        ]
        named = {name for group in self.filter_groups for name in group.names}
        others = [name for name in self.get_filters_params() if name not in named]
        rest = [("Only", lookup_words(name, self.params[name]), [name]) for name in others]
        unknown = [
            (group.title, "not known", group.names)
            for group in self.filter_groups
            if not group.is_known
        ]
        return [
            {"title": title, "text": text, "url": self.get_query_string(remove=[*names, "p"])}
            for title, text, names in [*known, *rest, *unknown]
        ]

    @property
    def other_parameters(self) -> list[tuple[str, str]]:
        """Return what a form of the filters sends along: all parameters of the URL but theirs."""
        named = {name for group in self.filter_groups for name in group.names}
        return [(name, text) for name, text in self.params.items() if name not in named]

    # --- columns and views

    def shown_columns(self) -> frozenset[str]:
        """Return the columns of the view, or those that the person chose, or else the usual ones."""
        names = frozenset(self.list_display)
        admin = self.model_admin
        if self.is_popup:
            chosen = admin.usual_columns
        else:
            chosen = (
                (self.view and self.view.columns) or self.views.own_columns or admin.usual_columns
            )
        fixed = {cells.CHECKBOX, *(self.list_display_links or ())[:1]}
        return names & (frozenset(chosen) | fixed) if chosen else names

    def order_names(self) -> list[str]:
        """Return the columns that the list is sorted by, with a minus before falling ones."""
        found = []
        for part in str(self.params.get(ORDER_VAR, "")).split("."):
            index = part.removeprefix("-")
            if index.isascii() and index.isdigit() and int(index) < len(self.list_display):
                sign = "-" if part.startswith("-") else ""
                found.append(f"{sign}{self.list_display[int(index)]}")
        return found

    def view_links(self) -> list[dict[str, Any]]:
        """Return the saved views with their URLs."""
        return [
            {"view": view, "url": self.url_of_view(view), "is_current": view == self.view}
            for view in self.views.named
        ]

    def url_of_view(self, view: Any) -> str:
        places = {name: index for index, name in enumerate(self.list_display)}
        order = [
            f"{'-' if name.startswith('-') else ''}{places[name.removeprefix('-')]}"
            for name in view.order
            if name.removeprefix("-") in places
        ]
        query = {**view.filters, **({ORDER_VAR: ".".join(order)} if order else {})}
        return f"?{urlencode({**query, VIEW_VAR: view.pk})}"

    def filters_to_save(self) -> dict[str, str]:
        """Return the filters in the URL. A search is no filter: it may be a customer's name."""
        return {name: str(text) for name, text in self.params.items() if name not in NOT_FILTERS}

    @property
    def is_view_changed(self) -> bool:
        view = self.view
        return view is not None and (
            self.filters_to_save() != view.filters
            or self.order_names() != view.order
            or self.columns - {cells.CHECKBOX}
            != frozenset(view.columns) & frozenset(self.list_display)
        )


def list_name(model_admin: Any) -> str:
    return f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"


LOOKUPS = {"exact": "", "gte": "from", "lt": "before", "lte": "to", "gt": "after"}


def lookup_words(name: str, value: Any) -> str:
    """Return a condition of the URL in words, such as “created at from 2026-11-01”."""
    parts = name.split("__")
    last = LOOKUPS.get(parts[-1])
    words = [*parts[:-1], last] if last is not None else parts
    text = " ".join(word.replace("_", " ") for word in words if word not in ("", "id", None))
    return f"{text} {value}"
