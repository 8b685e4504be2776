"""PgBouncer in transaction mode in front of a primary and its replica."""

from __future__ import annotations

from pathlib import Path

from tests.faults.cluster import DATABASE, Cluster, free_port
from tests.faults.daemons import Daemon, program

# So few connections that all clients must share them.
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


class Pooler(Daemon):
    def __init__(self, root: Path, primary: Cluster, replica: Cluster) -> None:
        port, file = free_port(), root / "pgbouncer.ini"
        ports = {"port": port, "primary": primary.port, "replica": replica.port}
        file.write_text(CONFIGURATION.format(database=DATABASE, **ports))
        super().__init__([program("pgbouncer"), str(file)], port, root / "pgbouncer.log")

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"
