"""A dossier as a ZIP file: JSON for machines, one page of HTML to read, and a CSV for each section."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import orjson
from django.utils import timezone
from django.utils.text import slugify

from customers.exports.formulas import escape
from customers.models import Customer
from customers.privacy.services.dossier import Rows
from customers.privacy.services.dossier_page import page_of


def zip_of(customer: Customer, sections: dict[str, Rows]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(customer, sections):
            archive.writestr(name, content)
    return buffer.getvalue()


def files_of(customer: Customer, sections: dict[str, Rows]) -> Iterator[tuple[str, bytes]]:
    head = {"customer": str(customer.uid), "made_at": timezone.now()}
    data = head | {"sections": sections}
    yield "data.json", orjson.dumps(data, default=str, option=orjson.OPT_INDENT_2)
    yield "index.html", page_of(customer, sections).encode()
    for title, rows in sections.items():
        if rows:
            yield f"{slugify(title)}.csv", csv_of(rows)


def csv_of(rows: Rows) -> bytes:
    """Return CSV with a mark by which spreadsheets read it as UTF-8; no cell runs as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow([escape(text_of(value)) for value in row.values()])
    return buffer.getvalue().encode("utf-8-sig")


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode()
    return str(value)
