"""PgBouncer in transaction mode before a primary and its replica, and a Redis server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.faults.cluster import DATABASE, Cluster, account, free_port, until

# As few connections as it takes to make everybody share them.
CONFIGURATION = """
[databases]
{database} = host=127.0.0.1 port={primary} user=postgres
replica = host=127.0.0.1 port={replica} user=postgres dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
query_wait_timeout = 5
server_login_retry = 1
"""


def is_listening(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"{name} is not installed"
    return found


class Daemon:
    """A program in the foreground that listens on a port of its own."""

    def __init__(self, command: list[str], port: int, log: Path) -> None:
        self.port = port
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd=log.parent, **account()
            )
        until(lambda: is_listening(port), 20, f"{command[0]} listens, see {log}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Pooler(Daemon):
    def __init__(self, root: Path, primary: Cluster, replica: Cluster) -> None:
        port, file = free_port(), root / "pgbouncer.ini"
        ports = {"port": port, "primary": primary.port, "replica": replica.port}
        file.write_text(CONFIGURATION.format(database=DATABASE, **ports))
        super().__init__([program("pgbouncer"), str(file)], port, root / "pgbouncer.log")

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"


class Redis(Daemon):
    def __init__(self, root: Path) -> None:
        port = free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        super().__init__([program("redis-server"), *options], port, root / "redis.log")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"
