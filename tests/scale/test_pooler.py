"""PgBouncer and two web processes, beyond the conformance suite."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from tests.faults.http import DOORS, fresh_email, fresh_name
from tests.scale.web import Balanced, Site, signed_in
from tests.waiting import GRACE, until

LIST = "/admin/customers/customer/"
PEOPLE = 1200  # more than an export reads at once
MANY = """
    INSERT INTO customers_customer SELECT copy.*
    FROM (SELECT * FROM customers_customer ORDER BY id DESC LIMIT 1) one, generate_series(1, %s) n,
    jsonb_populate_record(NULL::customers_customer, to_jsonb(one) || jsonb_build_object(
        'id', 1000000 + n, 'uid', gen_random_uuid(), 'email', '', 'email_key', ''
    )) copy
"""
HOLD = "SELECT 1 FROM customers_customer FOR UPDATE"


@pytest.fixture(scope="module")
def client(site: Site) -> Balanced:
    site.book.open_store()
    return site.client()


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as receiver:
        yield receiver


def create(client: Balanced) -> str:
    door = DOORS["storefront"]
    answer = client.call("POST", door.path, door.body_of(fresh_name(), fresh_email()))
    assert answer.status == 201, answer
    return f"{door.path}/{answer.json['id']}"


def test_worker_and_commands_work(site: Site, client: Balanced, receiver: HTTPServer) -> None:
    receiver.expect_request("/hook").respond_with_data()
    target = f"127.0.0.1:{receiver.port}"
    hook = {"url": f"http://{target}/hook", "events": ["*"]}
    site.book.environment["WEBHOOK_ALLOW_TARGETS"] = target
    with site.book.server() as server, site.book.worker():
        one = site.book.client(server)
        assert one.call("POST", "/stores/{store}/webhooks", hook).status == 201
        create(client)
        until(lambda: len(receiver.log) == 1, 15, "the event reaches the receiver")
    for command in ("verify_ledger", "verify_outbox", "geocode_customers"):
        site.book.manage(command)


def test_staff_export_all_customers(site: Site, client: Balanced) -> None:
    create(client)
    site.primary.execute(MANY, PEOPLE)
    page = signed_in(site)
    filled = page.get(f"{page.root}{LIST}").text
    first = re.search(r'name="_selected_action" value="(\d+)"', filled)
    assert first, filled[:500]
    form = {
        "action": "export_csv",
        "select_across": "1",
        "_selected_action": first[1],
        "csrfmiddlewaretoken": page.cookies["csrftoken"],
    }
    exported = page.post(f"{page.root}{LIST}", form).content.decode()
    [(number,)] = site.primary.rows(
        "SELECT count(*) FROM customers_customer WHERE deleted_at IS NULL"
    )
    assert len(exported.splitlines()) == number + 1 > PEOPLE


def test_timeouts_of_the_role_apply(site: Site, client: Balanced) -> None:
    path = create(client)
    with site.primary.transaction() as somebody:
        somebody.execute(HOLD)
        answer = client.call("PUT", path, {"name": fresh_name()})
    assert answer.status == 503
    assert 2.9 < answer.seconds < 3 + GRACE


def test_web_processes_share_the_rate_limit(client: Balanced) -> None:
    remaining = [
        int(client.call("GET", DOORS["storefront"].path).headers["x-ratelimit-remaining"])
        for _ in range(4)
    ]
    assert remaining == list(range(remaining[0], remaining[0] - 4, -1))


def test_revocation_reaches_both_within_a_second(site: Site, client: Balanced) -> None:
    key = site.book.fresh_key()
    other, path = site.client(key), DOORS["erp"].path
    assert [other.call("GET", path).status for _ in range(2)] == [200, 200]
    with site.replica.held():  # the replica does not show the revocation
        site.book.manage("revoke_api_key", key)
        time.sleep(1)
        assert [other.call("GET", path).status for _ in range(2)] == [401, 401]
