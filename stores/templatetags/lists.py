"""Tags for the list pages of the back office."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from stores.admin.lists import cells

register = template.Library()


@register.filter
def headers(changelist: Any) -> list[dict[str, Any]]:
    """Return the heads of the columns that are shown."""
    return cells.headers(changelist)


@register.filter
def rows(changelist: Any) -> SafeString:
    """Return the rows of the table."""
    return cells.rows(changelist)


@register.filter
def offered_columns(changelist: Any) -> list[tuple[str, str, bool]]:
    """Return name, label and whether it is shown, of each column that can be chosen."""
    return list(cells.offered(changelist))


@register.filter
def may_change(changelist: Any, view: Any) -> bool:
    """Return whether the person may change this saved view."""
    return bool(changelist.views.may_change(view))


@register.simple_tag
def list_url(changelist: Any, name: str, *args: Any) -> str:
    """Return the URL of one of the small forms of a list."""
    opts = changelist.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)
