"""Create the customers of many rows in one transaction, together with the rows' results."""

from __future__ import annotations

from django.db import connections, router

from customers.imports.models import ImportJob, ImportRow
from customers.imports.services.changes import fields_of_new
from customers.imports.services.writing import AlreadyWritten, draft_of, remember, save_result
from customers.models.choices import Source
from customers.services.creating_many import create_customers, prepare_customer
from customers.services.editing import unit_of_work
from stores.errors import DomainError

# Of many new customers only these differ, so one statement serves all of them.
SAVE_RESULT = (
    "UPDATE imports_importrow SET customer_id = %s, version_after = %s, outcome = 'written', payload = '{}'"
    " WHERE store_id = %s AND id = %s AND outcome = ''"
)


def created_together(job: ImportJob, rows: list[ImportRow]) -> bool:
    """Create the customers of rows in one transaction, with their results. Return False if one is refused."""
    store, writer = job.store, job.writer
    try:
        prepared = [
            prepare_customer(
                store, writer, fields_of_new(draft_of(row), store), source=Source.IMPORT
            )
            for row in rows
        ]
        with unit_of_work():
            created = create_customers(store, writer, prepared)
            for row, customer in zip(rows, created, strict=True):
                row.customer_id, row.version_after = customer["id"], customer["version"]
                if "foreign_id" in row.payload:
                    remember(job, row)
            save_results(rows)
    except (DomainError, AlreadyWritten):
        return False
    return True


def save_results(rows: list[ImportRow]) -> None:
    """Save the results of rows that became new customers. Raises AlreadyWritten."""
    values = []
    for row in rows:
        if "foreign_id" in row.payload:
            save_result(row)
        else:
            values.append((row.customer_id, row.version_after, row.store_id, row.pk))
    if values:
        with connections[router.db_for_write(ImportRow)].cursor() as cursor:
            cursor.executemany(SAVE_RESULT, values)
            if cursor.rowcount < len(values):
                raise AlreadyWritten
