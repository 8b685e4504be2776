"""Moving in from another server: a live one of our own, in each dialect, and one that misbehaves."""

from __future__ import annotations

import io
import json
import uuid
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from customers.api.remote import server as remote
from customers.dialects import packages, registered_dialects
from customers.imports.models import ImportJob, State
from customers.imports.services import syncing, working
from customers.models import Customer
from customers.services.contacts import remove_contact
from customers.services.customers import update_customer
from customers.services.tags import names_of
from stores.actors import SYSTEM
from stores.models import ApiKey, Event, Store
from tests.factories import CustomerFactory, StoreFactory, parsed_fields

pytestmark = pytest.mark.django_db(transaction=True)
DIALECTS = sorted(packages())
# What is of one server only, or not carried both ways.
MOVING_NAMES = """
id uid storeId created createdAt created_at updated updatedAt updated_at dates customer source
defaultAddressId customer_since default_depot_id manufacturer_id delivery_zone formatted_address
geocode_failed place_id latitude longitude
"""
MOVING = frozenset(MOVING_NAMES.split())
RICH: dict[str, Any] = {
    "name": "Ann Maria Lee",
    "email": "ann@example.com",
    "phone": "+61 412 345 678",
    "mobile": "0412 000 111",
    "cc_email": "copy@example.com",
    "tax_id": "ABN 1",
    "notes": "one\ntwo",
    "external_id": "X-1",
    "website": "https://example.com",
    "marketing_opt_in": True,
    "payment_terms": "net_14",
    "discount_rate": Decimal("2.50"),
    "price_adjustment": Decimal("-5.00"),
    "is_account_enabled": True,
    "credit_limit": Decimal("500.00"),
    "is_loyalty_enabled": True,
    "birth_date": None,
    "gender": 2,
    "is_blacklisted": True,
    "tags": ["vip", "bread"],
    "addresses": [
        {"label": "Shop", "line1": "1 Pitt St", "line2": "Unit 2", "city": "Sydney", "state": "NSW"}
        | {"postcode": "2000", "country": "AU", "first_name": "Kim"},
        {"label": "Yard", "line1": "2 Dock Rd", "city": "Perth", "state": "WA", "country": "AU"}
        | {"postcode": "6000", "is_default": True},
    ],
    "billing_address": {"line1": "PO Box 1", "city": "Hobart", "state": "TAS", "country": "AU"},
    "contacts": [{"name": "Kim", "email": "kim@example.com", "is_primary": True}, {"name": "Lou"}],
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Do not sleep, but note how long it would have been."""
    pauses: list[float] = []
    monkeypatch.setattr(remote.time, "sleep", pauses.append)
    return pauses


@pytest.fixture
def there(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Store:
    store: Store = StoreFactory(name="There")
    monkeypatch.setenv("THERE_KEY", ApiKey.issue(store=store, name="move")[1])
    return store


@pytest.fixture
def here(transactional_db: None) -> Store:
    store: Store = StoreFactory(name="Here")
    return store


@pytest.fixture
def url(live_server: Any, settings: Any) -> str:
    settings.WEBHOOK_ALLOW_TARGETS = [urlsplit(live_server.url).netloc]
    return str(live_server.url)


def move(dialect: str, url: str, store: Store, *options: str) -> Any:
    out = io.StringIO()
    arguments = [
        "--from",
        dialect,
        "--url",
        url,
        "--key-env",
        "THERE_KEY",
        "--store",
        str(store.uid),
    ]
    with suppress(SystemExit):  # 1, where customers failed
        call_command("move_in", *arguments, *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def counts(result: Any) -> dict[str, int]:
    return {name: number for name, number in result["counts"].items() if number}


def representations(customer: Customer) -> dict[str, Any]:
    """Return the customer as each dialect shows it, without what is of its own server."""
    key = ApiKey.issue(store=customer.store, name="look")[1]
    shown = {}
    for dialect in registered_dialects():
        header = "X-GC-API-KEY" if dialect.name == "manufacturing" else "Authorization"
        value = key if dialect.name == "manufacturing" else f"Bearer {key}"
        path = dialect.customer_path.format(customer=customer)
        response = Client().get(path, headers={header: value})
        assert response.status_code == 200, response.content
        shown[dialect.name] = without(response.json())
    return shown


def without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without(part) for name, part in value.items() if name not in MOVING}
    return [without(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_customer_looks_the_same_in_its_dialect(
    there: Store, here: Store, url: str, dialect: str
) -> None:
    before = representations(CustomerFactory(store=there, **RICH))
    assert counts(move(dialect, url, here)) == {"create": 1}
    after = representations(Customer.objects.get(store=here))
    left_out = {"tags"} if dialect == "pos" else set()
    assert {n: v for n, v in after[dialect].items() if n not in left_out} == {
        n: v for n, v in before[dialect].items() if n not in left_out
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_customer_of_one_dialect_looks_the_same_in_all(
    there: Store, here: Store, url: str, dialect: str
) -> None:
    """What came by a dialect goes by it: nothing is lost that any of the five shows."""
    CustomerFactory(store=there, **RICH)
    move(dialect, url, here)
    elsewhere = StoreFactory(name="Elsewhere")
    first = Customer.objects.get(store=here)
    third = copied(dialect, first, elsewhere, url)
    assert representations(third) == representations(first)


def copied(dialect: str, customer: Customer, store: Store, url: str) -> Customer:
    key = ApiKey.issue(store=customer.store, name="next")[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THERE_KEY", key)
        move(dialect, url, store)
    return Customer.objects.get(store=store)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_unchanged_book_costs_no_write(
    there: Store, here: Store, url: str, dialect: str
) -> None:
    CustomerFactory(store=there, **RICH)
    CustomerFactory.create_batch(3, store=there)
    move(dialect, url, here)
    events = Event.objects.filter(store=here).count()
    assert counts(move(dialect, url, here, "--sync")) == {"same": 4}
    assert Event.objects.filter(store=here).count() == events == 4


def test_a_long_list_of_same_customers_keeps_the_lease(
    stubborn: Stubborn, here: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn.customers = [{"id": f"c{n}", "email": f"p{n}@example.com"} for n in range(5)]
    for customer in stubborn.customers:
        CustomerFactory(store=here, email=customer["email"])
    monkeypatch.setattr(syncing, "BATCH", 2)
    with mock.patch.object(syncing, "renew", wraps=syncing.renew) as renewed:
        assert counts(move("storefront", stubborn.url, here)) == {"same": 5}
    assert renewed.call_count == 3


def test_only_what_changed_there_is_written(there: Store, here: Store, url: str) -> None:
    customer = CustomerFactory(store=there, **RICH)
    move("storefront", url, here)
    moved = Customer.objects.get(store=here)
    update_customer(moved.as_queryset(), SYSTEM, {"notes": "ours", "name": "Anna Lee"})
    update_customer(customer.as_queryset(), SYSTEM, {"marketing_opt_in": False})
    assert counts(move("storefront", url, here, "--sync")) == {"update": 1}
    moved.refresh_from_db()
    assert (moved.name, moved.notes, moved.marketing_opt_in) == ("Anna Lee", "ours", False)


CHANGES: list[dict[str, Any]] = [
    {"tags": ["bread", "new"]},
    {"tags": []},
    {"mobile": "", "notes": "", "website": ""},
    {"addresses": []},
    {"addresses": [{"line1": "9 New St", "city": "Hobart", "country": "AU"}]},
    {
        "addresses": [
            {
                "label": "Yard",
                "line1": "2 Dock Rd",
                "city": "Albany",
                "state": "WA",
                "country": "AU",
            }
            | {"postcode": "6330", "is_default": True},
            {"label": "Shop", "line1": "1 Pitt St", "city": "Sydney", "state": "NSW"}
            | {"postcode": "2000", "country": "AU", "first_name": "Kim"},
            {"label": "Barn", "line1": "3 Hay St", "city": "Perth", "state": "WA", "country": "AU"},
        ]
    },
    {"billing_address": {"line1": "PO Box 2", "city": "", "state": ""}},
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_sync_follows_what_changed_there_and_is_taken_back(
    there: Store, here: Store, url: str, dialect: str, change: dict[str, Any]
) -> None:
    original = CustomerFactory(store=there, **RICH)
    move(dialect, url, here)
    moved = Customer.objects.get(store=here)
    before = representations(moved)
    fields = parsed_fields(change, there.country)
    update_customer(original.as_queryset(), SYSTEM, fields)
    lou = original.contacts.get(name="Lou")
    remove_contact(original.as_queryset(), SYSTEM, lou.uid)
    result = move(dialect, url, here, "--sync")
    assert result["counts"]["conflict"] == result["counts"]["error"] == 0
    theirs, ours = representations(original)[dialect], representations(moved)[dialect]
    assert without_tags(dialect, ours) == without_tags(dialect, theirs)
    assert counts(move(dialect, url, here, "--sync")) == {"same": 1}
    call_command("undo_import", result["id"], stdout=io.StringIO())
    assert with_sorted_tags(representations(moved)) == with_sorted_tags(before)


def with_sorted_tags(value: Any) -> Any:
    """Return representations without the order of tags: one that comes back is the newest."""
    if isinstance(value, dict):
        return {
            name: sorted(part, key=str) if name == "tags" else with_sorted_tags(part)
            for name, part in value.items()
        }
    return [with_sorted_tags(part) for part in value] if isinstance(value, list) else value


def without_tags(dialect: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Return what a dialect shows; pos shows the ids of tags, which differ from store to store."""
    return {name: value for name, value in shown.items() if (dialect, name) != ("pos", "tags")}


def test_tags_and_addresses_of_here_stay_when_others_change_there(
    there: Store, here: Store, url: str
) -> None:
    CustomerFactory(
        store=here,
        email="ann@example.com",
        tags=["ours"],
        addresses=[{"line1": "1 A St"}, {"line1": "Ours"}],
    )
    original = CustomerFactory(
        store=there, email="ann@example.com", tags=["a", "b"], addresses=[{"line1": "1 A St"}]
    )
    move("pos", url, here)
    fields = parsed_fields({"tags": ["b"], "addresses": [{"line1": "2 B St"}]}, there.country)
    update_customer(original.as_queryset(), SYSTEM, fields)
    move("pos", url, here, "--sync")
    moved = Customer.objects.get(store=here)
    assert sorted(names_of(moved)) == ["b", "ours"]
    lines = moved.addresses.order_by("position").values_list("line1", flat=True)
    assert sorted(lines) == ["2 B St", "Ours"]


def test_what_changed_on_both_sides_is_a_conflict(there: Store, here: Store, url: str) -> None:
    customer = CustomerFactory(store=there, **RICH)
    move("storefront", url, here)
    update_customer(Customer.objects.filter(store=here), SYSTEM, {"name": "Ours"})
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Theirs"})
    assert counts(move("storefront", url, here, "--sync")) == {"conflict": 1}
    assert Customer.objects.get(store=here).name == "Ours"


def test_a_move_is_taken_back_and_can_be_made_again(there: Store, here: Store, url: str) -> None:
    CustomerFactory.create_batch(3, store=there)
    result = move("storefront", url, here)
    call_command("undo_import", result["id"], stdout=io.StringIO())
    assert not Customer.objects.live().filter(store=here).exists()
    assert counts(move("storefront", url, here)) == {"create": 3}


def test_a_sync_that_was_taken_back_comes_again(there: Store, here: Store, url: str) -> None:
    customer = CustomerFactory(store=there, name="Ann", email=None)
    move("storefront", url, here)
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Anna"})
    result = move("storefront", url, here, "--sync")
    call_command("undo_import", result["id"], stdout=io.StringIO())
    assert Customer.objects.get(store=here).name == "Ann"
    assert counts(move("storefront", url, here, "--sync")) == {"update": 1}
    assert Customer.objects.get(store=here).name == "Anna"


def test_a_customer_that_stays_is_not_moved_in_again(there: Store, here: Store, url: str) -> None:
    CustomerFactory(store=there, name="Ann", email=None)
    result = move("storefront", url, here)
    update_customer(Customer.objects.filter(store=here), SYSTEM, {"notes": "Rings twice"})
    with suppress(SystemExit):
        call_command("undo_import", result["id"], stdout=io.StringIO())
    assert counts(move("storefront", url, here, "--sync")) == {"same": 1}


def test_a_second_move_without_sync_is_refused(there: Store, here: Store, url: str) -> None:
    CustomerFactory(store=there)
    move("storefront", url, here)
    with pytest.raises(CommandError, match="--sync"):
        move("storefront", url, here)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_many_pages_lose_nobody(there: Store, here: Store, url: str, dialect: str) -> None:
    CustomerFactory.create_batch(120, store=there)
    assert counts(move(dialect, url, here)) == {"create": 120}


def test_a_wrong_key_is_told(here: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THERE_KEY", "nonsense")
    with pytest.raises(CommandError, match="refuses the key") as error:
        move("storefront", url, here)
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("http://example.com", "https"),
        ("https://127.0.0.1", "public"),
        ("https://10.0.0.1", "public"),
        ("https://user:secret@example.com", "password"),
        ("https://example.com:8443", "443"),
        ("no address", "no address"),
    ],
)
def test_only_public_https_is_read(there: Store, here: Store, address: str, text: str) -> None:
    with pytest.raises(CommandError, match=text):
        move("storefront", address, here)


