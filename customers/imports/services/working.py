"""Work on imports: in the worker, or at once in a command."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from contextlib import suppress

from django.db import Error, InterfaceError, OperationalError, connection
from django.utils import timezone

from customers.imports.models import ImportJob, State
from customers.imports.models.job import AT_WORK
from customers.imports.services.checking import check
from customers.imports.services.leases import LeaseLost, lease, release
from customers.imports.services.running import run
from customers.imports.services.undoing import undo
from stores.database.connections import close_if_unusable_or_obsolete

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
WORK = {State.CHECKING: check, State.RUNNING: run, State.UNDOING: undo}
DATABASE_AWAY = (OperationalError, InterfaceError)  # or busy: worth another try
# The state of an import after a fault of the program, in which it waits for a person, and what to do then.
AFTER_FAULT = {
    State.CHECKING: (
        State.UNREADABLE,
        "The check stopped at an unexpected error, which the server's log names. Nothing was written.",
    ),
    State.RUNNING: (
        State.DONE,
        "The import stopped at an unexpected error, which the server's log names. Take back what was written,"
        " or import the file again: customers that are written already stay the same.",
    ),
    State.UNDOING: (
        State.DONE,
        "Taking back stopped at an unexpected error, which the server's log names. Take back again to go on.",
    ),
}


def work(job: ImportJob) -> bool:
    """Do what the import's state asks for, unless a worker is at it. Return whether it was done.

    After a fault of the program the import waits for a person: no worker tries again without end.
    """
    token = lease(job)
    if token is None:
        return False
    job.reload()  # the worker before may have died in the middle, or a person may have moved it on
    try:
        WORK[State(job.state)](job, token)
    except LeaseLost:
        return False
    except DATABASE_AWAY:
        raise
    except Exception as error:
        # The database ended the connection, because this machine slept or was too busy: not the import's fault.
        if not connection.is_usable():
            raise OperationalError("The connection is lost.") from error
        stop(job, token)
        raise
    return True


def work_or_wait(job: ImportJob) -> None:
    """Do what the import's state asks for, or wait until the worker that is at it has done so."""
    while not work(job):
        job.reload()
        if job.state not in AT_WORK:
            return
        time.sleep(IDLE_SECONDS)


def stop(job: ImportJob, token: uuid.UUID) -> None:
    """Release an import after a fault, with what a person should do."""
    state, problem = AFTER_FAULT[State(job.state)]
    counts = {} if job.state == State.CHECKING else job.counts
    with suppress(LeaseLost):
        release(job, token, state=state, problem=problem, counts=counts, progress=0)


def work_forever(stopping: threading.Event) -> None:
    """Work on all imports until `stopping` is set. A fault in one does not stop the others."""
    while not stopping.wait(IDLE_SECONDS):
        try:
            close_if_unusable_or_obsolete()
            work_on_all()
        except Error as error:
            logger.warning("imports could not be worked on", exc_info=error)
            connection.close()
    connection.close()


def work_on_all() -> None:
    """Do what there is to do now, the oldest import first."""
    jobs = ImportJob.objects.at_work().unleased(timezone.now()).select_related("store")
    for job in jobs.order_by("pk"):
        try:
            work(job)
        except DATABASE_AWAY:
            raise
        except Exception as error:
            logger.error("import %s failed", job.pk, exc_info=error)
