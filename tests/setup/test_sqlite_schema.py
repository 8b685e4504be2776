"""Migrations on SQLite rebuild a changed table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.db.utils import ConnectionHandler


class Line(models.Model):
    text = models.CharField(max_length=10)

    class Meta:
        app_label = "tests"
        managed = False

    def __str__(self) -> str:
        return self.text


@pytest.mark.parametrize("default", ["", "x"])
def test_rebuilt_table_keeps_its_triggers(
    tmp_path: Path, django_db_blocker: Any, default: str
) -> None:
    database = {
        "ENGINE": "stores.database.sqlite",
        "NAME": str(tmp_path / "book.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20.0},
    }
    with django_db_blocker.unblock():
        connection = ConnectionHandler({"default": database})["default"]
        with connection.schema_editor() as editor:
            editor.create_model(Line)
            editor.execute(
                "CREATE TRIGGER fixed BEFORE UPDATE ON tests_line "
                "BEGIN SELECT RAISE(ABORT, '100% fixed'); END"
            )
            editor.execute("INSERT INTO tests_line (text) VALUES ('a')")
        with connection.schema_editor() as editor:
            field = models.CharField(max_length=10, default=default)
            field.set_attributes_from_name("note")
            editor.add_field(Line, field)
        with (
            connection.cursor() as cursor,
            pytest.raises(IntegrityError, match="100% fixed"),
        ):
            cursor.execute("UPDATE tests_line SET note = 'b'")
        connection.close()
