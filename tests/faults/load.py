"""Clients that create customers and charge accounts, and record the acknowledged writes."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Answer, Client, Door, fresh_email, fresh_name

CHARGES = "/house_account_transactions"
WITH_EVENT = """
    SELECT email, count(*) FROM customers_customer JOIN stores_event ON customer_uid = customers_customer.uid
    WHERE type = 'customer.created' AND stores_event.version = 1 GROUP BY email
"""
ENTRIES = "SELECT notes, count(*) FROM customers_ledgerentry GROUP BY notes"
CHARGED = """
    SELECT count(*) FROM stores_event WHERE customer_uid = %s AND changed ? 'account_balance'
"""
BALANCE = """
    SELECT account_balance, (SELECT count(*) FROM customers_ledgerentry WHERE customer_id = customer.id)
    FROM customers_customer customer WHERE uid = %s
"""


@dataclass(frozen=True)
class Write:
    """One POST, with the mark that identifies its row."""

    door: Door
    path: str
    body: dict[str, Any]
    mark: str

    @property
    def is_charge(self) -> bool:
        return self.path == CHARGES


@dataclass
class Load:
    """Writes of a test: their answers, and the marks of the acknowledged ones.

    Every second write has an Idempotency-Key and is sent until it succeeds. The others are sent once; one
    without an answer may or may not be saved.
    """

    client: Client
    account: str  # id of the charged customer
    answers: list[tuple[Door, Answer]] = field(default_factory=list)
    acknowledged: list[Write] = field(default_factory=list)
    unanswered: list[Exception] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        for number in itertools.count():
            if self.over.is_set():
                return
            self.write(self.next_write(number), once=number % 2 == 0)

    def next_write(self, number: int) -> Write:
        mark = fresh_email()
        if number % 3 == 0:
            body = {"customer_id": self.account, "amount": "1.25", "notes": mark}
            return Write(DOORS["pos"], CHARGES, body, mark)
        door = list(DOORS.values())[number % len(DOORS)]
        return Write(door, door.path, door.body_of(fresh_name(), mark), mark)

    def write(self, write: Write, *, once: bool) -> None:
        """Send a write, once or until it succeeds. Raise nothing."""
        headers = {} if once else {"Idempotency-Key": write.mark}
        while not self.over.is_set():
            with suppress(OSError, HTTPException):
                if self.send(write, headers):
                    return
            if once:
                return
            time.sleep(0.05)

    def send(self, write: Write, headers: dict[str, str]) -> bool:
        try:
            answer = self.client.call("POST", write.path, write.body, headers)
        except (OSError, HTTPException) as error:
            self.unanswered.append(error)
            raise
        self.answers.append((write.door, answer))
        if answer.status in (200, 201):
            self.acknowledged.append(write)
        return answer.status in (200, 201)

    def check_all_exist(self, cluster: Cluster) -> None:
        """Check that each acknowledged write exists once, with its event or ledger entry."""
        customers, entries = dict(cluster.rows(WITH_EVENT)), dict(cluster.rows(ENTRIES))
        for write in self.acknowledged:
            row_count = (entries if write.is_charge else customers).get(write.mark, 0)
            assert row_count == 1, f"{write} is there {row_count} times"
        [(balance, charges)] = cluster.rows(BALANCE, self.account)
        [(events,)] = cluster.rows(CHARGED, self.account)
        assert balance * 4 == charges * 5
        assert events == charges
        kinds = {(write.door.probe.name, write.is_charge) for write in self.acknowledged}
        assert len(kinds) == len(DOORS) + 1, "not every kind of write came through"


@contextmanager
def under_load(client: Client, threads: int = 4) -> Iterator[Load]:
    """Run clients until the end of the block, and wait for their last writes."""
    door = DOORS["pos"]
    account = client.call("POST", door.path, door.body_of(fresh_name(), fresh_email()))
    load = Load(client, account.json["data"]["id"])
    with running_jobs(load.over, [load.run] * threads):
        yield load


@contextmanager
def running_jobs(over: threading.Event, jobs: Iterable[Callable[[], None]]) -> Iterator[None]:
    """Run each job in a thread until the end of the block, and wait for all."""
    running = [threading.Thread(target=job) for job in jobs]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in running:
            thread.join()
