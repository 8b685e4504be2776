"""What was fetched of another server so far: lines in the import's file, and where the walk is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.db import transaction

from customers.imports.models import ImportChunk, ImportJob, State
from customers.imports.services.files import chunks_of, encryptor


def append(job: ImportJob, lines: bytes, cursor: dict[str, Any]) -> None:
    """Save the lines of a page together with where the next one begins."""
    with transaction.atomic():
        if lines:
            position = job.options.get("chunks", 0)
            ImportChunk.objects.create(
                store_id=job.store_id, job=job, position=position, data=encryptor.encrypt(lines)
            )
            job.options["chunks"] = position + 1
        job.options["cursor"] = cursor
        job.progress += lines.count(b"\n")
        job.save(update_fields=["options", "progress"])


def fetched_ids(job: ImportJob) -> set[str]:
    """Return the ids of the customers that were fetched before the walk was interrupted."""
    return set(ids_of(chunks_of(job)))


def ids_of(chunks: Iterator[bytes]) -> Iterator[str]:
    for chunk in chunks:
        for line in chunk.splitlines():
            yield orjson.loads(line)["foreign_id"]


def finish(job: ImportJob) -> None:
    job.state = State.UPLOADED
    job.save(update_fields=["state"])
