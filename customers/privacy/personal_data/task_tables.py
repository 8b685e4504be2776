"""Personal data in the notes of staff."""

from __future__ import annotations

from customers.privacy.personal_data.tables import PersonalTable, rows_of
from customers.tasks.models import Note

TASK_TABLES = (PersonalTable(Note, "Notes of colleagues", rows_of(Note), deletes_rows=True),)
