"""Look for the markers of a person in each value of each table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection

from stores.models import IdempotentRequest
from stores.models.idempotency import answers_encryptor
from tests.privacy.person import NEEDLES

Finds = set[tuple[str, str]]  # table and column


def places_of_needles(needles: Iterable[str] = NEEDLES) -> Finds:
    """Return where a needle is, also in what is stored encrypted or encoded."""
    return {
        *in_tables(needles),
        *(("answers", "body") for body in decrypted_answers() if has_needle(body, needles)),
        *(("sessions", "data") for data in decoded_sessions() if has_needle(data, needles)),
    }


def in_tables(needles: Iterable[str]) -> Finds:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return {place for table in tables for place in in_table(table, needles)}


def in_table(table: str, needles: Iterable[str]) -> Finds:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        names = [column[0] for column in cursor.description]
        return {
            (table, name)
            for row in cursor
            for name, value in zip(names, row, strict=True)
            if has_needle(value, needles)
        }


def has_needle(value: Any, needles: Iterable[str]) -> bool:
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("latin-1")
    text = str(value).lower()
    return any(needle in text for needle in needles)


def decrypted_answers() -> list[bytes]:
    rows = IdempotentRequest.objects.all()
    return [answers_encryptor.decrypt(row.body) for row in rows]


def decoded_sessions() -> list[str]:
    return [str(session.get_decoded()) for session in Session.objects.all()]
