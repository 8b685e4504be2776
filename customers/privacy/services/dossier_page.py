"""A dossier as one page of HTML to read: words instead of columns, without ids and empty fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from customers.models import Customer
from customers.privacy.services.dossier import Rows

CODE = re.compile("[a-z]+(_[a-z]+)+")
FEW = 3  # rows that are shown as lists of facts, one below the other
# Ids and counters of the software, and whole former states; data.json has them.
TECHNICAL = frozenset({"uid", "version", "position", "object_id", "snapshot"})
ENDINGS = ("_uid", "_id", "_key", "_e164", "version")


def page_of(customer: Customer, sections: dict[str, Rows]) -> str:
    shown = [section_of(title, rows) for title, rows in sections.items() if rows]
    empty = [title for title, rows in sections.items() if not rows]
    context = {"customer": customer, "made_at": timezone.now(), "sections": shown, "empty": empty}
    return render_to_string("privacy/dossier.html", context)


def section_of(title: str, rows: Rows) -> dict[str, Any]:
    """Return the columns that say something in any of the rows, and the rows as texts."""
    texts = [{name: words(value) for name, value in row.items() if is_shown(name)} for row in rows]
    columns = [name for name in texts[0] if any(row.get(name) for row in texts)]
    lists = [[(label(name), row[name]) for name in columns if row[name]] for row in texts]
    table = [[row[name] for name in columns] for row in texts]
    is_short = len(rows) <= FEW
    return {
        "title": title,
        "columns": [label(name) for name in columns],
        "lists": lists if is_short else [],
        "rows": [] if is_short else table,
    }


def is_shown(name: str) -> bool:
    return name not in TECHNICAL and not name.endswith(ENDINGS)


def label(name: str) -> str:
    return name.removeprefix("is_").replace("_", " ").capitalize()


def words(value: Any) -> str:
    """Return a value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, dict):
        return words(value.get("formatted")) or "; ".join(parts_of(value))
    if isinstance(value, list):
        between = "\n" if any(isinstance(item, dict) for item in value) else ", "
        return between.join(text for item in value if (text := words(item)))
    return text_of(value)


def text_of(value: Any) -> str:
    text = str(value)
    if text[:1] in ("[", "{"):
        with suppress(orjson.JSONDecodeError):
            return words(orjson.loads(text))
    then = parse_datetime(text) if text[10:11] == "T" else None
    if then:
        return moment(then)
    return text.replace("_", " ") if CODE.fullmatch(text) else text


def moment(value: datetime) -> str:
    return f"{date_format(value, 'j F Y, H:i')} UTC"


def parts_of(value: dict[str, Any]) -> Iterator[str]:
    for name, part in value.items():
        if is_shown(name) and not isinstance(part, UUID) and (text := words(part)):
            yield f"{label(name)}: {text}"
