"""Operators' commands: stdout holds only the result, and a refusal is one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import (
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)
from django.test import Client
from django.utils import timezone
from time_machine import travel

from customers.models import Address
from stores.models import ApiKey, Event, Store
from stores.scopes import SCOPES
from tests.factories import AddressFields, CustomerFactory

pytestmark = pytest.mark.django_db

OURS = {
    name: app for name, app in get_commands().items() if app in ("stores", "customers", "orders")
}


def run(*arguments: str, **streams: StringIO) -> str:
    """Run a command, and return the one line that it prints."""
    out = StringIO()
    call_command(*arguments, stdout=out, **streams)
    line = out.getvalue()
    assert line.endswith("\n")
    assert line.count("\n") == 1
    return line.strip()


def status_with(key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return Client().get("/api/v1/customers", headers=headers).status_code


# --- create_store


@pytest.mark.parametrize("name", OURS)
def test_commands_and_options_have_help_texts(name: str) -> None:
    command = load_command_class(OURS[name], name)
    parser = command.create_parser("manage.py", name)
    assert parser.description
    assert [option.dest for option in parser._actions if not option.help] == []


def test_create_store_prints_the_stores_uuid() -> None:
    place = ("--country", "au", "--currency", "aud", "--timezone", "Australia/Sydney")
    uid = UUID(run("create_store", "Corner Bakery", *place))

    store = Store.objects.get(uid=uid)
    assert (store.name, store.country, store.currency) == ("Corner Bakery", "AU", "AUD")
    assert store.timezone == "Australia/Sydney"


@pytest.mark.parametrize(
    ("name", "country", "currency", "zone", "said"),
    [
        ("Shop", "XX", "AUD", "UTC", "country: Unknown country code: XX"),
        ("Shop", "AU", "AUX", "UTC", "currency: Unknown currency code: AUX"),
        ("Shop", "AU", "AUD", "Mars/Base", "timezone: Unknown time zone: Mars/Base"),
        (" ", "AU", "AUD", "UTC", "name: This field cannot be blank."),
        ("A\nB", "AU", "AUD", "UTC", "name: Write it in one line, without control characters."),
        ("A\udcff", "AU", "AUD", "UTC", "name: Write it in one line, without control characters."),
    ],
)
def test_create_store_refuses_unknown_codes(
    name: str, country: str, currency: str, zone: str, said: str
) -> None:
    options = ("--country", country, "--currency", currency, "--timezone", zone)
    with pytest.raises(CommandError) as refusal:
        call_command("create_store", name, *options)
    assert str(refusal.value) == said
    assert not Store.objects.exists()


# --- create_api_key


def test_key_has_every_scope_of_its_store_by_default(store: Store) -> None:
    text = run("create_api_key", "--name", "till", "--store", str(store.uid))

    key = ApiKey.objects.by_text(text).get()
    assert (key.store, key.name, key.scopes, key.expires_at) == (
        store,
        "till",
        sorted(SCOPES),
        None,
    )
    assert status_with(text) == 200


def test_only_the_hash_of_a_key_is_stored(store: Store) -> None:
    text = run("create_api_key", "--name", "till", "--store", str(store.uid))
    stored_key = ApiKey.objects.values().get()
    assert text.rpartition("_")[2] not in str(stored_key)


def test_scopes_are_accepted_in_any_spelling(store: Store) -> None:
    scopes = ("--scope", "customer.read", "--scope", "orders:read")
    text = run("create_api_key", "--name", "n", "--store", str(store.uid), *scopes)
    assert ApiKey.objects.by_text(text).get().scopes == ["customers:read", "orders:read"]


def test_administrator_key_has_no_store() -> None:
    text = run("create_api_key", "--name", "owner", "--administrator")
    assert ApiKey.objects.by_text(text).get().store is None


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("2030-06-01", datetime(2030, 5, 31, 14, tzinfo=UTC)),
        ("2030-06-01T12:00", datetime(2030, 6, 1, 2, tzinfo=UTC)),
        ("2030-06-01T12:00:00Z", datetime(2030, 6, 1, 12, tzinfo=UTC)),
    ],
)
def test_key_expires_in_the_stores_time_zone(store: Store, when: str, moment: datetime) -> None:
    text = run("create_api_key", "--name", "n", "--store", str(store.uid), "--expires", when)
    assert ApiKey.objects.by_text(text).get().expires_at == moment


def test_expired_key_is_refused(store: Store) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    text = run("create_api_key", "--name", "n", "--store", str(store.uid), "--expires", tomorrow)
    assert status_with(text) == 200
    with travel(timezone.now() + timedelta(days=2)):
        assert status_with(text) == 401


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", " ", "--administrator"], "name: This field cannot be blank."),
        (["--name", "A\udcff", "--administrator"], "name: Write it in one line"),
        (["--name", "n" * 201, "--administrator"], "name: Ensure this value has at most 200"),
        (["--name", "n", "--store", "nonsense"], "There is no store nonsense."),
        (["--name", "n", "--administrator", "--scope", "magic"], "Unknown scope magic."),
        (["--name", "n", "--administrator", "--expires", "soon"], "--expires takes an ISO date"),
        (["--name", "n", "--administrator", "--expires", "2030-13-01"], "--expires takes"),
        (
            ["--name", "n", "--administrator", "--expires", "9999-12-31T23:59-12:00"],
            "--expires takes",
        ),
        (["--name", "n", "--administrator", "--expires", "9999-12-31"], "too far in the past or"),
        (["--name", "n", "--administrator", "--expires", "2020-01-01"], "is in the past"),
        (["--name", "n"], "one of the arguments --store --administrator is required"),
        (["--name", "n", "--store", "x", "--administrator"], "not allowed with argument"),
    ],
)
def test_create_api_key_refuses_invalid_options(options: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("create_api_key", *options)
    assert not ApiKey.objects.exists()


def test_names_that_are_taken_are_numbered(store: Store) -> None:
    notes = StringIO()
    keys = [
        run("create_api_key", "--name", "till", "--store", str(store.uid), stderr=notes)
        for _ in range(3)
    ]
    assert len(set(keys)) == 3
    assert sorted(ApiKey.objects.values_list("name", flat=True)) == ["till", "till 2", "till 3"]
    assert notes.getvalue().splitlines()[-1].endswith("this one is called till 3.")


# --- revoke_api_key


@pytest.mark.parametrize("by", ["whole key", "id", "id with its prefix"])
def test_only_the_revoked_key_is_refused(store: Store, by: str) -> None:
    text, other = (
        run("create_api_key", "--name", name, "--store", str(store.uid)) for name in "ab"
    )
    key_id = ApiKey.objects.by_text(text).get().key_id
    named = {"whole key": text, "id": key_id, "id with its prefix": f"sk_live_{key_id}"}

    assert run("revoke_api_key", named[by]) == key_id
    assert run("revoke_api_key", named[by]) == key_id  # revoking again changes nothing

    assert status_with(text) == 401
    assert status_with(other) == 200


def test_key_with_a_wrong_secret_is_unknown(store: Store) -> None:
    text = run("create_api_key", "--name", "n", "--store", str(store.uid))
    with pytest.raises(CommandError) as refusal:
        call_command("revoke_api_key", text[:-1] + "~")
    assert str(refusal.value) == "There is no such API key."
    assert status_with(text) == 200


# --- geocode_customers


@pytest.fixture
def sydney_address(store: Store, other_store: Store) -> Address:
    """Create addresses without coordinates: one in Sydney, an unknown one and another store's."""
    nowhere = {"city": "Atlantis", "state": "", "postcode": "", "country": "Atlantis"}
    CustomerFactory(store=store, addresses=[AddressFields(), AddressFields(**nowhere)])
    CustomerFactory(store=other_store, addresses=[AddressFields()])
    return Address.objects.get(store=store, city="Sydney")


