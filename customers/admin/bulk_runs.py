from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from customers.models import BulkRun
from customers.models.bulk_change import BulkChange, BulkOutcome
from customers.models.bulk_run import BulkKind
from customers.services.bulk_runs import undo_run
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator, LargeTableMixin

MAX_SHOWN = 200  # customers on the page of a run
CHANGE = "customers.change_customer"
RESTORE = "customers.change_deletedcustomer"


@admin.register(BulkRun)
class BulkRunAdmin(LargeTableMixin, ReadOnlyAdmin):
    """Actions on many customers. Whoever sees customers sees them; whoever may do one may take it back."""

    list_display = ["created_at", "what", "customers_changed", "state", "actor_name", "store"]
    list_filter = [("store", ScopedRelatedFilter), "kind"]
    list_select_related = ["store"]
    list_per_page = 50
    ordering = ["-id"]
    paginator = BoundedPaginator

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Count the customers of the runs on the page only."""
        changelist = super().get_changelist_instance(request)
        runs = {run.pk: run for run in changelist.result_list}
        stores = {run.store_id for run in runs.values()}
        for run in runs.values():
            run.changed = run.kept = 0
        changes = BulkChange.objects.filter(store__in=stores, run__in=runs).order_by()
        for pk, outcome, count in changes.values_list("run", "outcome").annotate(Count("pk")):
            runs[pk].changed += count
            runs[pk].kept += count if outcome == BulkOutcome.KEPT else 0
        changelist.result_list = list(runs.values())
        return changelist

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("customers.view_customer")

    def get_urls(self) -> list[URLPattern]:
        undo = self.button_path("undo", require_POST(self.undo), CHANGE)
        return [undo, *super().get_urls()]

    @admin.display(description="What")
    def what(self, run: BulkRun) -> str:
        return str(run)

    @admin.display(description="Customers")
    def customers_changed(self, run: Any) -> int:
        changed: int = run.changed
        return changed

    @admin.display(description="State", empty_value="")
    def state(self, run: Any) -> SafeString | None:
        if run.undone_at is None:
            return None
        return chip(f"taken back, {run.kept} stay" if run.kept else "taken back", kind="quiet")

    def may_undo(self, request: HttpRequest, run: BulkRun) -> bool:
        needed = RESTORE if run.kind == BulkKind.RESTORE else CHANGE
        return request.user.has_perm(needed)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        run = self.get_object(request, object_id)
        if run is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        changes = run.changes.select_related("customer").order_by("-outcome", "pk")
        number, left = run.changes.count(), run.changes.exclude(outcome=BulkOutcome.UNDONE).count()
        context = {
            **self.admin_site.each_context(request),
            "title": str(run),
            "opts": self.opts,
            "run": run,
            "changes": changes[:MAX_SHOWN],
            "number": number,
            "more": max(0, number - MAX_SHOWN),
            "left": left,
            "may_undo": left and self.may_undo(request, run),
        }
        return TemplateResponse(request, "admin/customers/bulkrun/page.html", context)

    def undo(self, request: HttpRequest, run: Any) -> HttpResponseBase:
        if not self.may_undo(request, run):
            raise PermissionDenied
        result = undo_run(run, self.actor(request))
        text = f"Put back {result.put_back} of {result.put_back + result.kept} customers."
        if result.kept:
            text += f" {result.kept} changed since and stay as they are: see below why."
        self.log_change(request, run, text)
        level = messages.WARNING if result.kept else messages.SUCCESS
        self.message_user(request, text, level)
        return HttpResponseRedirect(self.page_of(run))