class Stubborn:
    """A server of storefront with a list of customers, which answers as a test tells it."""

    def __init__(self, server: HTTPServer, settings: Any) -> None:
        self.url = server.url_for("").rstrip("/")
        settings.WEBHOOK_ALLOW_TARGETS = [urlsplit(self.url).netloc]
        self.customers = [{"id": f"c{n}", "name": f"Person {n}"} for n in range(450)]
        self.faults: list[Any] = []
        self.lie = 0
        self.requests = 0
        server.expect_request("/stores").respond_with_json({"items": [{"id": "s1"}]})
        server.expect_request("/stores/s1/customers").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        self.requests += 1
        if self.faults and (fault := self.faults.pop(0)):
            return fault if isinstance(fault, Response) else fault(self)
        offset, limit = int(request.args["offset"]), int(request.args["limit"])
        items = self.customers[offset : offset + limit]
        body = {"items": items, "total": len(self.customers) + self.lie}
        return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def stubborn(httpserver: HTTPServer, settings: Any, there: Store) -> Stubborn:
    return Stubborn(httpserver, settings)


def test_a_failing_server_is_asked_again(
    stubborn: Stubborn, here: Store, quick: list[float]
) -> None:
    stubborn.faults = [
        Response(status=500),
        Response(status=429, headers={"Retry-After": "17"}),
        Response('{"items": [{"id": ', content_type="application/json"),
        None,
        Response(status=503),
    ]
    assert counts(move("storefront", stubborn.url, here)) == {"create": 450}
    assert [10, 7] in [list(pair) for pair in pairwise(quick)]  # 17 seconds, in slices


