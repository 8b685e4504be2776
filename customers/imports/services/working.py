"""Work on imports: in the worker, or at once in a command."""

from __future__ import annotations

import logging
import threading

from django.db import Error, connection
from django.utils import timezone

from customers.imports.models import ImportJob, State
from customers.imports.services.checking import check
from customers.imports.services.leases import LeaseLost, lease
from customers.imports.services.running import run
from customers.imports.services.undoing import undo
from stores.database.connections import close_if_unusable_or_obsolete

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
WORK = {State.CHECKING: check, State.RUNNING: run, State.UNDOING: undo}


def work(job: ImportJob) -> bool:
    """Do what the import's state asks for, unless a worker is at it. Return whether it was done."""
    token = lease(job)
    if token is None:
        return False
    job.reload()
    try:
        WORK[State(job.state)](job, token)
    except LeaseLost:
        return False
    return True


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
        except Error:  # the database is away, or busy: later
            raise
        except Exception as error:
            logger.error("import %s failed", job.pk, exc_info=error)
