"""Fetch, in the worker, the customers of servers that the back office was given a key of."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress

from django.db import Error, connection
from django.utils import timezone

from customers.api.remote.moving import client_of, fetch
from customers.api.remote.server import RemoteError
from customers.imports.models import ImportJob, State
from customers.imports.services.leases import LeaseLost, lease, release
from customers.imports.services.sources import key_of
from stores.database.connections import close_if_unusable_or_obsolete
from stores.encryption import DecryptionError

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
LOST_KEY = "The key cannot be decrypted: SECRET_KEY was changed. Move in again, with the key."
FAULT = (
    "Fetching stopped at an unexpected error, which the server's log names. Nothing was written."
)


def fetch_forever(stopping: threading.Event, packages: Mapping[str, str]) -> None:
    """Fetch what waits, until `stopping` is set. `packages` has the package of each dialect by its name."""
    while not stopping.wait(IDLE_SECONDS):
        try:
            close_if_unusable_or_obsolete()
            fetch_waiting(packages)
        except Error as error:
            logger.warning("servers could not be read", exc_info=error)
            connection.close()
    connection.close()


def fetch_waiting(packages: Mapping[str, str]) -> None:
    """Fetch what waits now, the oldest import first. A command, which has its own key, fetches for itself."""
    waiting = ImportJob.objects.filter(state=State.FETCHING).exclude(source__key=b"")
    for job in waiting.unleased(timezone.now()).select_related("store", "source").order_by("pk"):
        if token := lease(job, [State.FETCHING]):
            fetch_leased(job, token, packages)


def fetch_leased(job: ImportJob, token: uuid.UUID, packages: Mapping[str, str]) -> None:
    """Fetch, and let the check follow. What cannot be read is told on the page of the import."""
    assert job.source is not None  # noqa: S101 only such imports are fetched
    client = client_of(packages[job.source.dialect])
    try:
        fetch(job, token, client, key_of(job.source))
    except LeaseLost:
        return
    except RemoteError as error:
        fail(job, token, str(error))
    except DecryptionError:
        fail(job, token, LOST_KEY)
    except Error:
        raise
    except Exception as error:
        logger.error("import %s could not be fetched", job.pk, exc_info=error)
        fail(job, token, FAULT)


def fail(job: ImportJob, token: uuid.UUID, problem: str) -> None:
    with suppress(LeaseLost):
        release(job, token, state=State.UNREADABLE, problem=problem[:500], progress=0)
