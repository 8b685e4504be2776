"""Ask before a row is deleted, with how much is concerned and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.text import capfirst

from stores.admin.base import ScopedAdmin
from stores.admin.page_titles import PageTitles
from stores.admin.paging import MAX_ROWS as MOST
from stores.admin.paging import capped_count


class DeletesAfterQuestion(PageTitles):
    """Mixed into the admin of a model: the question names the row and the consequence, no other rows."""

    delete_confirmation_template = "admin/ask_before_deleting.html"

    def consequence(self, obj: Any) -> str:
        """Return a sentence with the count of what is concerned."""
        raise NotImplementedError

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        obj = self.get_object(request, object_id)
        return super().delete_view(
            request, object_id, {**(self.question(obj) if obj else {}), **(extra_context or {})}
        )

    def question(self, obj: Any) -> dict[str, str]:
        title = self.row_title(obj)
        return {
            "consequence": self.consequence(obj),
            "title": f"Delete {title}?",
            "row_title": title,
        }

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the row alone: the sentence says the rest, and other rows may be too many to list."""
        return (
            [self.row_title(obj) for obj in objs],
            {str(self.opts.verbose_name): len(objs)},
            set(),
            [],
        )


class AsksBeforeDeleting(DeletesAfterQuestion, ScopedAdmin):
    """The admin of rows of the user's stores that a service deletes."""


def how_many(rows: QuerySet[Any], singular: str, plural: str) -> str:
    """Return the number of rows in words, such as “12 customers” or “more than 2000 customers”."""
    number = capped_count(rows)
    if number > MOST:
        return f"More than {MOST} {plural}"
    return capfirst(f"{number or 'no'} {singular if number == 1 else plural}")