def statuses(store: Store) -> list[str]:
    rows = Address.objects.filter(store=store).order_by("position")
    return list(rows.values_list("geocode_status", flat=True))


def test_geocoding_makes_events_of_customers(store: Store, sydney_address: Address) -> None:
    assert run("geocode_customers") == "2 placed, 1 failed"

    sydney_address.refresh_from_db()
    assert abs(float(sydney_address.latitude) + 33.87) < 0.1
    assert statuses(store) == ["success", "failed"]
    events = Event.objects.filter(store=store, type="customer.updated")
    assert [event.changed for event in events] == [["addresses"], ["addresses"]]


def test_one_store_can_be_geocoded_alone(
    store: Store, other_store: Store, sydney_address: Address
) -> None:
    assert run("geocode_customers", "--store", str(other_store.uid)) == "1 placed, 0 failed"
    assert statuses(store) == ["", ""]


def test_second_run_retries_only_failures_on_request(
    sydney_address: Address,
) -> None:
    run("geocode_customers")
    assert run("geocode_customers") == "0 placed, 0 failed"
    assert run("geocode_customers", "--failed") == "0 placed, 1 failed"


def test_addresses_of_deleted_customers_are_skipped(store: Store, sydney_address: Address) -> None:
    sydney_address.customer.deleted_at = timezone.now()
    sydney_address.customer.save(update_fields=["deleted_at"])
    assert run("geocode_customers", "--store", str(store.uid)) == "0 placed, 0 failed"


def test_geocoder_outage_stops_the_run(store: Store, settings) -> None:
    CustomerFactory(store=store, addresses=[AddressFields() for _ in range(8)])
    settings.GEOCODER, settings.GEOCODER_SCHEME = "nominatim", "http"
    settings.GEOCODER_DOMAIN = "127.0.0.1:9"  # nobody listens there
    with pytest.raises(CommandError, match="Run this again to continue"):
        call_command("geocode_customers", stdout=StringIO())
    assert statuses(store) == [""] * 8

    settings.GEOCODER = "offline"
    assert run("geocode_customers") == "8 placed, 0 failed"
