"""Personal data in imports: their files, samples of their columns, and what they planned and wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db.models import QuerySet

from customers.imports.models import ImportChunk, ImportedId, ImportJob, ImportRow
from customers.models import Customer
from customers.privacy.personal_data.tables import CODE, STAFF, CopyTable, PersonalTable, rows_of
from stores.database.batches import each

DELETED = "Deleted with the row."
REPEATING = ("label", "payload", "diff", "issues", "repairs", "result", "kept")


def rows_about(customer: Customer, texts: Iterable[str]) -> QuerySet[ImportRow]:
    """Return the rows of imports that found the customer, or that repeat its personal data."""
    rows = ImportRow.objects.filter(store=customer.store_id)
    linked = set(rows.filter(customer=customer.pk).column("pk"))
    return rows.filter(pk__in=linked | set(repeating(rows, [*texts])))


def repeating(rows: Any, texts: list[str]) -> Iterator[int]:
    """Yield the keys of rows without a customer, such as errors, that have one of the texts."""
    for row in each(rows.filter(customer=None).values("pk", *REPEATING)):
        plain = orjson.dumps([row[name] for name in REPEATING]).decode()
        if any(text in plain for text in texts):
            yield row["pk"]


def jobs_about(customer: Customer, texts: Iterable[str]) -> set[int]:
    return set(rows_about(customer, texts).order_by().values_list("job_id", flat=True).distinct())


def delete_files(customer: Customer, texts: Iterable[str]) -> int:
    """Delete the files of imports with the customer. Their failed rows cannot be downloaded any more."""
    jobs = jobs_about(customer, texts)
    chunks = ImportChunk.objects.filter(store=customer.store_id, job__in=jobs)
    return chunks.delete()[0]


def forget_samples(customer: Customer, texts: Iterable[str]) -> int:
    jobs = ImportJob.objects.filter(store=customer.store_id, pk__in=jobs_about(customer, texts))
    return jobs.update(samples=[])


def delete_import_rows(customer: Customer, texts: Iterable[str]) -> int:
    """Delete what imports planned and wrote of the customer. It cannot be taken back any more."""
    return rows_about(customer, texts).delete()[0]


IMPORT_TABLES = (
    PersonalTable(ImportedId, "Ids on other servers", rows_of(ImportedId), deletes_rows=True),
)
# Files and samples come first: they are found by the rows.
IMPORT_COPIES = (
    CopyTable(
        ImportChunk,
        "Files of imports",
        {"data": "A part of the file, encrypted. Deleted when the file has the customer."},
        delete_files,
    ),
    CopyTable(
        ImportJob,
        "Samples of imported columns",
        {
            "name": "The name of the file.",
            "format": CODE,
            "vendor": CODE,
            "sha256": "A hash of the whole file.",
            "header": "Names of columns.",
            "targets": CODE,
            "samples": "Some cells of the file. Blanked when the file has the customer.",
            "options": CODE,
            "state": CODE,
            "problem": "Says why the file cannot be read, without its contents.",
            "counts": "Numbers of rows.",
            "created_tags": "Words of the shop.",
            "actor_kind": CODE,
            "actor_name": STAFF,
        },
        forget_samples,
    ),
    CopyTable(
        ImportRow,
        "Rows of imports",
        {
            "lines": "Numbers of lines.",
            "action": CODE,
            "matched_by": CODE,
            "outcome": CODE,
            **dict.fromkeys(REPEATING, DELETED),
        },
        delete_import_rows,
    ),
)
