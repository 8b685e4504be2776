"""The page of a customer's statement, which prints as a letter."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone

from customers.models import Customer
from orders.statements.pdf import pdf_of
from orders.statements.periods import Period, usual_periods
from orders.statements.recipient import postal_lines
from orders.statements.statement import Statement, statement_of
from stores.admin.base import ScopedAdmin
from stores.admin.error_messages import error_message
from stores.errors import DomainError

RIGHT = "customers.view_ledgerentry"
TEMPLATE = "admin/customers/customer/statement.html"
EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


class PeriodForm(forms.Form):
    """The days of a statement. An empty form means this month until today."""

    first = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="to", widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Choose the first day or a later one.")
        for name in ("first", "last"):
            if (day := data.get(name)) and not EARLIEST <= day <= LATEST:
                self.add_error(name, f"Choose a day from {EARLIEST.year} to {LATEST.year}.")
        return data

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


def period_form(request: HttpRequest, today: date) -> PeriodForm:
    """Return the form with the days in the URL, or with those of this month until today."""
    if request.GET.keys() & {"first", "last"}:
        return PeriodForm(request.GET)
    month = usual_periods(today)[0]
    return PeriodForm({"first": month.first.isoformat(), "last": month.last.isoformat()})


class StatementPages(ScopedAdmin):
    """Mixed into the admin of customers."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("statement", self.statement, RIGHT),
            self.button_path("statement-pdf", self.pdf, RIGHT),
            *super().get_urls(),
        ]

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
        }
        status = HTTPStatus.OK if statement else HTTPStatus.BAD_REQUEST
        return TemplateResponse(request, TEMPLATE, context, status=status)

    def pdf(self, request: HttpRequest, customer: Customer) -> HttpResponseBase:
        today = today_of(customer)
        form = period_form(request, today)
        statement = statement_of_form(customer, form)
        if statement is None:
            return self.statement_page(request, customer, form, None)
        content = pdf_of(statement, postal_lines(customer), today)
        name = f"statement-{customer.pk}-{statement.period.last}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/pdf", headers=headers)


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
