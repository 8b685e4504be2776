"""A mail server on loopback that keeps what it gets, and refuses or breaks off as a test wishes."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any


class Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                if not self.take():
                    return
            else:
                self.say(self.server.refusals.get(verb, "250 OK"))

    def take(self) -> bool:
        """Take a message. Return False to break the connection off before the answer."""
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.messages.append(email.message_from_bytes(b"".join(lines)))
        if self.server.breaks_off:
            return False
        self.say(self.server.refusals.get("DATA", "250 OK"))
        return True


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.messages: list[Message] = []
        self.refusals: dict[str, str] = {}  # answers by the verb that gets them
        self.breaks_off = False


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """Run a server that Django's e-mails go to."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 5
        yield server
        server.shutdown()
