"""A temporary PostgreSQL cluster that tests may kill."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.waiting import until

DATABASE = "clientele"
# The cluster does not outlive the run. Acknowledged commits survive a kill of PostgreSQL, but not a crash
# of the machine.
SETTINGS = ("fsync=off", "full_page_writes=off", "deadlock_timeout=1500ms", "max_connections=60")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """Create a temporary folder that PostgreSQL's account may enter, too."""
    folder = Path(tempfile.mkdtemp(prefix=f"clientele-{name}-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def newest_programs() -> Path:
    """Return the folder of the newest PostgreSQL's programs, which Debian keeps off the PATH."""
    matches = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if matches:
        return max(matches, key=lambda path: int(path.parts[-3])).parent
    initdb = shutil.which("initdb")
    assert initdb, "PostgreSQL is not installed"
    return Path(initdb).resolve().parent


def account() -> dict[str, Any]:
    """Return the options of the account that runs the server, which refuses root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if not os.getuid() else {}


def children_of(pid: int) -> list[int]:
    matches = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # the process has just ended
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                matches.append(int(stat.parent.name))
    return matches


def processes_in(folder: Path) -> list[int]:
    """Return the processes whose working directory is this folder, as a cluster's are."""
    matches = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == folder:
                matches.append(int(link.parent.name))
    return matches


class Cluster:
    """A PostgreSQL server with one database, on a free loopback port."""

    def __init__(self, root: Path, name: str = "pg") -> None:
        self.programs, self.data, self.log = newest_programs(), root / name, root / f"{name}.log"
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/{DATABASE}"
        self.data.mkdir(mode=0o700)
        if not os.getuid():
            owner = pwd.getpwnam("postgres")
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
        self.set_up()

    def set_up(self) -> None:
        self.run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.start()
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def run(self, program: str, *options: str) -> None:
        """Run one of PostgreSQL's programs on this cluster's data."""
        command = [self.programs / program, "-D", self.data, *options]
        subprocess.run(command, check=True, capture_output=True, cwd=self.data, **account())

    def start(self) -> float:
        """Start the server; return the monotonic time from which it accepts connections."""
        settings = (f"port={self.port}", "unix_socket_directories=", *SETTINGS)
        options = [part for setting in settings for part in ("-c", setting)]
        with self.log.open("ab") as log:
            # a direct child, not pg_ctl's: after a kill it must be waited for
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *options],
                stdout=log,
                stderr=log,
                cwd=self.data,
                **account(),
            )
        until(self.is_running, 20, "PostgreSQL takes connections")
        return time.monotonic()

    def is_running(self) -> bool:
        try:
            psycopg.connect(self.url.replace(DATABASE, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """Kill the postmaster and all its children at once, as a power cut would."""
        self.process.kill()
        self.process.wait()
        while running := processes_in(self.data):
            for pid in running:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def connect(self, database: str = DATABASE) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url.replace(DATABASE, database), autocommit=True)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query.encode(), values).fetchall()

    def execute(self, statement: str, *values: Any) -> None:
        with self.connect() as connection:
            connection.execute(statement.encode(), values)

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[Any]]:
        """Open another session's transaction; roll it back at the end unless committed."""
        with psycopg.connect(self.url) as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def database_setting(self, name: str, value: str) -> Iterator[None]:
        """Set a default of the database, and disconnect all sessions so that they get it."""
        self.set_database(f"SET {name} = {value}")
        self.disconnect_all()
        try:
            yield
        finally:
            self.set_database(f"RESET {name}")

    def set_database(self, clause: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(f"ALTER DATABASE {DATABASE} {clause}".encode())

    def set_role(self, clause: str) -> None:
        """Set a default of the role for new connections."""
        with self.connect("postgres") as connection:
            connection.execute(f"ALTER ROLE postgres {clause}".encode())

    def disconnect_all(self) -> None:
        with self.connect("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [DATABASE],
            )

    def waiting_for_locks(self) -> int:
        [(count,)] = self.rows(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        )
        return count
