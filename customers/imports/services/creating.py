"""Create the customers of many rows in one transaction, together with the rows' results."""

from __future__ import annotations

from django.db import connections, router

from customers.imports.models import ImportJob, ImportRow
from customers.imports.services import syncing
from customers.imports.services.changes import fields_of_new
from customers.imports.services.writing import AlreadyWritten, draft_of
from customers.models.choices import Source
from customers.services.creating_many import insert_customers, prepare_customer, publish_created
from customers.services.editing import unit_of_work
from stores.errors import DomainError

# Of many new customers only the first two columns differ, so one statement serves all of them.
SAVE_RESULTS = (
    "UPDATE imports_importrow SET customer_id = result.column2, version_after = result.column3,"
    " outcome = 'written', payload = '{}' FROM (VALUES %s) AS result"
    " WHERE store_id = %%s AND id = result.column1 AND outcome = ''"
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
            for row, customer in zip(rows, insert_customers(store, prepared), strict=True):
                row.customer_id, row.version_after = customer.pk, customer.version
            syncing.remember_new(job, rows)
            save_results(rows)
            # Last, because it locks the store until the commit.
            publish_created(store, writer, prepared)
    except (DomainError, AlreadyWritten):  # the caller writes them one by one, and finds out which
        return False
    return True


def save_results(rows: list[ImportRow]) -> None:
    """Save the results of rows that became new customers. Raises AlreadyWritten."""
    values = [value for row in rows for value in (row.pk, row.customer_id, row.version_after)]
    sql = SAVE_RESULTS % ", ".join(["(%s, %s, %s)"] * len(rows))
    with connections[router.db_for_write(ImportRow)].cursor() as cursor:
        cursor.execute(sql, [*values, rows[0].store_id])
        if cursor.rowcount < len(rows):
            raise AlreadyWritten