def test_a_limit_of_the_server_is_kept(stubborn: Stubborn, here: Store, quick: list[float]) -> None:
    body = json.dumps({"items": [], "total": 450})
    headers = {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}
    stubborn.faults = [Response(body, headers=headers, content_type="application/json")]
    move("storefront", stubborn.url, here)
    assert sum(quick) > 29
    assert any(1 < pause <= 1.25 for pause in quick)


@pytest.mark.parametrize("lie", [-400, 7])
def test_a_lying_total_loses_nobody(stubborn: Stubborn, here: Store, lie: int) -> None:
    stubborn.lie = lie
    assert counts(move("storefront", stubborn.url, here)) == {"create": 450}
    assert stubborn.requests < 20


def test_rows_that_move_meanwhile_are_found(stubborn: Stubborn, here: Store) -> None:
    """Some are deleted behind the walk, so that those after them move to pages that were read already."""

    def shrink(server: Stubborn) -> Response:
        del server.customers[:5]
        body = {"items": server.customers[199:399], "total": len(server.customers)}
        return Response(json.dumps(body), content_type="application/json")

    stubborn.faults = [None, shrink]
    move("storefront", stubborn.url, here)
    names = set(Customer.objects.filter(store=here).values_list("name", flat=True))
    assert {f"Person {n}" for n in range(5, 450)} <= names


