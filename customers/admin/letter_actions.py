"""Actions that send statements or reminders to the customers who are ticked in the list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from customers.admin.bulk_changes import MAX_CUSTOMERS
from customers.models import Customer
from orders.admin.letters import REMINDERS, STATEMENTS, OnceForm, Run, levels_of, sent_text, today
from orders.statements.periods import month_before
from stores.admin.error_messages import error_message
from stores.admin.submissions import DuplicateSubmission, submit_once
from stores.errors import DomainError
from stores.models import Store

HINTS = {
    STATEMENTS: "Each gets the statement of last month, as a PDF by e-mail, also if nothing is owed.",
    REMINDERS: "Each gets the reminder that is due today, once for a debt. Who has paid gets none.",
}


@admin.action(description="Send statements", permissions=["letters"])
def send_statements(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase | None:
    return send(page, request, selected, STATEMENTS)


@admin.action(description="Send reminders", permissions=["letters"])
def send_reminders(
    page: Any, request: HttpRequest, selected: QuerySet[Customer]
) -> HttpResponseBase | None:
    return send(page, request, selected, REMINDERS)


def send(
    page: Any, request: HttpRequest, selected: QuerySet[Customer], run: Run
) -> HttpResponseBase | None:
    """Ask with what would be sent; once that is confirmed, send it and go to the log of letters."""
    keys = list(selected.order_by("pk").values_list("pk", "store_id")[: MAX_CUSTOMERS + 1])
    if len(keys) > MAX_CUSTOMERS:
        text = f"At most {MAX_CUSTOMERS} customers can get letters at once. Narrow the selection."
        page.message_user(request, text, messages.ERROR)
        return None
    chosen = by_store(keys)
    form = OnceForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        return carry_out(page, request, run, chosen, form)
    return question(page, request, run, chosen, form)


def by_store(keys: list[tuple[int, int]]) -> dict[Store, set[int]]:
    """Return the keys of customers by their store; each comes with its store's key."""
    chosen: dict[int, set[int]] = {}
    for pk, store in keys:
        chosen.setdefault(store, set()).add(pk)
    return {store: chosen[store.pk] for store in Store.objects.filter(pk__in=chosen)}


def carry_out(
    page: Any, request: HttpRequest, run: Run, chosen: dict[Store, set[int]], form: OnceForm
) -> HttpResponseBase | None:
    log = reverse("admin:orders_letter_changelist")
    try:
        with submit_once(form.cleaned_data["once"]) as sent:
            actor = page.actor(request)
            count = sum(run.queue(store, actor, keys) for store, keys in chosen.items())
            sent.path = log
    except DuplicateSubmission as before:
        return page.redirect_duplicate(request, before)  # type: ignore[no-any-return]
    except DomainError as refusal:
        page.message_user(request, error_message(refusal), messages.ERROR)
        return None
    page.message_user(request, sent_text(run, count), messages.SUCCESS)
    return HttpResponseRedirect(log)


def question(
    page: Any, request: HttpRequest, run: Run, chosen: dict[Store, set[int]], form: OnceForm
) -> HttpResponseBase:
    previews = [(store, run.preview(store, keys)) for store, keys in chosen.items()]
    count = sum(preview.count for _, preview in previews)
    number = sum(len(keys) for keys in chosen.values())
    unreachable = sum(preview.without_address for _, preview in previews)
    context = {
        **page.admin_site.each_context(request),
        "title": run.title,
        "opts": page.opts,
        "run": run,
        "hint": HINTS[run],
        "form": form,
        "number": number,
        "count": count,
        "others": number - count - unreachable,
        "previews": [(store, preview, levels_of(preview)) for store, preview in previews],
        "periods": [month_before(today(store)) for store in chosen][:1]
        if run is STATEMENTS
        else [],
        "action": request.POST["action"],
        "select_across": request.POST.get("select_across", "0"),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/customers/customer/letter_action.html", context)
