"""Give a task of the start page to somebody, or put it off."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from config.admin.today.board import BY_KIND, exists
from config.admin.today.page import ASSIGN
from config.admin.today.source import Day
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task, assign_task, snooze_task
from stores.actors import Actor
from stores.admin.colleagues import find_colleague
from stores.admin.error_messages import error_message
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.errors import DomainError
from stores.models import Store

CHOSEN = "chosen"  # in the place of a day: the day that was typed beside


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the task to the colleague `assignee`, or to nobody when that is empty."""
    store, task = task_of(request)
    person = colleague(request, store)
    if not exists(Day.of(store), task.kind, task.subject):
        return gone(request, store)
    assign_task(store, task, person, Actor.staff(request.user))
    messages.success(request, words_of(person, request))
    return back(request, store)


def words_of(person: Actor | None, request: HttpRequest) -> str:
    """Say whose the task is now."""
    if person is None:
        return "The task is nobody’s now."
    return "The task is yours now." if person.id == request.user.pk else f"Given to {person.name}."


@require_POST
def snooze(request: HttpRequest) -> HttpResponse:
    """Put the task off until a day, or show it again when that is empty."""
    store, task = task_of(request)
    if not exists(Day.of(store), task.kind, task.subject):
        return gone(request, store)
    text = request.POST.get("until", "")
    try:
        until = day_of(request.POST.get("day", "") if text == CHOSEN else text, text == CHOSEN)
        snooze_task(store, task, until, Actor.staff(request.user))
    except ValueError:
        messages.error(request, "Not put off: choose a day.")
    except DomainError as refusal:
        messages.error(request, f"Not put off. {error_message(refusal)}")
    else:
        day = date_format(until, "DATE_FORMAT") if until else ""
        messages.success(request, f"Put off until {day}." if day else "Shown again.")
    return back(request, store)


def task_of(request: HttpRequest) -> tuple[Store, Task]:
    """Return the store and the task that the form names. The person must be allowed to see and assign it."""
    pk, subject = (whole_number(request.POST.get(name, "")) for name in ("store", "subject"))
    kind = request.POST.get("kind", "")
    if pk is None or subject is None or kind not in TaskKind.values:
        raise BadRequest
    store = scope_of(request).stores().filter(pk=pk).first()
    if store is None:
        raise Http404
    source = BY_KIND[TaskKind(kind)]
    if not (request.user.has_perm(ASSIGN) and request.user.has_perm(source.permission)):
        raise PermissionDenied
    return store, Task(source.kind, subject)


def gone(request: HttpRequest, store: Store) -> HttpResponse:
    messages.warning(request, "This is done already, so it needs nobody any more.")
    return back(request, store)


def colleague(request: HttpRequest, store: Store) -> Actor | None:
    text = request.POST.get("assignee", "")
    if not text:
        return None
    person = find_colleague(store, request.user, whole_number(text))
    if person is None:
        raise Http404
    return person


def day_of(text: str, is_required: bool) -> date | None:
    if not text and not is_required:
        return None
    return date.fromisoformat(text)


def back(request: HttpRequest, store: Store) -> HttpResponse:
    """Return to the tab of the page that the form was on."""
    query = urlencode({"store": store.pk, "whose": request.POST.get("whose", "")})
    return HttpResponseRedirect(f"{reverse('admin:index')}?{query}")