def test_a_redirect_is_not_followed(stubborn: Stubborn, here: Store) -> None:
    stubborn.faults = [Response(status=302, headers={"Location": "https://evil.example/"})]
    with pytest.raises(CommandError, match="redirects"):
        move("storefront", stubborn.url, here)


def test_a_walk_that_was_stopped_goes_on(stubborn: Stubborn, here: Store) -> None:
    stubborn.faults = [None, Response(status=404)]
    with pytest.raises(CommandError, match="404"):
        move("storefront", stubborn.url, here)
    requests = stubborn.requests
    assert counts(move("storefront", stubborn.url, here)) == {"create": 450}
    assert stubborn.requests == requests + 2


@pytest.mark.parametrize("options", [(), ("--sync",)])
@pytest.mark.parametrize("state", [State.CHECKING, State.RUNNING])
def test_an_import_that_was_stopped_goes_on(
    stubborn: Stubborn, here: Store, state: State, options: tuple[str, ...]
) -> None:
    original = working.WORK[state]

    def stop_halfway(job: ImportJob, token: uuid.UUID) -> None:
        with mock.patch(f"{original.__module__}.renew", side_effect=KeyboardInterrupt):
            original(job, token)

    with (
        mock.patch.dict(working.WORK, {state: stop_halfway}),
        pytest.raises(KeyboardInterrupt),
    ):
        move("storefront", stubborn.url, here)
    ImportJob.objects.update(leased_until=None)
    requests = stubborn.requests
    if state == State.RUNNING:
        with pytest.raises(CommandError, match="still writing"):
            move("storefront", stubborn.url, here, "--dry-run")
    assert counts(move("storefront", stubborn.url, here, *options)) == {"create": 450}
    assert stubborn.requests == requests
    assert Customer.objects.filter(store=here).count() == 450


