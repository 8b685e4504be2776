"""A reachable database that refuses or delays statements."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Answer, Client, Door, at, fresh_email, fresh_name
from tests.faults.service import Book, Server
from tests.waiting import GRACE, HOLD_STORES, until

LOCK = "SELECT 1 FROM customers_customer FOR UPDATE"
HOLD_CUSTOMER = """
    UPDATE customers_customer SET notes = notes WHERE id = (SELECT max(id) FROM customers_customer)
"""
every_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def create(client: Client, door: Door) -> Answer:
    return client.call("POST", door.path, door.body_of(fresh_name(), fresh_email()))


def fresh_path(client: Client, door: Door) -> str:
    """Create a customer, and return its path."""
    created = create(client, door)
    assert created.status == door.probe.created, created
    return f"{door.path}/{at(created.json, door.probe.id_at)}"


def update(client: Client, door: Door, path: str) -> Answer:
    method, body = door.probe.update
    return client.call(method, path, body)


def test_read_only_database_is_read_and_writes_resume(client: Client, cluster: Cluster) -> None:
    paths = {name: fresh_path(client, door) for name, door in DOORS.items()}
    with cluster.database_setting("default_transaction_read_only", "on"):
        # keys not used for a while would get a new time of last use, a write
        with cluster.connect() as somebody:
            somebody.execute("SET default_transaction_read_only = off")
            somebody.execute("UPDATE stores_apikey SET last_used_at = NULL")
        for _ in range(4):  # so that all connections of the server have seen it
            for name, door in DOORS.items():
                assert client.status(door.path) == 200
                assert client.status(paths[name]) == 200
                for answer in (create(client, door), update(client, door, paths[name])):
                    assert door.is_unavailable(answer), answer
                    assert answer.seconds < 3 + GRACE
    for name, door in DOORS.items():
        until(lambda: create(client, DOORS["pos"]).status == 200, 2 + GRACE, "writes are back")
        for _ in range(4):
            assert create(client, door).status == door.probe.created
            assert update(client, door, paths[name]).status == 200


def test_full_disk_is_read_and_writes_resume(
    client: Client, cluster: Cluster, small_disk: Path
) -> None:
    paths = {door: fresh_path(client, door) for door in DOORS.values()}
    filler = small_disk / "filler"
    with events_on(cluster, small_disk):
        fill(filler)
        for door, path in paths.items():
            # pages with free space still accept rows
            answers = list(take_until(door.is_unavailable, lambda door=door: create(client, door)))
            assert {one.status for one in answers[:-1]} <= {door.probe.created}
            assert client.status(path) == 200
            assert client.status(door.path) == 200
        filler.unlink()
        for door in paths:
            assert create(client, door).status == door.probe.created


def take_until(
    condition: Callable[[Answer], bool], action: Callable[[], Answer]
) -> Iterator[Answer]:
    """Yield answers up to the first that meets the condition. Fail after a hundred."""
    for _ in range(100):
        answer = action()
        yield answer
        if condition(answer):
            return
    raise AssertionError("none met the condition")


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


@contextmanager
def events_on(cluster: Cluster, disk: Path) -> Iterator[None]:
    """Keep the table of events on this disk during the block."""
    with cluster.connect() as somebody:
        somebody.execute(f"CREATE TABLESPACE small LOCATION '{disk / 'pg'}'".encode())
        somebody.execute("ALTER TABLE stores_event SET TABLESPACE small")
        try:
            yield
        finally:
            (disk / "filler").unlink(missing_ok=True)
            somebody.execute("ALTER TABLE stores_event SET TABLESPACE pg_default")
            somebody.execute("CHECKPOINT")  # deletes the files of the moved tables
            somebody.execute("DROP TABLESPACE small")


@pytest.fixture
def small_disk(root: Path) -> Iterator[Path]:
    """Mount a disk of 64 MiB with a folder `pg` for PostgreSQL."""
    disk = root / "small"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        (disk / "pg").mkdir()
        shutil.chown(disk / "pg", "postgres", "postgres")
        yield disk
    finally:
        # idle sessions keep the disk's files open
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_locked_row_is_waited_for_three_seconds(
    client: Client, cluster: Cluster, pool: ThreadPoolExecutor
) -> None:
    paths = {door: fresh_path(client, door) for door in DOORS.values()}
    with cluster.transaction() as somebody:
        somebody.execute(LOCK)
        answers = {door: pool.submit(update, client, door, paths[door]) for door in paths}
        for door, answer in answers.items():
            assert door.is_unavailable(answer.result()), answer.result()
            assert 2.9 < answer.result().seconds < 3 + GRACE
    assert [update(client, door, paths[door]).status for door in paths] == [200] * len(paths)


def test_slow_statement_is_cancelled(
    short_timeout_server: Server, book: Book, cluster: Cluster
) -> None:
    client = book.client(short_timeout_server)
    for door in DOORS.values():
        path = fresh_path(client, door)
        with cluster.transaction() as somebody:
            somebody.execute("LOCK TABLE customers_customer")
            answer = client.call("GET", path)
            assert door.is_unavailable(answer), answer
            assert 0.4 < answer.seconds < 2.9  # too short to be the lock timeout
        assert client.status(path) == 200


def test_connection_limit_is_503_until_it_is_lifted(
    short_timeout_server: Server, book: Book, cluster: Cluster
) -> None:
    client, door = book.client(short_timeout_server), DOORS["erp"]
    path = fresh_path(client, door)
    cluster.set_database("CONNECTION LIMIT 0")
    try:
        with cluster.connect("postgres") as somebody:
            somebody.execute("ALTER ROLE clerk CONNECTION LIMIT 0")
        cluster.disconnect_all()
        assert door.is_unavailable(client.call("GET", path))
    finally:
        with cluster.connect("postgres") as somebody:
            somebody.execute("ALTER ROLE clerk CONNECTION LIMIT -1")
        cluster.set_database("CONNECTION LIMIT -1")
    until(lambda: client.status(path) == 200, 2 + GRACE, "the service resumes")


@every_door
def test_deadlock_is_retried(
    client: Client, cluster: Cluster, pool: ThreadPoolExecutor, door: Door
) -> None:
    """An update locks the customer, then the store; another session locks them in reverse."""
    path = fresh_path(client, door)
    before = deadlocks(cluster)
    with cluster.transaction() as somebody:
        somebody.execute(
            "SET deadlock_timeout = '20s'"
        )  # the app's session detects the deadlock first, and is the victim
        somebody.execute(HOLD_STORES)
        answer: Future[Answer] = pool.submit(update, client, door, path)
        until(cluster.waiting_for_locks, 3 + GRACE, "the update waits for the store")
        somebody.execute(HOLD_CUSTOMER)
        somebody.commit()
    assert answer.result().status == 200
    until(lambda: deadlocks(cluster) > before, 5 + GRACE, "there was a deadlock")


def deadlocks(cluster: Cluster) -> int:
    [(count,)] = cluster.rows(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    return count


def test_serialization_failure_is_retried(
    client: Client, cluster: Cluster, pool: ThreadPoolExecutor
) -> None:
    with cluster.database_setting("default_transaction_isolation", "'repeatable read'"):
        for door in DOORS.values():
            path = fresh_path(client, door)
            with cluster.transaction() as somebody:
                somebody.execute(HOLD_CUSTOMER)
                answer = pool.submit(update, client, door, path)
                until(cluster.waiting_for_locks, 3 + GRACE, "the update waits for the customer")
                somebody.commit()
            assert answer.result().status == 200
    cluster.disconnect_all()


@every_door
def test_lost_connections_are_replaced(
    client: Client, cluster: Cluster, pool: ThreadPoolExecutor, door: Door
) -> None:
    def created(_: int) -> bool:
        return create(client, door).status == door.probe.created

    assert all(pool.map(created, range(8)))  # each thread has a recently used connection
    cluster.disconnect_all()
    assert all(pool.map(created, range(8)))


def test_parallel_updates_in_all_dialects_make_one_version_each(
    client: Client, cluster: Cluster, pool: ThreadPoolExecutor
) -> None:
    created = create(client, DOORS["storefront"]).json["id"]
    path = f"/stores/{{store}}/customers/{created}"
    start = threading.Barrier(8)

    def rename(_: int) -> int:
        start.wait()
        return client.call("PUT", path, {"name": fresh_name()}).status

    assert list(pool.map(rename, range(8))) == [200] * 8
    versions = cluster.rows(
        "SELECT version FROM stores_event WHERE customer_uid = %s ORDER BY id", created
    )
    assert versions == [(number,) for number in range(1, 10)]


@pytest.fixture(scope="module")
def short_timeout_server(book: Book, cluster: Cluster) -> Iterator[Server]:
    """Start a server with short timeouts, whose role has its own settings."""
    with cluster.connect() as somebody:
        somebody.execute("CREATE ROLE clerk LOGIN IN ROLE pg_read_all_data, pg_write_all_data")
    url = cluster.url.replace("postgres@", "clerk@")
    with book.server(DATABASE_URL=url, DATABASE_STATEMENT_TIMEOUT="500") as server:
        yield server
