"""Repeated and parallel POSTs, and web workers killed during one."""

from __future__ import annotations

import os
import signal
import threading
from http.client import HTTPException

import pytest

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Client, Door, fresh_email, fresh_name, in_parallel
from tests.faults.service import Server
from tests.waiting import HOLD_STORES, until

HOW_MANY = "SELECT count(*) FROM customers_customer WHERE email = %s"
CREATED = (
    "SELECT count(*) FROM stores_event JOIN customers_customer ON customer_uid = customers_customer.uid"
    " WHERE email = %s AND type = 'customer.created'"
)


def count_customers(cluster: Cluster, email: str) -> int:
    """Count the customers with this e-mail; check that each has its event."""
    [(customers,)], [(events,)] = cluster.rows(HOW_MANY, email), cluster.rows(CREATED, email)
    assert customers == events
    return customers


@pytest.mark.parametrize("door", [DOORS["bakery"], DOORS["pos"]], ids=["bakery", "pos"])
def test_retry_after_a_killed_worker_creates_one_customer(
    server: Server, client: Client, cluster: Cluster, door: Door
) -> None:
    email, headers = fresh_email(), {"Idempotency-Key": fresh_email()}
    body = door.body_of(fresh_name(), email)
    lost: list[Exception] = []

    def post() -> None:
        try:
            client.call("POST", door.path, body, headers)
        except (OSError, HTTPException) as error:
            lost.append(error)

    with cluster.transaction() as somebody:
        # writing an event takes the store's lock: by then the customer is inserted, but not committed
        somebody.execute(HOLD_STORES)
        thread = threading.Thread(target=post)
        thread.start()
        until(cluster.waiting_for_locks, 10, "the POST is in the middle")
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        thread.join()
        assert lost, "it was answered"
    until(server.is_running, 30, "gunicorn has new workers")
    again = client.call("POST", door.path, body, headers)
    assert again.status == door.probe.created
    assert "idempotency-replayed" not in again.headers
    third = client.call("POST", door.path, body, headers)
    assert (third.status, third.raw) == (again.status, again.raw)
    assert third.headers["idempotency-replayed"] == "true"
    assert count_customers(cluster, email) == 1


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_parallel_posts_with_one_key_have_one_effect(
    client: Client, cluster: Cluster, door: Door
) -> None:
    email, headers = fresh_email(), {"Idempotency-Key": fresh_email()}
    body = door.body_of(fresh_name(), email)
    answers = in_parallel(20, lambda: client.call("POST", door.path, body, headers))
    assert {(one.status, one.raw) for one in answers} == {(door.probe.created, answers[0].raw)}
    assert sum("idempotency-replayed" in one.headers for one in answers) == 19
    assert count_customers(cluster, email) == 1


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_parallel_posts_with_one_email_create_one_customer(
    client: Client, cluster: Cluster, door: Door
) -> None:
    email = fresh_email()
    answers = in_parallel(
        50, lambda: client.call("POST", door.path, door.body_of(fresh_name(), email))
    )
    refused = [one for one in answers if one.status != door.probe.created]
    assert [one.status for one in refused] == [door.conflict] * 49
    assert all(door.is_refusal(one) for one in refused)
    assert count_customers(cluster, email) == 1
