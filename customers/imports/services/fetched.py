"""What was fetched of another server so far: lines in the import's file, and where the walk is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import orjson
from django.db import transaction

from customers.imports.models import ImportChunk, ImportJob
from customers.imports.services.files import chunks_of, encryptor
from customers.imports.services.leases import renew


def append(job: ImportJob, token: uuid.UUID, lines: bytes, cursor: dict[str, Any]) -> None:
    """Save the lines of a page together with where the next one begins. Raises LeaseLost."""
    position = job.options.get("chunks", 0)
    job.options |= {"cursor": cursor, "chunks": position + bool(lines)}
    job.progress += lines.count(b"\n")
    with transaction.atomic():
        renew(job, token, options=job.options, progress=job.progress)
        if lines:
            ImportChunk.objects.create(
                store_id=job.store_id, job=job, position=position, data=encryptor.encrypt(lines)
            )


def fetched_ids(job: ImportJob) -> set[str]:
    """Return the ids of the customers that were fetched before the walk was interrupted."""
    return set(ids_of(chunks_of(job)))


def ids_of(chunks: Iterator[bytes]) -> Iterator[str]:
    for chunk in chunks:
        for line in chunk.splitlines():
            yield orjson.loads(line)["foreign_id"]
