"""Personal data in imports: their files, samples of their columns, and what they planned and wrote."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from customers.imports.models import ImportChunk, ImportedId, ImportJob, ImportRow
from customers.privacy.personal_data.import_files import delete_unplanned_files
from customers.privacy.personal_data.tables import (
    CODE,
    STAFF,
    CopyTable,
    Person,
    PersonalTable,
    json_fragments,
    rows_of,
)
from stores.database.batches import each

DELETED = "Deleted with the row."
REPEATING = ("label", "payload", "diff", "issues", "repairs", "result", "kept")


def erase_imports(persons: Sequence[Person]) -> list[dict[str, int]]:
    """Delete what imports planned and wrote of these customers, and their files; blank their samples.

    Such an import cannot be taken back any more, and its failed rows cannot be downloaded.
    """
    store = persons[0].customer.store_id
    found = keys_of_rows(persons, store)
    fragments = [json_fragments(person.texts) for person in persons]
    for row in each(ImportRow.objects.filter(store=store, customer=None).values("pk", *REPEATING)):
        content = orjson.dumps([row[name] for name in REPEATING])
        for keys, own in zip(found, fragments, strict=True):
            if any(fragment in content for fragment in own):
                keys.add(row["pk"])
    unplanned = delete_unplanned_files(persons)
    planned = [delete_rows(store, keys) for keys in found]
    return [
        {**rows, **{label: rows.get(label, 0) + number for label, number in more.items()}}
        for rows, more in zip(planned, unplanned, strict=True)
    ]


def keys_of_rows(persons: Sequence[Person], store: int) -> list[set[int]]:
    """Return for each customer the keys of the rows that found it, of all imports in one statement."""
    found = {person.customer.pk: set[int]() for person in persons}
    rows = ImportRow.objects.filter(store=store, customer__in=[*found])
    for pk, customer in rows.order_by().values_list("pk", "customer_id"):
        found[customer].add(pk)
    return [*found.values()]


def delete_rows(store: int, keys: set[int]) -> dict[str, int]:
    """Delete these rows, and the files that they came from."""
    rows = ImportRow.objects.filter(store=store, pk__in=keys)
    jobs = set(rows.order_by().values_list("job_id", flat=True).distinct())
    chunks = ImportChunk.objects.filter(store=store, job__in=jobs)
    blanked = ImportJob.objects.filter(store=store, pk__in=jobs).exclude(samples=[])
    return {
        ImportChunk._meta.label: chunks.delete()[0],
        ImportJob._meta.label: blanked.update(samples=[]),
        ImportRow._meta.label: rows.delete()[0],
    }


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
