"""Personal data in files of imports that no check has planned: no row says who is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import orjson

from customers.imports.models import ImportChunk, ImportJob, ImportRow, State
from customers.imports.reading import Unreadable
from customers.imports.services import files
from customers.imports.services.deleting import delete_file
from customers.privacy.personal_data.tables import Person, json_fragments
from stores.encryption import DecryptionError

UNPLANNED = (
    State.FETCHING,
    State.UPLOADED,
    State.CHECKING,
    State.UNREADABLE,
    State.CANCELLED,
)
DELETED = "The file is deleted: somebody in it was erased. Upload it again, without that person."


def delete_unplanned_files(persons: Sequence[Person]) -> list[dict[str, int]]:
    """Delete the files that name one of these persons, or cannot be read. Such an import begins anew."""
    store = persons[0].customer.store_id
    fragments = [json_fragments(person.texts) for person in persons]
    deleted: list[Counter[str]] = [Counter() for _ in persons]
    jobs = ImportJob.objects.filter(store=store, state__in=UNPLANNED).select_related("store")
    for job in jobs.order_by("pk"):
        if not ImportChunk.objects.filter(store=store, job=job).exists():
            continue
        named = persons_in(job, fragments)
        for number in named:
            deleted[number][ImportChunk._meta.label] += 1
        if named:
            forget(job)
    return [dict(numbers) for numbers in deleted]


def persons_in(job: ImportJob, fragments: Sequence[Sequence[bytes]]) -> set[int]:
    """Return the numbers of the persons whom the file names; of all, where nobody can read it."""
    named: set[int] = set()
    try:
        for content in rows_of(job):
            for number, texts in enumerate(fragments):
                if number not in named and any(text in content for text in texts):
                    named.add(number)
    except (Unreadable, DecryptionError):
        return {*range(len(fragments))}
    return named


def rows_of(job: ImportJob) -> Iterator[bytes]:
    """Yield the rows as JSON. Those of a server are JSON already."""
    with files.opened(job) as table:
        for row in table.rows:
            yield row.cells[0].encode() if job.source_id else orjson.dumps(row.cells)


def forget(job: ImportJob) -> None:
    delete_file(job)
    ImportRow.objects.filter(store=job.store_id, job=job).delete()
    state = State.CANCELLED if job.source_id else State.UNREADABLE
    rows = ImportJob.objects.filter(store=job.store_id, pk=job.pk)
    # Without its lease, a worker that is at the file stops.
    rows.update(state=state, problem=DELETED, counts={}, lease_token=None, leased_until=None)
