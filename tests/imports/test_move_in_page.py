"""Moving in from another server in the back office: the worker fetches, then it is an import like any."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_httpserver import HTTPServer
from werkzeug import Response

from customers.api.remote import server as remote
from customers.api.remote.background import fetch_waiting
from customers.dialects import packages
from customers.imports.models import ImportChunk, ImportJob, ImportSource, State
from customers.imports.services.sources import save_key
from customers.imports.services.working import work_on_all
from customers.models import Customer
from customers.models.ledger import Account
from customers.services.customers import update_customer
from orders.services.accounts import post_entry
from stores.actors import SYSTEM
from stores.models import ApiKey, Store
from tests.admin.conftest import SignIn, quick_passwords, sign_in
from tests.admin.pages import send as send_page
from tests.factories import CustomerFactory, StoreFactory
from tests.imports.conftest import counts
from tests.imports.test_wizard import text_of, url

pytestmark = pytest.mark.django_db
__all__ = ["quick_passwords", "sign_in"]
PAGE = "/admin/move-in/"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote.time, "sleep", lambda seconds: None)


@pytest.fixture
def manager(sign_in: SignIn, store: Store) -> Client:
    """Sign somebody in who may do everything: tests with a live server leave no roles to the next."""
    return sign_in()


@pytest.fixture
def there() -> Store:
    there: Store = StoreFactory(name="There")
    return there


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    settings.WEBHOOK_ALLOW_TARGETS = [urlsplit(live_server.url).netloc]
    return str(live_server.url)


def send(client: Client, store: Store, address: str, key: str, **fields: Any) -> Any:
    values = {"store": store.pk, "dialect": "storefront", "url": address, "key": key}
    return client.post(PAGE, values | {"once": str(uuid.uuid4())} | fields)


def fetched(store: Store) -> ImportJob:
    """Let the worker fetch and check, and return the import."""
    fetch_waiting(packages())
    work_on_all()
    return ImportJob.objects.filter(store=store).latest("pk")


def test_from_the_address_to_the_result_and_back(
    manager: Client, store: Store, there: Store, address: str
) -> None:
    CustomerFactory.create_batch(3, store=there)
    assert PAGE in manager.get(reverse("admin:imports_importjob_changelist")).content.decode()
    assert "API key there" in text_of(manager.get(PAGE))
    key = ApiKey.issue(store=there, name="move")[1]
    page = manager.get(send(manager, store, address, key).url)
    assert "Being fetched" in text_of(page)
    assert 'http-equiv="refresh"' in page.content.decode()
    job = fetched(store)
    assert (job.state, counts(job)) == (State.CHECKED, {"create": 3})
    assert not Customer.objects.filter(store=store).exists()
    manager.post(url("run", job))
    work_on_all()
    assert Customer.objects.filter(store=store).count() == 3
    assert "Fetch what changed" in text_of(manager.get(url("change", job)))
    manager.post(url("undo", job))
    work_on_all()
    assert not Customer.objects.live().filter(store=store).exists()


def test_the_key_is_encrypted_and_shown_nowhere(
    manager: Client, store: Store, there: Store, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    key = ApiKey.issue(store=there, name="move")[1]
    pages = [manager.get(send(manager, store, address, key).url)]
    source = ImportSource.objects.get(store=store)
    pages += [manager.get(f"{PAGE}?source={source.pk}"), send(manager, store, "no address", key)]
    fetched(store)
    shown = [page.content for page in pages] + [bytes(source.key), caplog.text.encode()]
    assert not [text for text in shown if key.encode() in text]


def test_opening_balances_are_moved_in_by_choice(
    manager: Client, store: Store, there: Store, address: str
) -> None:
    customer = CustomerFactory(store=there, is_account_enabled=True)
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal("12.50"))
    key = ApiKey.issue(store=there, name="move")[1]
    assert "Opening balances" in text_of(manager.get(PAGE))
    refused = send(manager, store, address, key, opening="on")
    assert "This dialect shows no balances." in text_of(refused)
    send(manager, store, address, key, opening="on", dialect="pos")
    other = send(manager, store, address, key, dialect="pos")
    assert "was begun with opening balances" in text_of(other)
    manager.post(url("run", fetched(store)))
    work_on_all()
    assert Customer.objects.get(store=store).account_balance == Decimal("12.50")


def test_what_changed_there_is_fetched_with_the_key_of_before(
    manager: Client, store: Store, there: Store, address: str
) -> None:
    customer = CustomerFactory(store=there, name="Ann")
    send(manager, store, address, ApiKey.issue(store=there, name="move")[1])
    manager.post(url("run", fetched(store)))
    work_on_all()
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Anna"})
    source = ImportSource.objects.get(store=store)
    assert address in manager.get(f"{PAGE}?source={source.pk}").content.decode()
    send(manager, store, address, "")
    assert counts(fetched(store)) == {"update": 1}


def test_the_key_of_one_server_is_not_sent_to_another(
    manager: Client, store: Store, there: Store, address: str
) -> None:
    send(manager, store, address, ApiKey.issue(store=there, name="move")[1])
    response = send(manager, store, "https://other.example.com", "")
    assert "Enter a key of that server." in text_of(response)
    assert ImportSource.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"url": "http://example.com"}, "must begin with https://"),
        ({"url": "https://10.0.0.1"}, "public internet"),
        ({"url": "https://a:b@example.com"}, "password"),
        ({"key": ""}, "Enter a key"),
        ({"key": "schlüssel"}, "letters, digits and signs"),
        ({"dialect": "gopher"}, "valid choice"),
    ],
)
def test_a_form_that_cannot_be_used_is_told(
    manager: Client, store: Store, fields: dict[str, str], text: str
) -> None:
    values = {"address": "https://example.com", "key": "secret", **fields}
    response = send(manager, store, **values)
    assert text in text_of(response)
    assert not ImportJob.objects.exists()


def test_a_form_that_is_sent_twice_moves_once(manager: Client, store: Store, address: str) -> None:
    once = str(uuid.uuid4())
    first, second = (send(manager, store, address, "secret", once=once) for _ in range(2))
    assert first.url == second.url
    assert ImportJob.objects.count() == 1


def test_a_refused_key_is_told_and_tried_again(
    manager: Client, store: Store, there: Store, address: str
) -> None:
    CustomerFactory(store=there)
    send(manager, store, address, "sk_nonsense")
    job = fetched(store)
    assert job.state == State.UNREADABLE
    page = text_of(manager.get(url("change", job)))
    assert "The server refuses the key." in page
    assert "Try again" in page
    save_key(job, ApiKey.issue(store=there, name="move")[1])
    manager.post(url("again", job))
    assert counts(fetched(store)) == {"create": 1}


def test_fetching_goes_on_where_it_was(
    httpserver: HTTPServer, settings: Any, manager: Client, store: Store
) -> None:
    address = httpserver.url_for("").rstrip("/")
    settings.WEBHOOK_ALLOW_TARGETS = [urlsplit(address).netloc]
    people = [{"id": f"c{n}", "name": f"Person {n}"} for n in range(250)]
    offsets: list[int] = []

    def answer(request: Any) -> Response:
        offsets.append(int(request.args["offset"]))
        if len(offsets) == 2:
            return Response(status=404)
        part = people[offsets[-1] : offsets[-1] + 200]
        return Response(json.dumps({"items": part, "total": 250}), content_type="application/json")

    httpserver.expect_request("/stores").respond_with_json({"items": [{"id": "s1"}]})
    httpserver.expect_request("/stores/s1/customers").respond_with_handler(answer)
    send(manager, store, address, "secret")
    job = fetched(store)
    assert "answers 404" in job.problem
    manager.post(url("again", job))
    assert counts(fetched(store)) == {"create": 250}
    assert offsets == [0, 199, 199]


def test_what_is_being_fetched_is_thrown_away(
    manager: Client, store: Store, there: Store, address: str
) -> None:
    send(manager, store, address, ApiKey.issue(store=there, name="move")[1])
    job = ImportJob.objects.get()
    page = manager.get(url("cancel", job))
    send_page(manager, page)
    assert fetched(store).state == State.CANCELLED
    assert not ImportChunk.objects.exists()


@pytest.mark.parametrize("group", ["Viewer", "Clerk"])
def test_others_than_managers_do_not_move_in(sign_in: SignIn, store: Store, group: str) -> None:
    client = sign_in(group, store)
    assert client.get(PAGE).status_code == 403
    assert send(client, store, "https://example.com", "secret").status_code == 403


def test_servers_of_other_stores_are_not_shown(
    sign_in: SignIn, store: Store, other_store: Store
) -> None:
    source = ImportSource.objects.create(
        store=other_store, dialect="pos", base_url="https://other-shop.example.com", key=b"x"
    )
    client = sign_in("Manager", store)
    assert "other-shop" not in client.get(f"{PAGE}?source={source.pk}").content.decode()
    assert send(client, other_store, "https://example.com", "secret").status_code == 200
    assert not ImportJob.objects.exists()
