"""Connections of urllib3 that know which call uses them at the moment.

A deadline needs it: a socket's timeout starts again with each byte, so another thread must be able to abort
the connection.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from stores.http_deadline import CancellableConnection


class Call(threading.local):
    """The call that this thread makes."""

    connection: CancellableConnection
    is_reusing = False  # True when its request went over a connection that served others before


call = Call()


@contextmanager
def calling(connection: CancellableConnection) -> Iterator[None]:
    """Attach the connections that this thread uses."""
    call.connection = connection
    yield


class AttachesItself:
    """A connection that attaches its socket to the call that uses it."""

    sock: socket.socket | None
    is_used = False

    def _new_conn(self) -> socket.socket:
        call.is_reusing = False
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        call.connection.attach(connected)
        self.is_used = False
        return connected

    def request(self, *args: Any, **kwargs: Any) -> None:
        call.is_reusing = self.is_used and self.sock is not None
        if call.is_reusing and self.sock is not None:
            call.connection.attach(self.sock)
        self.is_used = True
        super().request(*args, **kwargs)  # type: ignore[misc]


class PlainConnection(AttachesItself, HTTPConnection):
    pass


class SecureConnection(AttachesItself, HTTPSConnection):
    pass
