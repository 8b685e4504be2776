"""Keep the file of an import in the database, encrypted, and read it back, a chunk at a time."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from customers.imports.models import ImportChunk, ImportJob
from customers.imports.reading import Table, open_table, rewind
from customers.imports.reading.json_lines import records_of
from stores.encryption import FieldEncryptor

CHUNK = 2**20  # bytes
encryptor = FieldEncryptor(b"clientele imports")


def save_file(job: ImportJob, file: IO[bytes]) -> None:
    rewind(file)
    for position, data in enumerate(iter(lambda: file.read(CHUNK), b"")):
        ImportChunk.objects.create(
            store_id=job.store_id, job=job, position=position, data=encryptor.encrypt(data)
        )


def hash_of(file: IO[bytes]) -> str:
    rewind(file)
    digest = hashlib.sha256()
    for data in iter(lambda: file.read(CHUNK), b""):
        digest.update(data)
    return digest.hexdigest()


def chunks_of(job: ImportJob) -> Iterator[bytes]:
    """Yield the parts of the file. Raises DecryptionError."""
    rows = ImportChunk.objects.filter(store=job.store_id, job=job).order_by("position")
    for position in rows.column("position"):
        yield encryptor.decrypt(rows.get(position=position).data)


@contextmanager
def opened(job: ImportJob) -> Iterator[Table]:
    """Open the table of a job. Raises Unreadable."""
    with tempfile.TemporaryFile() as file:
        for data in chunks_of(job):
            file.write(data)
        file.flush()
        yield records_of(file) if job.source_id else open_table(file, job.options.get("format", ""))
