"""Send exported customers as files."""

from __future__ import annotations

import tempfile
from operator import attrgetter

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from customers.exports.csv_file import csv_lines, layout_for
from customers.exports.rows import rows_of
from customers.exports.workbook import write_workbook
from customers.models import Customer

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_response(customers: QuerySet[Customer], title: str = "heading") -> HttpResponseBase:
    """Return the customers as CSV. `title` is the attribute of a column that the first line shows."""
    lines = csv_lines(customers, layout_for(customers), attrgetter(title))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name()}.csv"'
    return response


def xlsx_response(customers: QuerySet[Customer]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    write_workbook(file, rows_of(customers), attrgetter("heading"))
    file.seek(0)
    name = f"{file_name()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)


def file_name() -> str:
    return f"customers-{timezone.localdate():%Y-%m-%d}"
