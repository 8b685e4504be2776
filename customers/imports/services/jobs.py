"""Create imports and move them on: columns, check, run, take back. `working` does the work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from customers.imports.columns import IGNORED, choose, header_hash
from customers.imports.columns.choosing import with_corrections
from customers.imports.drafts.cells import clean
from customers.imports.models import ImportJob, ImportRow, ImportSource, SavedMapping, State
from customers.imports.models.row import WRITES
from customers.imports.reading import Unreadable, open_table
from customers.imports.services import files
from customers.imports.services.error_files import without_repairs
from customers.imports.services.matching import DEFAULT_KINDS
from stores.actors import Actor
from stores.errors import Conflict
from stores.models import Store

SAMPLES = 3
# The states from which a person may move an import on to each state.
FROM = {
    State.FETCHING: (State.UNREADABLE,),
    State.CHECKING: (State.UPLOADED, State.CHECKED),
    State.RUNNING: (State.CHECKED,),
    State.UNDOING: (State.DONE, State.UNDONE),
    State.CANCELLED: (State.FETCHING, State.UPLOADED, State.CHECKED, State.UNREADABLE),
}


def create_job(
    store: Store,
    actor: Actor,
    file: IO[bytes],
    name: str,
    *,
    format: str = "",
    blank: str = "keep",
    match: Sequence[str] = DEFAULT_KINDS,
    corrections: dict[str, str | None] | None = None,
) -> ImportJob:
    """Keep a file and choose the fields of its columns. Raises Unreadable, and ValueError for corrections."""
    table = open_table(file, format)
    mapping = choose(table.header)
    targets = with_corrections(
        table.header, remembered(store, table.header) or mapping.targets, corrections or {}
    )
    # Before anything is saved: a file without rows, or that breaks off at once, is refused here.
    samples = samples_of(table.rows, len(table.header))
    with transaction.atomic():
        job = ImportJob.objects.create(
            store=store,
            name=name[:250],
            format=table.format,
            vendor=mapping.vendor,
            sha256=files.hash_of(file),
            header=table.header,
            targets=targets,
            samples=samples,
            options={"format": format, "blank": blank, "match": list(match)},
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
        )
        files.save_file(job, file)
        if corrections:
            remember(job)
    return job


def samples_of(rows: Any, width: int) -> list[list[str]]:
    """Return the first cells of each column that are not blank, of some rows. Raises Unreadable."""
    samples: list[list[str]] = [[] for _ in range(width)]
    first = list(islice(rows, 50))
    if not first:
        raise Unreadable("no_rows")
    for row in first:
        for cells, cell in zip(samples, row.cells, strict=False):
            text = clean(cell)[:80]
            if text and len(cells) < SAMPLES and text not in cells:
                cells.append(text)
    return samples


def remembered(store: Store, header: list[str]) -> list[str] | None:
    """Return the fields that a person last gave to the columns of such a header."""
    names, added = without_repairs(header)
    saved = SavedMapping.objects.filter(store=store, header_hash=header_hash(names)).first()
    if saved is None or len(saved.targets) != len(names):
        return None
    return [*saved.targets, *[IGNORED] * added]


def remember(job: ImportJob) -> None:
    names, _ = without_repairs(job.header)
    SavedMapping.objects.update_or_create(
        store=job.store,
        header_hash=header_hash(names),
        defaults={"targets": job.targets[: len(names)], "updated_at": timezone.now()},
    )


def set_columns(job: ImportJob, targets: list[str]) -> None:
    """Save the fields that a person chose for the columns, for this import and the next with such a header."""
    with transaction.atomic():
        if targets != job.targets:
            job.targets = targets
            remember(job)
            job.save(update_fields=["targets"])


def start(job: ImportJob, state: State) -> None:
    """Move an import on. Raises Conflict `changed_meanwhile` if it is in no state for that."""
    now = timezone.now()
    columns: dict[str, Any] = {"started_at": now} if state == State.RUNNING else {}
    move(job, FROM[state], state, **columns)


def run_rest(job: ImportJob) -> None:
    """Write what was decided after the run. Raises Conflict `changed_meanwhile` if that is nothing."""
    if not rest_of(job).exists():
        raise Conflict("changed_meanwhile")
    move(job, (State.DONE,), State.RUNNING)


def move(job: ImportJob, before: Sequence[str], state: State, **columns: Any) -> None:
    """Give the import a state, if it has one of those before. Raises Conflict `changed_meanwhile`."""
    with transaction.atomic():
        if state == State.RUNNING and job.source_id:
            require_only_run(job)
        ready = ImportJob.objects.filter(store=job.store_id, pk=job.pk, state__in=before)
        if not ready.update(state=state, progress=0, problem="", **columns):
            raise Conflict("changed_meanwhile")
    job.reload()


def require_only_run(job: ImportJob) -> None:
    """Refuse a second import beside one that writes what the same server told. Raises Conflict."""
    # Locking the source makes two starts at the same moment wait for each other.
    ImportSource.objects.select_for_update().get(store=job.store_id, pk=job.source_id or 0)
    running = ImportJob.objects.filter(store=job.store_id, source=job.source_id)
    if running.filter(state=State.RUNNING).exists():
        raise Conflict("changed_meanwhile")


def rest_of(job: ImportJob) -> Any:
    """Return the rows that are to be written and are not yet."""
    return ImportRow.objects.filter(store=job.store_id, job=job, outcome="", action__in=WRITES)


def as_json(job: ImportJob) -> str:
    """Return the state of an import for programs."""
    value = {
        "id": str(job.uid),
        "name": job.name,
        "state": job.state,
        "progress": job.progress,
        "counts": job.counts,
    }
    return json.dumps(value | ({"problem": job.problem} if job.problem else {}))
