"""A deadline for an HTTP call, by the wall clock.

A socket's timeout starts anew with each byte, and looking a name up has none at all: only somebody who waits
outside can keep a deadline. So the call runs in a thread of its own. When the time is over, its socket is shut
down.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class DeadlineExceeded(Exception):
    """The call did not end in time. What it would have returned is lost."""


class CancellableConnection:
    """The connection of one call, which another thread can abort at any moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_aborted = False

    def attach(self, connected: socket.socket) -> None:
        """Keep a duplicate of the socket, also of a TLS socket. A shutdown reaches both.

        It replaces the one that was attached before.
        """
        with self._lock:
            if self._is_aborted:
                connected.close()
                raise OSError("aborted before it was connected")
            self._close()
            self._socket = socket.socket(fileno=os.dup(connected.fileno()))

    def abort(self) -> None:
        """Shut the socket down, which wakes the thread that waits for the server."""
        with self._lock:
            self._is_aborted = True
            if self._socket:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None


class CallThread(threading.Thread, Generic[T]):
    """A call in a thread of its own. One of `result` and `error` is set when it has ended."""

    def __init__(self, name: str, call: Callable[[CancellableConnection], T]) -> None:
        super().__init__(name=name, daemon=True)
        self.connection = CancellableConnection()
        self.result: T | None = None
        self.error: Exception | None = None
        self._call = call

    def run(self) -> None:
        try:
            self.result = self._call(self.connection)
        except Exception as error:
            self.error = error
        finally:
            self.connection.close()


def call_with_deadline(name: str, seconds: float, call: Callable[[CancellableConnection], T]) -> T:
    """Return what the call returns. Raises what the call raises, or DeadlineExceeded after so many seconds.

    The call attaches its socket to the connection that it is given. `name` is the thread's.
    """
    thread = CallThread(name, call)
    thread.start()
    thread.join(seconds)
    if thread.error:
        raise thread.error
    if thread.result is None:
        thread.connection.abort()
        raise DeadlineExceeded
    return thread.result
