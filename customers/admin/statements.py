"""The page of a customer's statement, which prints as a letter."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from customers.admin.statement_period import PeriodForm, period_form
from customers.models import Customer
from orders.letters.messages import settings_of
from orders.letters.recipients import address_of
from orders.models import Letter
from orders.services.letters import queue_statement
from orders.statements.periods import usual_periods
from orders.statements.recipient import postal_lines
from orders.statements.statement import Statement, statement_of
from stores.admin.base import ScopedAdmin
from stores.admin.error_messages import error_message
from stores.errors import DomainError

LETTERS_SHOWN = 12
RIGHT, SEND = "customers.view_ledgerentry", "orders.add_letter"
TEMPLATE = "admin/customers/customer/statement.html"


class StatementPages(ScopedAdmin):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("statement", self.statement, RIGHT),
            self.button_path("statement-pdf", self.pdf, RIGHT),
            self.button_path("send-statement", require_POST(self.send), SEND),
            *super().get_urls(),
        ]

    def has_letters_permission(self, request: HttpRequest) -> bool:
        """Return whether the actions that send letters are offered."""
        return request.user.has_perm(SEND)

    def statement(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        today = today_of(customer)
        form = period_form(request, today)
        return self.statement_page(request, customer, form, statement_of_form(customer, form))

    def statement_page(
        self,
        request: HttpRequest,
        customer: Customer,
        form: PeriodForm,
        statement: Statement | None,
    ) -> HttpResponseBase:
        """Show the statement, or the form with its errors when there is none."""
        today = today_of(customer)
        context = {
            **self.admin_site.each_context(request),
            "title": "Statement",
            "subtitle": str(customer),
            "opts": self.opts,
            "original": customer,
            "back": self.page_of(customer),
            "form": form,
            "today": today,
            "periods": usual_periods(today),
            "statement": statement,
            "recipient": postal_lines(customer),
            "settings": settings_of(customer.store),
            "address": address_of(customer),
            "letters": letters_of(customer)[:LETTERS_SHOWN],
        }
        status = HTTPStatus.OK if statement else HTTPStatus.BAD_REQUEST
        return TemplateResponse(request, TEMPLATE, context, status=status)

    def pdf(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        today = today_of(customer)
        form = period_form(request, today)
        statement = statement_of_form(customer, form)
        if statement is None:
            return self.statement_page(request, customer, form, None)
        # Here, because fpdf2 takes a fifth of a second to load, and most processes write no PDF.
        from orders.statements.pdf import pdf_of

        content = pdf_of(statement, postal_lines(customer), settings_of(customer.store), today)
        name = f"statement-{customer.pk}-{statement.period.last}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    def send(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        """Queue the statement of the days in the URL, and return to it."""
        form = PeriodForm(request.GET)
        if not form.is_valid():
            return self.statement_page(request, customer, form, None)
        try:
            letter = queue_statement(customer.as_queryset(), self.actor(request), form.period)
        except DomainError as refusal:
            self.message_user(request, error_message(refusal), messages.ERROR)
        else:
            text = f"The worker sends the statement to {letter.address}."
            self.message_user(request, text, messages.SUCCESS)
        page = reverse("admin:customers_customer_statement", args=[customer.pk])
        return HttpResponseRedirect(f"{page}?{request.GET.urlencode()}")


def letters_of(customer: Customer) -> QuerySet[Letter]:
    rows = Letter.objects.filter(store=customer.store_id, customer=customer)
    return rows.order_by("-id")


def today_of(customer: Customer) -> date:
    return timezone.localdate(timezone=customer.store.tzinfo)


def statement_of_form(customer: Customer, form: PeriodForm) -> Statement | None:
    """Return the statement, or None when the form has errors or a service refuses its days."""
    if not form.is_valid():
        return None
    try:
        return statement_of(customer, form.period)
    except DomainError as refusal:
        form.add_error("first", error_message(refusal))
        return None
