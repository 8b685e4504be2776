"""Letters that were sent, and the pages that send statements or reminders to all who owe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.admin.customer_search import CustomerSearch
from orders.models import Letter
from orders.models.letter import Level
from orders.services.letter_runs import (
    Keys,
    Preview,
    preview_reminders,
    preview_statements,
    queue_reminders,
    queue_statements,
)
from orders.services.resending import send_again
from orders.statements.periods import month_before
from stores.actors import Actor
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import EMPTY, store_amount
from stores.admin.error_messages import error_message
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator
from stores.admin.query import whole_number
from stores.admin.submissions import DuplicateSubmission, SubmissionTokenField, submit_once
from stores.admin.tenancy import scope_of
from stores.errors import DomainError
from stores.models import Store

RIGHT = "orders.add_letter"


class OnceForm(forms.Form):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["once"] = SubmissionTokenField()


@dataclass(frozen=True)
class Run:
    """A kind of letters to all who owe something, or to chosen customers."""

    title: str
    noun: str
    hint: str
    preview: Callable[[Store, Keys], Preview]
    queue: Callable[[Store, Actor, Keys], int]


def levels_of(preview: Preview) -> list[tuple[str, int]]:
    return [(Level(level).label, count) for level, count in sorted(preview.by_level.items())]


def sent_text(run: Run, count: int) -> str:
    return f"The worker sends {count} {run.noun}{'' if count == 1 else 's'} now."


def today(store: Store) -> Any:
    return timezone.localdate(timezone=store.tzinfo)


STATEMENTS = Run(
    "Send statements",
    "statement",
    "Everybody who owes something gets the statement of last month, as a PDF by e-mail.",
    preview_statements,
    lambda store, actor, chosen: queue_statements(store, actor, month_before(today(store)), chosen),
)
REMINDERS = Run(
    "Send reminders",
    "reminder",
    "Each customer gets each reminder once for a debt, some days after the one before.",
    lambda store, chosen: preview_reminders(store, today(store), chosen),
    lambda store, actor, chosen: queue_reminders(store, actor, today(store), chosen),
)


@admin.register(Letter)
class LetterAdmin(CustomerSearch, ReadOnlyAdmin):
    """Statements and reminders by e-mail, and what became of them."""

    change_form_template = "admin/orders/letter/page.html"
    list_display = ["created_at", "customer", "level", "address", "asked", "state", "store"]
    list_filter = [("store", ScopedRelatedFilter), "state", "level"]
    list_select_related = ["customer", "store"]
    search_fields = ["customer__name"]  # how it is searched: get_search_results
    search_help_text = "Any part of the customer's name, company, e-mail or phone."
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    fields = [
        *("customer", "level", "address", "copy_to", "first_day", "last_day", "overdue_since"),
        *("asked", "state", "error", "created_at", "actor_name", "sent_at"),
    ]
    readonly_fields = ["asked"]

    @admin.display(description="Amount")
    def asked(self, letter: Letter) -> str:
        return EMPTY if letter.amount is None else store_amount(letter.amount, letter.store)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.run_path("send-statements", STATEMENTS),
            self.run_path("send-reminders", REMINDERS),
            self.button_path("again", require_POST(self.again), RIGHT),
            *super().get_urls(),
        ]

    def run_path(self, name: str, run: Run) -> URLPattern:
        def view(request: HttpRequest) -> HttpResponseBase:
            return self.run(request, run)

        return path(f"{name}/", self.admin_site.admin_view(view), name=f"orders_letter_{name}")

    def run(self, request: HttpRequest, run: Run) -> HttpResponseBase:
        """Show what a run would send, and send it when it is confirmed."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        stores = list(scope_of(request).stores())
        wanted = whole_number(request.GET.get("store", ""))
        store = next((store for store in stores if wanted in (None, store.pk)), None)
        if store is None:
            raise Http404
        form = OnceForm(request.POST or None)
        if form.is_valid():
            return self.carry_out(request, run, store, form)
        return self.run_page(request, run, store, stores, form)

    def carry_out(
        self, request: HttpRequest, run: Run, store: Store, form: OnceForm
    ) -> HttpResponseBase:
        log = reverse("admin:orders_letter_changelist")
        try:
            with submit_once(form.cleaned_data["once"]) as sent:
                count = run.queue(store, self.actor(request), None)
                sent.path = log
        except DuplicateSubmission as before:
            return self.redirect_duplicate(request, before)
        except DomainError as refusal:
            self.message_user(request, error_message(refusal), messages.ERROR)
        else:
            self.message_user(request, sent_text(run, count), messages.SUCCESS)
        return HttpResponseRedirect(log)

    def run_page(
        self, request: HttpRequest, run: Run, store: Store, stores: list[Store], form: OnceForm
    ) -> HttpResponseBase:
        preview = run.preview(store, None)
        context = {
            **self.admin_site.each_context(request),
            "title": run.title,
            "opts": self.opts,
            "run": run,
            "store": store,
            "stores": stores if len(stores) > 1 else [],
            "preview": preview,
            "levels": levels_of(preview),
            "period": month_before(today(store)) if run is STATEMENTS else None,
            "form": form,
        }
        return TemplateResponse(request, "admin/orders/letter/run.html", context)

    def again(self, request: HttpRequest, letter: Letter) -> HttpResponseBase:
        def change() -> None:
            send_again(letter.as_queryset())

        return self.button_response(request, letter, "The worker sends it again.", change)
