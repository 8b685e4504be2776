"""Titles of pages that say what is on them."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.text import capfirst

from stores.admin.generic import AnyModelAdmin


class PageTitles(AnyModelAdmin):
    """Title a list after its rows, and the page of a row after that row; labels have no colon.

    Django says “Select … to change”, “Add …” and “Change …”.
    """

    opts: Any
    # What staff call a row, and several, where a library's model has another name.
    row_names: tuple[str, str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row_names:
            self.opts = copy(self.opts)
            self.opts.verbose_name, self.opts.verbose_name_plural = self.row_names

    def row_title(self, row: Any) -> str:
        return str(row)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return super().changelist_view(request, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        context["adminform"].form.label_suffix = ""  # of what can only be read
        row = context.get("original")
        if row:
            may_edit = self.has_change_permission(request, row)
            title = self.row_title(row)
            context["show_save_and_add_another"] = False
            context |= {"title": f"Edit {title}" if may_edit else title, "subtitle": None}
        else:
            context["title"] = f"New {self.opts.verbose_name}"
        return super().render_change_form(request, context, *args, **kwargs)
