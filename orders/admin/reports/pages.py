"""The pages of reports, each with its form and its files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format

from orders.admin.reports.forms import DayForm, OneDayForm, PeriodForm, StoreForm, YearForm
from orders.models.report import Report as ReportModel
from orders.reports.columns import Kind
from orders.reports.credit_notes import credit_notes
from orders.reports.files import csv_lines, labelled, write_workbook
from orders.reports.ledger import ledger
from orders.reports.payments import close_of_day, payments
from orders.reports.period import Period
from orders.reports.receivables import ageing_by_customer, ageing_by_document
from orders.reports.report import Line, Report
from orders.reports.sales import orders_of, turnover
from orders.reports.write_offs import write_offs
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import number
from stores.admin.tenancy import scope_of

MOST_ROWS = 200  # of a page; files have all
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ReportPage:
    name: str
    title: str
    text: str
    form: type[StoreForm]
    make: Callable[[Period], Report]


PAGES = (
    ReportPage(
        "ageing",
        "Owed to us, by customer",
        "What each customer owed at the end of any day, by age, and unused credit.",
        DayForm,
        lambda period: ageing_by_customer(period.store, period.last),
    ),
    ReportPage(
        "documents",
        "Owed to us, by document",
        "Each order and charge that was open at the end of any day.",
        DayForm,
        lambda period: ageing_by_document(period.store, period.last),
    ),
    ReportPage("orders", "Orders", "Each order, with its turnover.", PeriodForm, orders_of),
    ReportPage(
        "turnover",
        "Turnover by month",
        "With refunds, credit notes and cancellations in the month they happened.",
        YearForm,
        turnover,
    ),
    ReportPage("payments", "Payments", "All money that came and went.", PeriodForm, payments),
    ReportPage(
        "close", "Close of day", "What each person took, by method.", OneDayForm, close_of_day
    ),
    ReportPage(
        "credit-notes",
        "Credit notes",
        "What orders were credited or refunded, by number.",
        PeriodForm,
        credit_notes,
    ),
    ReportPage(
        "write-offs",
        "Write-offs",
        "Debts that were given up, and why.",
        YearForm,
        write_offs,
    ),
    ReportPage("ledger", "Ledger", "Each posting to house accounts.", PeriodForm, ledger),
)
BY_NAME = {page.name: page for page in PAGES}


@admin.register(ReportModel)
class ReportAdmin(ReadOnlyAdmin):
    """The list of reports, and a page for each."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.report_view)
        return [path("of/<slug:name>/", view, name="orders_report_page"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        self.require_right(request)
        context = self.context(request, "Reports") | {"pages": PAGES}
        return TemplateResponse(request, "admin/orders/report/list.html", context)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponseBase:
        """Redirect to the order: a report is no row."""
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[object_id]))

    def report_view(self, request: HttpRequest, name: str) -> HttpResponseBase:
        self.require_right(request)
        page = BY_NAME.get(name)
        if page is None:
            raise Http404
        form = page.form(scope_of(request).stores(), request.GET)
        report = page.make(form.period()) if form.is_valid() else None
        if report and (kind := request.GET.get("file")):
            return self.file(request, report, page, kind)
        context = self.context(request, page.title) | {
            "page": page,
            "form": form,
            "query": request.GET.urlencode(),
            "may_export": request.user.has_perm("customers.export_customer"),
            **(shown(report) if report else {}),
        }
        return TemplateResponse(request, "admin/orders/report/report.html", context)

    def require_right(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    def file(
        self, request: HttpRequest, report: Report, page: ReportPage, kind: str
    ) -> HttpResponseBase:
        """Return the report as a file. It takes the right to export customers, whose names it has."""
        if not request.user.has_perm("customers.export_customer"):
            raise PermissionDenied
        name = f"{page.name}-{timezone.localdate(timezone=report.store.tzinfo):%Y-%m-%d}"
        if kind == "csv":
            response = StreamingHttpResponse(
                csv_lines(report), content_type="text/csv; charset=utf-8"
            )
            response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
            return response
        if kind != "xlsx":
            raise Http404
        file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        write_workbook(file, report)
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK
        )


def shown(report: Report) -> dict[str, Any]:
    """Return the report for the page: cells as text, and whether there are more rows."""
    rows = list(islice(report.rows(MOST_ROWS + 1), MOST_ROWS + 1))
    return {
        "report": report,
        "rows": [cells(report, row, report.currency_of(row)) for row in rows[:MOST_ROWS]],
        "sums": [cells(report, labelled(sums.values), sums.currency) for sums in report.sums],
        "most": MOST_ROWS if len(rows) > MOST_ROWS else None,
    }


def cells(report: Report, row: Line, currency: str) -> list[dict[str, Any]]:
    return [
        {"text": text(value, column.kind, report, currency), "column": column}
        for column, value in zip(report.columns, row, strict=True)
    ]


def text(value: Any, kind: Kind, report: Report, currency: str) -> str:
    if value is None:
        return ""
    if kind is Kind.MONEY and isinstance(value, Decimal):
        return number(value, currency, report.store.country)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value, report.store.tzinfo), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)
