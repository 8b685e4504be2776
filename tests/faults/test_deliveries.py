"""A webhook worker is killed while its receiver holds the request."""

from __future__ import annotations

import threading
import time

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.cluster import Cluster
from tests.faults.http import DOORS, fresh_email, fresh_name
from tests.faults.service import Book
from tests.waiting import until

LEASE = 30  # seconds
LEASED_FOR = """
    SELECT extract(epoch FROM leased_until - now())::float, status, attempt_count
    FROM stores_webhookdelivery delivery JOIN stores_webhookendpoint endpoint ON endpoint.id = endpoint_id
    WHERE right(url, 5) = '/held' ORDER BY delivery.id DESC LIMIT 1
"""
LEFT = 12  # seconds of the lease left when another worker starts
LET_TIME_PASS = """
    UPDATE stores_webhookdelivery SET leased_until = now() + %s * interval '1 second'
    WHERE leased_until IS NOT NULL
"""


class Holder:
    """Receiver that holds the first request until released, and answers the others at once."""

    def __init__(self, server: HTTPServer) -> None:
        self.requests: list[Request] = []
        self.over = threading.Event()
        self.target = f"127.0.0.1:{server.port}"
        server.expect_request("/held").respond_with_handler(self.take)

    def take(self, request: Request) -> Response:
        self.requests.append(request)
        if len(self.requests) == 1:
            self.over.wait(20)
        return Response()


def test_killed_workers_delivery_is_resent_after_the_lease(
    book: Book, cluster: Cluster, receiver: HTTPServer
) -> None:
    holder = Holder(receiver)
    targets = {"WEBHOOK_ALLOW_TARGETS": holder.target}
    with book.server(**targets) as server:
        client, door = book.client(server), DOORS["storefront"]
        hook = {"url": f"http://{holder.target}/held", "events": ["customer.created"]}
        assert client.call("POST", "/stores/{store}/webhooks", hook).status == 201
        with book.worker(**targets) as first:
            body = door.body_of(fresh_name(), fresh_email())
            assert client.call("POST", door.path, body).status == 201
            until(lambda: holder.requests, 20, "the receiver has it")
            first.kill()
    [(seconds, status, attempts)] = cluster.rows(LEASED_FOR)
    assert LEASE - 15 < seconds <= LEASE
    assert (status, attempts) == ("pending", 0)

    with book.worker(**targets):
        with cluster.connect() as somebody:
            somebody.execute(LET_TIME_PASS, [LEFT])
        time.sleep(LEFT / 2)
        assert len(holder.requests) == 1
        until(lambda: len(holder.requests) > 1, 20, "it comes again")
        until(lambda: cluster.rows(LEASED_FOR)[0][1] == "delivered", 5, "it is settled")
        holder.over.set()
    ids = {request.headers["webhook-id"] for request in holder.requests}
    bodies = {request.get_data() for request in holder.requests}
    assert (len(holder.requests), len(ids), len(bodies)) == (2, 1, 1)
