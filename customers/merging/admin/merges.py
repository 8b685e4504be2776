from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from customers.matching.models import DuplicatePair
from customers.merging.admin.texts import figures_of, label_of, rows_of
from customers.merging.models import Merge
from customers.merging.services.fields import CHOSEN, SIDES
from customers.merging.services.merging import merge_customers
from customers.merging.services.previews import preview_merge
from customers.merging.services.unmerge_previews import preview_unmerge
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import amount, chip, number
from stores.admin.error_messages import error_message
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator, LargeTableMixin
from stores.admin.query import whole_number
from stores.admin.submissions import DuplicateSubmission, submit_once
from stores.admin.tenancy import scope_of
from stores.errors import DomainError
from stores.models.base import parse_uid

RIGHT = "merging.merge_customer"
MAX_PAIRS = 10


@admin.register(Merge)
class MergeAdmin(LargeTableMixin, ReadOnlyAdmin):
    """Merges of customers. Managers merge two customers and take a merge apart, each after a preview."""

    list_display = ["created_at", "kept", "joined", "state", "actor_name", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["survivor", "loser", "store"]
    list_per_page = 50
    ordering = ["-id"]
    paginator = BoundedPaginator

    @admin.display(description="Kept")
    def kept(self, merge: Merge) -> Customer:
        return merge.survivor

    @admin.display(description="Joined into it")
    def joined(self, merge: Merge) -> Customer:
        return merge.loser

    @admin.display(description="State", empty_value="")
    def state(self, merge: Merge) -> SafeString | None:
        return chip("taken apart", kind="quiet") if merge.undone_at else None

    def get_urls(self) -> list[URLPattern]:
        new = self.admin_site.admin_view(self.new)
        return [
            path("new/", new, name="merging_merge_new"),
            self.button_path("apart", self.apart, RIGHT),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/merging/merge/{template}.html", context)

    # --- merge

    def new(self, request: HttpRequest) -> HttpResponseBase:
        """Preview a merge, and carry it out. Without a second customer, ask for it."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        survivor = find_customer(request, request.GET.get("keep", ""))
        if survivor is None:
            raise Http404
        text = request.GET.get("away", "").strip()
        loser = find_customer(request, text)
        if loser is None:
            return self.ask(request, survivor, "No live customer has this." if text else "")
        choices = choices_of(request)
        if request.method == "POST":
            return self.merge(request, survivor, loser, choices)
        return self.preview(request, survivor, loser, choices)

    def ask(self, request: HttpRequest, survivor: Customer, error: str) -> HttpResponseBase:
        pairs = DuplicatePair.objects.of_customer(survivor.store_id, survivor.pk).open()
        rows = pairs.select_related("first", "second").order_by("-score")[:MAX_PAIRS]
        others = [pair.second if pair.first_id == survivor.pk else pair.first for pair in rows]
        title = f"Merge another customer into {survivor}"
        return self.page(request, "ask", title=title, survivor=survivor, others=others, error=error)

    def preview(
        self,
        request: HttpRequest,
        survivor: Customer,
        loser: Customer,
        choices: dict[str, str],
        error: str = "",
    ) -> HttpResponseBase:
        shown: dict[str, Any] = {"error": error}
        try:
            preview = preview_merge(survivor.as_queryset(), loser.as_queryset(), choices)
        except DomainError as refusal:
            shown = {"error": error_message(refusal)}
        else:
            shown |= {
                "rows": rows_of(preview, choices),
                "figures": figures_of(preview),
                "moved": preview.moved,
                "result": preview.result,
                "is_over_limit": preview.result.credit_limit is not None
                and preview.result.account_balance > preview.result.credit_limit,
            }
        title = f"Merge {loser} into {survivor}"
        return self.page(
            request,
            "new",
            title=title,
            survivor=survivor,
            loser=loser,
            once=request.POST.get("once") or uuid.uuid4(),
            **shown,
        )

    def merge(
        self, request: HttpRequest, survivor: Customer, loser: Customer, choices: dict[str, str]
    ) -> HttpResponseBase:
        try:
            with submit_once(token_of(request)) as sent:
                merge = merge_customers(
                    survivor.as_queryset(), loser.as_queryset(), self.actor(request), choices
                )
                sent.path = self.page_of(merge)
        except DuplicateSubmission as before:
            return self.redirect_duplicate(request, before)
        except DomainError as refusal:
            return self.preview(request, survivor, loser, choices, error_message(refusal))
        text = f"{loser} is merged into {survivor}."
        self.log_change(request, merge, text)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.page_of(merge))

    # --- one merge

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        merge = self.get_object(request, object_id)
        if merge is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        may = merge.undone_at is None and request.user.has_perm(RIGHT)
        report = report_of(merge.undo_report)
        return self.page(
            request, "page", title=str(merge), merge=merge, may_take_apart=may, **report
        )

    def apart(self, request: HttpRequest, merge: Merge) -> HttpResponseBase:
        """Preview how a merge is taken apart, and do it."""
        shown: dict[str, Any]
        try:
            if request.method == "POST":
                return self.take_apart(request, merge)
            preview = preview_unmerge(merge.as_queryset())
            sides = [side_of(preview.survivor), side_of(preview.loser)]
            shown = {"sides": sides, **report_of(preview.report)}
        except DuplicateSubmission as before:
            return self.redirect_duplicate(request, before)
        except DomainError as refusal:
            shown = {"error": error_message(refusal)}
        title = f"Take apart: {merge}"
        return self.page(request, "apart", title=title, merge=merge, once=uuid.uuid4(), **shown)

    def take_apart(self, request: HttpRequest, merge: Merge) -> HttpResponseBase:
        with submit_once(token_of(request)) as sent:
            unmerge_customers(merge.as_queryset(), self.actor(request))
            sent.path = self.page_of(merge)
        text = "Taken apart. What was changed since the merge stays, as said below."
        return self.button_done(request, merge, text)


def token_of(request: HttpRequest) -> uuid.UUID:
    """Return the token of a sent form; a form without one is sent for the first time."""
    return parse_uid(request.POST.get("once", "")) or uuid.uuid4()


def side_of(customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "owes": amount(customer.account_balance, customer.store.currency),
        "points": number(customer.loyalty_balance),
    }


def report_of(report: dict[str, Any]) -> dict[str, Any]:
    changed = [(label_of(change["field"]), change["now"]) for change in report.get("changed", ())]
    missing = report.get("missing_points", "0")
    return {
        "changed": changed,
        "gone": report.get("gone", ()),
        "missing_points": missing if float(missing) else "",
    }


def find_customer(request: HttpRequest, text: str) -> Customer | None:
    """Return a live customer of the user's stores by number or uid; of a sent form also a deleted one."""
    # A form that is sent twice finds the loser merged, and has to lead to what it did.
    customers = Customer.objects.all() if request.method == "POST" else Customer.objects.live()
    rows: CustomerQuerySet = scope_of(request).narrow(customers)  # type: ignore[assignment]
    uid = parse_uid(text)
    if uid is not None:
        return rows.select_related("store").filter(uid=uid).first()
    pk = whole_number(text)
    return None if pk is None else rows.select_related("store").filter(pk=pk).first()


def choices_of(request: HttpRequest) -> dict[str, str]:
    """Return the sides that were chosen, by field. Unknown ones are left out."""
    data = request.POST if request.method == "POST" else request.GET
    sides = {name: data.get(f"choose_{name}", "") for name in CHOSEN}
    return {name: side for name, side in sides.items() if side in SIDES}
