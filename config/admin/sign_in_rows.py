"""What the lists of sign-ins and of failed ones have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from stores.admin.browsers import browser_name
from stores.admin.display import EMPTY
from stores.admin.lists.pages import ListPages
from stores.admin.lists.range_filters import DayFilter


class AttemptDayFilter(DayFilter):
    title, column = "day", "attempt_time"
    inputs = (("from", "From", 10), ("to", "To", 10))


class ReadOnlySignIns(ListPages):
    """Rows that django-axes writes; nobody changes them."""

    list_filter = (AttemptDayFilter,)
    date_hierarchy = None
    search_help_text = "Any part of the name, the address, the browser or the page."
    what = "Sign-in"
    from_where = ("address", "program", "page")

    def row_title(self, row: Any) -> str:
        return f"{self.what} of {row.username or 'nobody'}, {self.when(row)}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Name", ordering="username")
    def person(self, row: Any) -> str:
        return row.username or "none"

    @admin.display(description="When", ordering="attempt_time")
    def when(self, row: Any) -> str:
        return date_format(localtime(row.attempt_time), "DATETIME_FORMAT")

    @admin.display(description="Address", ordering="ip_address")
    def address(self, row: Any) -> str:
        return row.ip_address or EMPTY

    @admin.display(description="Page")
    def page(self, row: Any) -> str:
        return row.path_info or EMPTY

    @admin.display(description="What the browser calls itself")
    def program(self, row: Any) -> str:
        return row.user_agent or EMPTY

    @admin.display(description="Browser")
    def browser(self, row: Any) -> str:
        return browser_name(row.user_agent)