def test_what_this_book_does_not_take_is_an_error(stubborn: Stubborn, here: Store) -> None:
    stubborn.customers = [
        {"id": "c1", "name": "Ann", "email": "nonsense"},
        {"id": "c2", "name": "Bob"},
    ]
    assert counts(move("storefront", stubborn.url, here)) == {"create": 1, "error": 1}


def test_names_that_no_database_stores_are_an_error(stubborn: Stubborn, here: Store) -> None:
    stubborn.customers = [{"id": "c1", "name": "A\x00n"}, {"id": "c2", "name": "A\ud800n"}]
    assert counts(move("storefront", stubborn.url, here)) == {"error": 2}


@pytest.mark.parametrize(
    "body",
    [
        '{"data": []}',
        '{"items": {"a": 1}, "total": 1}',
        '{"items": [{"name": "Ann"}], "total": 1}',
        '{"items": [], "total": "many"}',
    ],
)
def test_another_kind_of_server_is_told(stubborn: Stubborn, here: Store, body: str) -> None:
    stubborn.faults = [Response(body, content_type="application/json")]
    with pytest.raises(CommandError, match="does not answer as this dialect"):
        move("storefront", stubborn.url, here)


def test_a_server_whose_stores_are_others_is_told(
    httpserver: HTTPServer, stubborn: Stubborn, here: Store
) -> None:
    httpserver.clear()
    httpserver.expect_request("/stores").respond_with_json({"data": [{"id": "s1"}]})
    with pytest.raises(CommandError, match="does not answer as this dialect"):
        move("storefront", stubborn.url, here)
