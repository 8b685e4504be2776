"""The app as an operator runs it: gunicorn, workers and commands as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.cluster import Cluster, children_of, free_port
from tests.faults.http import DOMAIN, SURNAME, Client
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PERSONAL = (DOMAIN, SURNAME, "sk_live_", "whsec_", "search=")


class Process:
    """A process of the app, with its log."""

    def __init__(self, log: Path, command: list[str], environment: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def lines(self) -> list[dict[str, object]]:
        """Return the logged lines, each parsed as JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def check_log(self) -> None:
        """Check that no line holds a secret, a query or personal data."""
        text = self.log.read_text()
        assert [word for word in PERSONAL if word in text] == []
        self.lines()

    def stop(self) -> int:
        """Stop the process with SIGTERM, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(25)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Server(Process):
    """A gunicorn with the project's configuration."""

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        bind = {"BIND": f"127.0.0.1:{self.port}"}
        command = ["-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
        super().__init__(log, command, {**environment, **bind})
        until(self.is_running, 30, f"the server answers, see {log}")

    def is_running(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return Client(self.port, "", "").status("/healthz") == 200
        except OSError:
            return False

    def workers(self) -> list[int]:
        return children_of(self.process.pid)


class Book:
    """A migrated database with one store; starts servers, workers and commands on it."""

    def __init__(self, root: Path, cluster: Cluster, **environment: str) -> None:
        self.root, self.cluster = root, cluster
        self.environment = {
            **os.environ,
            "DATABASE_URL": cluster.url,
            "SECRET_KEY": "only-for-faults-and-long-enough-for-everything",
            "RATE_LIMIT": "1000000/min",
            "WEB_CONCURRENCY": "2",
            "LOG_LEVEL": "INFO",
            **environment,
        }
        self.manage("migrate", "--no-input")
        self.open_store()
        self._logs = 0

    def open_store(self) -> None:
        self.store = self.manage("create_store", "Harbour", "--country", "AU", "--currency", "AUD")
        self.key = self.fresh_key()

    def fresh_key(self) -> str:
        return self.manage("create_api_key", "--name", "faults", "--store", self.store)

    def manage(self, *arguments: str) -> str:
        """Run a command, and return its output. Raise AssertionError unless it exits with 0."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout.strip()

    def client(self, server: Server, key: str = "") -> Client:
        return Client(server.port, self.store, key or self.key)

    @contextmanager
    def server(self, **environment: str) -> Iterator[Server]:
        server = Server(self.new_log("server"), {**self.environment, **environment})
        try:
            yield server
        finally:
            server.process.terminate()
            server.process.wait(25)
        server.check_log()

    @contextmanager
    def worker(self, **environment: str) -> Iterator[Process]:
        command = ["manage.py", "worker"]
        worker = Process(self.new_log("worker"), command, {**self.environment, **environment})
        try:
            yield worker
        finally:
            worker.process.terminate()
            worker.process.wait(25)
        worker.check_log()

    def new_log(self, name: str) -> Path:
        self._logs += 1
        return self.root / f"{name}{self._logs}.log"
