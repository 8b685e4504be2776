"""Misbehaving receivers: they hang, send slowly, reset or never end."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

Behaviour = Callable[[socket.socket, threading.Event], None]


class RawReceiver:
    """Server on loopback that reads each request and answers with `behaviour`."""

    def __init__(self, behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._behaviour, self._tls = behaviour, tls
        self.over = threading.Event()
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connected,), daemon=True).start()

    def _serve(self, connected: socket.socket) -> None:
        with suppress(OSError), self._secured(connected) as connected:
            self.requests.append(read_request(connected))
            self._behaviour(connected, self.over)

    def _secured(self, connected: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connected, server_side=True) if self._tls else connected

    def close(self) -> None:
        """Release all waiting connections."""
        self.over.set()
        self._listener.close()


def read_request(connected: socket.socket) -> bytes:
    request_bytes = b""
    while b"\r\n\r\n" not in request_bytes:
        received = connected.recv(65536)
        if not received:
            raise ConnectionResetError
        request_bytes += received
    head, _, body = request_bytes.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += connected.recv(65536)
    return head + b"\r\n\r\n" + body


def hang(connected: socket.socket, over: threading.Event) -> None:
    over.wait(60)


def drip_head(connected: socket.socket, over: threading.Event) -> None:
    connected.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.2):
        connected.sendall(b"x")


def drip_body(connected: socket.socket, over: threading.Event) -> None:
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.2):
        connected.sendall(b"x")


def reset(connected: socket.socket, over: threading.Event) -> None:
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(connected: socket.socket, over: threading.Event) -> None:
    pass


def send_garbage(connected: socket.socket, over: threading.Event) -> None:
    connected.sendall(b"I do not speak HTTP\r\n\r\n")


class Endless:
    """Behaviour that answers 200 with an endless body; `sent` counts its bytes."""

    def __init__(self) -> None:
        self.sent = 0
        self.ended = threading.Event()

    def __call__(self, connected: socket.socket, over: threading.Event) -> None:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connected.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            while not over.is_set():
                self.sent += connected.send(b"x" * 4096)
        finally:
            self.ended.set()


class KeepsAlive:
    """Behaviour that answers many requests on a connection, and counts connections.

    It closes a connection after `most` requests: before or after it has read the next one.
    """

    def __init__(self, most: int = 1000, *, reads_next: bool = False) -> None:
        self.most, self.reads_next = most, reads_next
        self.connections = 0
        self.heads: list[bytes] = []

    def __call__(self, connected: socket.socket, over: threading.Event) -> None:
        self.connections += 1
        for number in range(1, self.most + 1):
            connected.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok")
            if number < self.most or self.reads_next:
                self.heads.append(read_request(connected))
