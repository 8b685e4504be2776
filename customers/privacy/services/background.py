"""What the worker does for privacy: it makes files with personal data, and deletes those that expired."""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, connection

from customers.privacy.services.data_exports import delete_expired_files, make_waiting

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0
SECONDS_BETWEEN_DELETIONS = 600.0


def make_files_forever(stopping: threading.Event) -> None:
    """Work until `stopping` is set. After a database error, try again in the next round."""
    deleted_at = float("-inf")
    while not stopping.wait(SECONDS_BETWEEN_ROUNDS):
        try:
            # First, or a file that cannot be made would keep the others from being deleted.
            if time.monotonic() - deleted_at > SECONDS_BETWEEN_DELETIONS:
                delete_expired_files()
                deleted_at = time.monotonic()
            make_waiting()
        except Error as error:
            logger.warning("exports of personal data were not made", exc_info=error)
        connection.close()
