"""Count requests in windows of time, exactly for all processes of a machine, or with Redis of all machines.

Without Redis a counter is a file, and counting appends a byte to it. The kernel appends in one step, and
leaves the caller's position right behind its own byte: that position is the count. So nothing is locked,
nothing needs to be repaired after a crash, and processes share nothing but the folder.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
import threading
from pathlib import Path

from django.conf import settings

from stores.cache import cache_count

logger = logging.getLogger(__name__)

OPEN = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_is_unwritable = threading.Event()  # so that a failure is logged once


def count_in_window(name: str, window: int, seconds: int, limit: int) -> int | None:
    """Add one to the counter of this window, and return it; at most `limit` + 1.

    Return None while Redis is away. Where files cannot be written, each process counts for itself.
    """
    if settings.COUNTERS_FOLDER is not None:
        try:
            count = append(settings.COUNTERS_FOLDER, f"{seconds}-{window}", name, limit)
        except OSError as error:
            if not _is_unwritable.is_set():
                logger.warning("requests are counted in each process only", exc_info=error)
            _is_unwritable.set()
        else:
            _is_unwritable.clear()
            return count
    # its name holds the window, so the counter only has to outlive that
    return cache_count(f"{name}:{window}", seconds * 2)


def append(folder: Path, window: str, name: str, limit: int) -> int:
    """Append a byte to the counter's file, and return the file's length right after that."""
    path = f"{folder}/{window}/{name}"
    try:
        check_owner(folder)
        file = os.open(path, OPEN, 0o600)
    except FileNotFoundError:
        open_window(folder, window)
        file = os.open(path, OPEN, 0o600)
    try:
        if os.fstat(file).st_size >= limit:  # keeps the file of a refused client from growing
            return limit + 1
        os.write(file, b"+")
        return os.lseek(file, 0, os.SEEK_CUR)
    finally:
        os.close(file)


def open_window(folder: Path, window: str) -> None:
    """Create the window's folder, and delete those of windows of this length that are over.

    The last one stays: a request that began before its end may not have been counted yet.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    check_owner(folder)
    (folder / window).mkdir(mode=0o700, exist_ok=True)
    seconds, _, number = window.partition("-")
    current = {window, f"{seconds}-{int(number) - 1}"}
    for entry in folder.glob(f"{seconds}-*"):
        if entry.name not in current:
            shutil.rmtree(entry, ignore_errors=True)


def check_owner(folder: Path) -> None:
    """Refuse a folder that another user of this machine made, or that others may write to."""
    status = folder.lstat()
    is_private = status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if not stat.S_ISDIR(status.st_mode) or not is_private:
        raise PermissionError(f"{folder} belongs to somebody else")
