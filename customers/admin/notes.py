"""Notes about a customer or an order, and their reminders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from customers.models import Customer
from customers.tasks.models import Note
from customers.tasks.models.note import MAX_TEXT
from customers.tasks.services.notes import Reminder, add_note, finish_reminder
from orders.models import Order
from stores.admin.base import ScopedAdmin
from stores.admin.colleagues import colleagues, find_colleague
from stores.admin.error_messages import error_message
from stores.admin.query import whole_number
from stores.errors import DomainError

TODAY = "today"  # the page that a reminder was finished on


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=MAX_TEXT,
        label="Note",
        widget=forms.Textarea({"rows": 3}),
        help_text="Colleagues read it here; the customer only in an export of their data.",
    )
    person = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="Remind", help_text="On Today."
    )
    remind_on = forms.DateField(required=False, label="On")
    order = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, people: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [("", "Nobody"), *people]
        self.fields["person"].choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("remind_on") and not data.get("person"):
            self.add_error("person", "Choose whom to remind.")
        if data.get("person") and not data.get("remind_on") and "remind_on" not in self.errors:
            self.add_error("remind_on", "Choose a day.")
        return data


class NotePages(ScopedAdmin):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("note", self.note, "tasks.add_note"),
            self.button_path("reminded", require_POST(self.reminded), "tasks.change_note"),
            *super().get_urls(),
        ]

    def note(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        """Write a note about the customer; with `?order=` about that order of theirs."""
        key = (request.POST or request.GET).get("order", "")
        order = order_of(customer, key) if key else None
        people = colleagues(customer.store, request.user)
        form = NoteForm(people, request.POST or None, initial={"order": key})

        def change(data: dict[str, Any]) -> str:
            person = find_colleague(customer.store, request.user, data["person"])
            reminder = Reminder(person, data["remind_on"]) if person else None
            target, actor = customer.as_queryset(), self.actor(request)
            add_note(target, actor, data["text"], order=order, reminder=reminder)
            return f"Noted. {person.name} is reminded." if person else "Noted."

        def finish(request: HttpRequest, customer: Customer, text: str) -> HttpResponseBase:
            messages.success(request, text)
            page = reverse("admin:orders_order_change", args=[order.pk]) if order else None
            return HttpResponseRedirect(page or self.page_of(customer))

        title = f"Write a note about {order}" if order else "Write a note"
        return self.form_response(
            request, customer, form, change, title=title, button="Save the note", finish=finish
        )

    def reminded(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        """Finish the reminder of the note that the form names."""
        pk = whole_number(request.POST.get("note", ""))
        note = Note.objects.of_customer(customer).filter(pk=pk).first() if pk is not None else None
        if note is None:
            raise Http404
        try:
            finish_reminder(note.as_queryset(), self.actor(request))
        except DomainError as refusal:
            messages.error(request, error_message(refusal))
        else:
            messages.success(request, "The reminder is done.")
        is_today = request.POST.get("page") == TODAY
        return HttpResponseRedirect(reverse("admin:index") if is_today else self.page_of(customer))


def order_of(customer: Customer, key: str) -> Order:
    pk = whole_number(key)
    orders = Order.objects.filter(store=customer.store_id, customer=customer)
    order = orders.filter(pk=pk).first() if pk is not None else None
    if order is None:
        raise Http404
    return order


def notes_of(customer: Customer) -> dict[str, Any]:
    """Return what the page of a customer shows of notes beside the history."""
    waiting = Note.objects.of_customer(customer).waiting().order_by("remind_on", "id")
    return {"reminders": list(waiting[:5])}
