"""Personal data in imports: their files, samples of their columns, and what they planned and wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from customers.imports.models import ImportChunk, ImportedId, ImportJob, ImportRow
from customers.models import Customer
from customers.privacy.personal_data.tables import (
    CODE,
    STAFF,
    CopyTable,
    PersonalTable,
    json_fragments,
    rows_of,
)
from stores.database.batches import each

DELETED = "Deleted with the row."
REPEATING = ("label", "payload", "diff", "issues", "repairs", "result", "kept")


def erase_imports(customer: Customer, texts: Iterable[str]) -> dict[str, int]:
    """Delete what imports planned and wrote of the customer, and their files; blank their samples.

    Such an import cannot be taken back any more, and its failed rows cannot be downloaded.
    """
    store = customer.store_id
    keys = {*keys_of_rows(customer), *keys_of_repeating(store, json_fragments(texts))}
    rows = ImportRow.objects.filter(store=store, pk__in=keys)
    jobs = set(rows.order_by().values_list("job_id", flat=True).distinct())
    chunks = ImportChunk.objects.filter(store=store, job__in=jobs)
    return {
        ImportChunk._meta.label: chunks.delete()[0],
        ImportJob._meta.label: ImportJob.objects.filter(store=store, pk__in=jobs).update(
            samples=[]
        ),
        ImportRow._meta.label: rows.delete()[0],
    }


def keys_of_rows(customer: Customer) -> list[int]:
    """Return the keys of the rows that found the customer."""
    return ImportRow.objects.filter(store=customer.store_id, customer=customer.pk).column("pk")


def keys_of_repeating(store: int, fragments: list[bytes]) -> Iterator[int]:
    """Yield the keys of rows without a customer, such as errors, that have one of these fragments of JSON."""
    rows = ImportRow.objects.filter(store=store, customer=None)
    for row in each(rows.values("pk", *REPEATING)):
        content = orjson.dumps([row[name] for name in REPEATING])
        if any(fragment in content for fragment in fragments):
            yield row["pk"]


IMPORT_TABLES = (
    PersonalTable(ImportedId, "Ids on other servers", rows_of(ImportedId), deletes_rows=True),
)
IMPORT_COPIES = (
    CopyTable(
        ImportChunk,
        "Files of imports",
        {"data": "A part of the file, encrypted. Deleted when the file has the customer."},
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
    ),
)
