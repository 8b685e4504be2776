"""Clientele on several machines, simulated on one."""

from __future__ import annotations

import itertools
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import requests

from tests.faults.cluster import Cluster
from tests.faults.daemons import Redis
from tests.faults.http import Answer, Client
from tests.faults.service import Book
from tests.scale.pooler import Pooler
from tests.scale.standby import Standby

# PgBouncer ignores timeouts from its clients, so they are set on the role
TIMEOUTS = {
    "statement_timeout": 15_000,
    "lock_timeout": 3_000,
    "idle_in_transaction_session_timeout": 30_000,
}
LAG = 2  # seconds that a replica may lag


class Balanced:
    """Client whose requests go to the servers in turn."""

    def __init__(self, clients: list[Client]) -> None:
        self.turns = itertools.cycle(clients)

    def call(self, *arguments: Any, **options: Any) -> Answer:
        return next(self.turns).call(*arguments, **options)


class Site:
    """Two web processes, PgBouncer, a primary and its replica."""

    def __init__(
        self, root: Path, primary: Cluster, replica: Standby, pooler: Pooler, redis: Redis
    ) -> None:
        self.root, self.primary, self.replica = root, primary, replica
        for name, value in TIMEOUTS.items():
            primary.set_role(f"SET {name} = {value}")
        self.databases = {
            "DATABASE_URL": pooler.url("clientele"),
            "REPLICA_URL": pooler.url("replica"),
            "DATABASE_PGBOUNCER": "true",
        }
        self.book = Book(
            root,
            primary,
            **self.databases,
            REDIS_URL=redis.url,
            REPLICA_MAX_LAG=str(LAG),
            WEB_CONCURRENCY="1",
            ALLOWED_HOSTS="127.0.0.1,testserver",
        )
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.servers = [self._running.enter_context(self.book.server()) for _ in range(2)]
        return self

    def __exit__(self, *error: object) -> None:
        self._running.__exit__(*error)

    def client(self, key: str = "") -> Balanced:
        return Balanced([self.book.client(server, key) for server in self.servers])


class Session(requests.Session):
    root: str


def signed_in(site: Site) -> Session:
    """Sign in a superuser, and return the session."""
    name = f"owner-{uuid4().hex}"
    site.book.environment |= {"DJANGO_SUPERUSER_PASSWORD": "correct horse battery"}
    person = ("--username", name, "--email", "owner@example.com")
    site.book.manage("createsuperuser", "--no-input", *person)
    page = Session()
    page.root = f"http://127.0.0.1:{site.servers[0].port}"
    page.get(f"{page.root}/admin/login/")
    page.post(
        f"{page.root}/admin/login/",
        {
            "username": name,
            "password": "correct horse battery",
            "csrfmiddlewaretoken": page.cookies["csrftoken"],
        },
    )
    return page
