"""Check, run and take back an import, each in processes that are killed again and again.

Run it with the URL of a database in the environment. It makes two stores. The first gets the file without a
fault, the second by child processes. Each kills itself with SIGKILL before a random statement, or is killed at
a random moment; none comes to its end. Both stores must end up equal. `IMPORT_KILLS` is how many children die
in each step.
"""

from __future__ import annotations

import csv
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any, Never

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from customers.imports.models import ImportJob, State  # noqa: E402
from customers.imports.services import jobs  # noqa: E402
from customers.imports.services.working import work  # noqa: E402
from stores.actors import SYSTEM  # noqa: E402
from stores.models import Store  # noqa: E402
from tests.imports import book as people  # noqa: E402

KILLS = int(os.environ.get("IMPORT_KILLS", "1"))
ROWS = 60 + 20 * KILLS
DICE = random.Random(22)
# A child dies before at most so many statements. A check that dies begins anew, so it has to die early.
STATEMENTS = {State.CHECKING: 12, State.RUNNING: 80, State.UNDOING: 80}
AFTER = {
    State.CHECKING: State.CHECKED,
    State.RUNNING: State.DONE,
    State.UNDOING: State.UNDONE,
}
Rows = list[tuple[Any, ...]]
LIVE = "customers_customer customer WHERE customer.store_id = {store} AND deleted_at IS NULL"
OF_CUSTOMER = (
    "JOIN customers_customer customer ON customer.id = customer_id AND deleted_at IS NULL"
    " WHERE part.store_id = {store} ORDER BY customer.external_id"
)
BOOK = (
    "SELECT external_id, name, company, email, phone_e164, account_balance, marketing_opt_in"
    f" FROM {LIVE} ORDER BY external_id",
    "SELECT customer.external_id, line1, city, state, postcode, position"
    f" FROM customers_address part {OF_CUSTOMER}, position",
    "SELECT customer.external_id, tag.name FROM customers_customertag part"
    f" JOIN customers_tag tag ON tag.id = tag_id {OF_CUSTOMER}, tag.name",
)
HISTORY = (
    f"SELECT external_id, version FROM {LIVE} ORDER BY external_id",
    "SELECT customer.external_id, account, amount, balance_after FROM customers_ledgerentry part"
    " JOIN customers_customer customer ON customer.id = customer_id"
    " WHERE part.store_id = {store} ORDER BY part.id",
    "SELECT customer.external_id, type, part.version FROM stores_event part"
    " JOIN customers_customer customer ON customer.uid = customer_uid AND customer.store_id = part.store_id"
    # Each customer's own: which customers are deleted together depends on the moment of a kill.
    " WHERE part.store_id = {store} ORDER BY customer.external_id, part.id",
    "SELECT line, action, outcome FROM imports_importrow WHERE store_id = {store} ORDER BY job_id, line",
)


def contents(store: Store, statements: tuple[str, ...]) -> list[Rows]:
    with connection.cursor() as cursor:
        found = []
        for statement in statements:
            cursor.execute(statement.format(store=store.pk))
            found.append(cursor.fetchall())
    return found


def files() -> tuple[list[list[str]], list[list[str]]]:
    """Return rows of former customers, and rows that change each third of them and bring the others."""
    rows = list(people.rows(ROWS))
    opening, name = people.COLUMNS.index("opening_balance"), people.COLUMNS.index("first_name")
    for number in range(0, ROWS, 7):
        rows[number][opening] = "12.50"
    former = [[*row] for row in rows[::3]]
    for row in former:
        row[name], row[opening] = "Former", ""
    return former, rows


def upload(store: Store, rows: list[list[str]]) -> ImportJob:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        csv.writer(file).writerows([people.COLUMNS, *rows])
        file.flush()
        return jobs.create_job(store, SYSTEM, file.buffer, "people.csv")


def step(job: ImportJob, state: State) -> None:
    jobs.start(job, state)
    work(job)
    assert job.state == AFTER[state], job.problem


def step_killed(job: ImportJob, state: State) -> None:
    """Do a step with children of which all but the last are killed."""
    jobs.start(job, state)
    for number in range(KILLS):
        before, moment = DICE.randint(1, STATEMENTS[state]), DICE.uniform(0, 0.1)
        connections.close_all()  # a child must not share it
        pid = os.fork()
        if number % 2:
            if pid == 0:
                work_until(job, before, kill_itself)
        else:
            if pid == 0:
                # A quick machine would end the work before the moment comes.
                work_until(job, STATEMENTS[state], signal.pause)
            time.sleep(moment)
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), f"child {number} of {state} was not killed: {status}"
        expire_lease(job)
    job.reload()
    work(job)
    assert job.state == AFTER[state], job.problem


def work_until(job: ImportJob, before: int, halt: Callable[[], None]) -> Never:
    """Work as a worker does, and halt before that statement."""
    left = before

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            halt()
        return execute(*arguments)

    with connection.execute_wrapper(count):
        work(job)
    os._exit(1)  # the parent says that it was not killed


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def expire_lease(job: ImportJob) -> None:
    """Let half a minute pass for the import."""
    ImportJob.objects.filter(store=job.store_id, pk=job.pk).update(leased_until=None)


def main() -> None:
    call_command("migrate", verbosity=0)
    calm, faulty = (
        Store.objects.create(name=name, country="AU", currency="AUD") for name in ("Calm", "Faulty")
    )
    former, everybody = files()
    before = {}
    for store in (calm, faulty):
        first = upload(store, former)
        step(first, State.CHECKING)
        step(first, State.RUNNING)
        before[store] = contents(store, BOOK)
    job, killed = upload(calm, everybody), upload(faulty, everybody)
    for state in (State.CHECKING, State.RUNNING, State.UNDOING):
        step(job, state)
        step_killed(killed, state)
        assert killed.counts == job.counts
        for statements in (BOOK, HISTORY):
            assert contents(faulty, statements) == contents(calm, statements), state
    assert contents(faulty, BOOK) == before[faulty]
    for proof in ("verify_ledger", "verify_outbox"):
        call_command(proof)
    sys.stdout.write(f"{KILLS} {killed.counts}\n")


if __name__ == "__main__":
    main()
