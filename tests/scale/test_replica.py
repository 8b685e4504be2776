"""A replica that lags, hangs or dies causes no stale reads of own writes and no errors."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest

from stores.database.replica.base import TIMEOUT_SECONDS
from tests.faults.http import Answer, fresh_email, fresh_name
from tests.faults.load import running_jobs
from tests.scale.standby import Standby
from tests.scale.web import LAG, Balanced, Site, signed_in
from tests.waiting import GRACE, until

DISTURBANCES = ("delayed", "held", "frozen", "killed")
_numbers = itertools.count(1)


@dataclass
class Person:
    """A customer that one client renames."""

    client: Balanced
    path: str = ""

    def create(self) -> Person:
        body = {"name": fresh_name(), "email": fresh_email()}
        answer = self.client.call("POST", "/stores/{store}/customers", body)
        assert answer.status == 201, answer
        self.path = f"/stores/{{store}}/customers/{answer.json['id']}"
        return self

    def rename(self) -> str:
        name = f"{fresh_name()} {next(_numbers)}"
        answer = self.client.call("PUT", self.path, {"name": name})
        assert answer.status == 200, answer
        return name

    def name_for(self, client: Balanced) -> str:
        answer = client.call("GET", self.path)
        assert answer.status == 200, answer
        return answer.json["name"]


@pytest.fixture(scope="module")
def writer(site: Site) -> Balanced:
    site.book.open_store()  # other tests may have emptied the database
    return site.client()


@pytest.fixture(scope="module")
def reader(site: Site, writer: Balanced) -> Balanced:
    return site.client(site.book.fresh_key())


@pytest.fixture(scope="module")
def person(writer: Balanced) -> Person:
    return Person(writer).create()


def is_read(replica: Standby, person: Person, reader: Balanced) -> bool:
    """Return True when both servers read from the replica."""
    replica.catch_up()
    with replica.held():
        name = person.rename()
        return name not in [person.name_for(reader), person.name_for(reader)]


def test_key_reads_its_writes_and_others_recent_data(
    site: Site, person: Person, writer: Balanced, reader: Balanced
) -> None:
    replica = site.replica
    until(lambda: is_read(replica, person, reader), 20, "the replica is read")
    with replica.held():
        name = person.rename()
        began = time.monotonic()
        while time.monotonic() - began < LAG + 1.5:
            assert person.name_for(writer) == name
            time.sleep(0.1)
        assert [person.name_for(reader) for _ in range(4)] == [name] * 4
    until(lambda: is_read(replica, person, reader), 20, "the replica is read again")


def test_staff_see_the_current_customer(site: Site, person: Person, reader: Balanced) -> None:
    page, uid = signed_in(site), person.path.rpartition("/")[2]
    [(pk,)] = site.primary.rows("SELECT id FROM customers_customer WHERE uid = %s::uuid", uid)
    until(lambda: is_read(site.replica, person, reader), 20, "the replica is read")
    site.replica.catch_up()
    with site.replica.held():
        name = person.rename()
        shown = page.get(f"{page.root}/admin/as/storefront/{pk}/")
        assert name not in [person.name_for(reader), person.name_for(reader)]
    _, _, body = shown.text.partition('<pre class="data">')
    assert name in body


@pytest.mark.parametrize("kind", DISTURBANCES)
def test_reads_under_load_are_never_stale(
    site: Site, person: Person, writer: Balanced, reader: Balanced, kind: str
) -> None:
    replica = site.replica
    until(lambda: is_read(replica, person, reader), 20, "the replica is read")
    disturb: Callable[[], AbstractContextManager[None]] = getattr(replica, kind)
    with under_load(writer, reader) as load:
        time.sleep(0.5)
        with disturb():
            time.sleep(TIMEOUT_SECONDS + 2 * GRACE)
        time.sleep(1)
    assert load.wrong == []
    assert load.renamed > 20
    assert max(answer.seconds for answer in load.reads) < TIMEOUT_SECONDS + GRACE
    until(lambda: is_read(replica, person, reader), 20, "the replica is read again")


@dataclass
class Load:
    """Errors and stale reads of clients that rename people, and of clients that only read."""

    wrong: list[object] = field(default_factory=list)
    reads: list[Answer] = field(default_factory=list)
    renamed: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def write(self, person: Person) -> None:
        while not self.over.is_set():
            name = person.rename()
            self.renamed += 1
            for _ in range(3):
                if (seen := person.name_for(person.client)) != name:
                    self.wrong.append((name, seen))

    def read(self, client: Balanced) -> None:
        while not self.over.is_set():
            answer = client.call("GET", "/api/customers?limit=5")
            self.reads.append(answer)
            if answer.status != 200:
                self.wrong.append(answer)

    def run(self, work: Callable[..., None], subject: object) -> None:
        try:
            work(subject)
        except Exception as error:
            self.wrong.append(error)
            raise


@contextmanager
def under_load(writer: Balanced, reader: Balanced) -> Iterator[Load]:
    """Rename with two clients of one key, so that its writes race; read with two of another."""
    load = Load()
    people = [Person(writer).create() for _ in range(2)]
    work = [partial(load.run, load.write, person) for person in people]
    with running_jobs(load.over, work + [partial(load.run, load.read, reader)] * 2):
        yield load
