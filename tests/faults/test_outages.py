"""The database is killed repeatedly while clients write."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, Answer, Client, fresh_email, fresh_name
from tests.faults.load import Load, under_load
from tests.faults.service import Book
from tests.waiting import GRACE, until

CYCLES = 10
REFUSED_WITHIN = 3.0 + GRACE  # seconds
BACK_WITHIN = 2.0 + GRACE


@dataclass(frozen=True)
class Outage:
    killed: float
    back: float

    def explains(self, answer: Answer) -> bool:
        """Return True when a request overlapped this outage and was refused in time."""
        told = answer.began + answer.seconds
        is_within = self.killed < told and answer.began < self.back + BACK_WITHIN
        return is_within and told - max(answer.began, self.killed) < REFUSED_WITHIN


def test_killed_database_loses_no_acknowledged_write(
    book: Book, cluster: Cluster, receiver: HTTPServer
) -> None:
    told: set[str] = set()

    def receive(request: Request) -> Response:
        told.add(request.headers["webhook-id"])
        return Response()

    receiver.expect_request("/hook").respond_with_handler(receive)
    target = f"127.0.0.1:{receiver.port}"
    with (
        book.server(WEBHOOK_ALLOW_TARGETS=target) as server,
        book.worker(WEBHOOK_ALLOW_TARGETS=target) as worker,
    ):
        client = book.client(server)
        endpoint = subscribe(client, target)
        outages = []
        with under_load(client) as load:
            for _ in range(CYCLES):
                time.sleep(0.5)
                outages.append(go_through_outage(cluster, client))
            time.sleep(0.5)
        check_answers(load, outages)
        load.check_all_exist(cluster)
        assert book.manage("verify_ledger")
        assert book.manage("verify_outbox")
        until(lambda: due(cluster, endpoint) <= told, 40, "every event reaches the receiver")
        assert worker.process.poll() is None
    assert len(load.acknowledged) > 10 * CYCLES


def subscribe(client: Client, target: str) -> str:
    hook = {"url": f"http://{target}/hook", "events": ["customer.*"]}
    return client.call("POST", "/stores/{store}/webhooks", hook).json["id"]


def due(cluster: Cluster, endpoint: str) -> set[str]:
    """Return the ids of all events due to this endpoint."""
    query = """
        SELECT event.uid FROM stores_webhookdelivery delivery JOIN stores_event event ON event.id = event_id
        JOIN stores_webhookendpoint endpoint ON endpoint.id = endpoint_id WHERE endpoint.uid = %s
    """
    event_ids = {str(uid) for (uid,) in cluster.rows(query, endpoint)}
    assert event_ids
    return event_ids


def go_through_outage(cluster: Cluster, client: Client) -> Outage:
    killed = time.monotonic()
    cluster.kill()
    for door in DOORS.values():
        for answer in (
            client.call("GET", door.path),
            client.call("POST", door.path, door.body_of(fresh_name(), fresh_email())),
        ):
            assert door.is_unavailable(answer), answer
            assert answer.seconds < REFUSED_WITHIN
    assert client.status("/healthz") == 200
    assert client.status("/readyz") == 503
    back = cluster.start()
    until(lambda: client.status("/readyz") == 200, BACK_WITHIN, "it is ready again")
    for door in DOORS.values():
        assert client.status(door.path) == 200
        created = client.call("POST", door.path, door.body_of(fresh_name(), fresh_email()))
        assert created.status == door.probe.created
    return Outage(killed, back)


def check_answers(load: Load, outages: list[Outage]) -> None:
    """Check that each write succeeded, or got a 503 in its dialect's form during an outage."""
    assert load.unanswered == []
    refused = [(door, one) for door, one in load.answers if one.status not in (200, 201)]
    assert refused, "nobody noticed"
    for door, answer in refused:
        assert door.is_unavailable(answer), answer
        assert any(outage.explains(answer) for outage in outages), answer


def test_stopped_gunicorn_loses_no_acknowledged_write(book: Book, cluster: Cluster) -> None:
    with book.server() as server:
        with under_load(book.client(server)) as load:
            until(lambda: len(load.acknowledged) > 30, 20, "the load is on")
            assert server.stop() == 0
            load.over.set()
        load.check_all_exist(cluster)
    assert {answer.status for _, answer in load.answers} <= {200, 201}
