"""Geocode addresses from the back office, of one customer or of a selection."""

from __future__ import annotations

import json
from itertools import pairwise
from time import monotonic
from typing import Any

from django.test import Client
from django.urls import reverse
from werkzeug import Request, Response

from customers.admin import actions
from customers.geocoding.providers import nominatim
from customers.models import Customer
from stores.models import Event
from tests.admin.pages import messages_of
from tests.factories import AddressFields, CustomerFactory
from tests.geocoding import answers

LIST = reverse("admin:customers_customer_changelist")
NOWHERE = {"line1": "", "city": "Nowhereville", "postcode": "", "state": ""}


def customer_at(store, **address: Any) -> Customer:
    return CustomerFactory(store=store, addresses=[AddressFields(**address)])


def press(client: Client, customer: Customer) -> list[str]:
    """Press the button of one customer, and return the messages."""
    url = reverse("admin:customers_customer_geocode", args=[customer.pk])
    return messages_of(client.post(url, follow=True))


def select(client: Client, *customers: Customer) -> list[str]:
    """Run the action on a selection, and return the messages."""
    keys = [customer.pk for customer in customers]
    data = {"action": "geocode", "_selected_action": keys, "index": 0}
    return messages_of(client.post(LIST, data, follow=True))


def place_of(customer: Customer) -> tuple[Any, ...]:
    address = customer.addresses.get()
    return (address.latitude, address.longitude, address.place_id, address.geocode_status)


def statuses(*customers: Customer) -> list[str]:
    return [place_of(customer)[-1] for customer in customers]


# --- one customer


def test_button_geocodes_the_address(owner: Client, store) -> None:
    known = customer_at(store)
    assert press(owner, known) == ["The default address has coordinates now."]
    assert statuses(known) == ["success"]


def test_button_reports_unknown_or_missing_address(owner: Client, store) -> None:
    lost = customer_at(store, **NOWHERE)
    assert press(owner, lost) == ["The geocoder does not know this address."]
    assert statuses(lost) == ["failed"]
    assert press(owner, CustomerFactory(store=store)) == ["The customer has no address."]


def test_geocoder_outage_keeps_coordinates(owner: Client, store, request) -> None:
    known, other = customer_at(store), customer_at(store, line1="2 George Street")
    press(owner, known)
    before, event_count = place_of(known), Event.objects.count()
    request.getfixturevalue("silent_geocoder")
    silence = "The geocoder did not answer, so nothing was changed. Try again later."
    assert press(owner, known) == [silence]
    assert select(owner, known, other) == ["0 customers geocoded.", f"2 not changed: {silence}"]
    assert place_of(known) == before
    assert (statuses(other), Event.objects.count()) == ([""], event_count)


# --- a selection


def test_selection_counts_failures_by_reason(owner: Client, store) -> None:
    known, lost = customer_at(store), customer_at(store, **NOWHERE)
    assert select(owner, known, lost, CustomerFactory(store=store)) == [
        "1 customer geocoded.",
        "1 not changed: The geocoder does not know this address.",
        "1 not changed: The customer has no address.",
    ]
    assert statuses(known, lost) == ["success", "failed"]


def test_selection_stops_in_time_and_resumes(owner: Client, store, monkeypatch) -> None:
    monkeypatch.setattr(actions, "GEOCODE_SECONDS", 0)  # time for one
    customers = [customer_at(store, line1=f"{number} George Street") for number in range(3)]
    assert select(owner, *customers) == [
        "1 customer geocoded.",
        "2 not changed: Time ran out. Select the same customers again to continue.",
    ]
    assert statuses(*customers) == ["success", "", ""]
    select(owner, *customers)
    select(owner, *customers)
    assert statuses(*customers) == ["success"] * 3


def test_selection_keeps_the_providers_rate_limit(
    owner: Client, store, settings, httpserver, monkeypatch
) -> None:
    monkeypatch.setattr(nominatim, "SECONDS_BETWEEN_REQUESTS", 0.6)
    monkeypatch.setattr(nominatim, "DOMAIN", f"{httpserver.host}:{httpserver.port}")
    settings.GEOCODER, settings.GEOCODER_SCHEME = "nominatim", "http"
    moments = []

    def answer(request: Request) -> Response:
        moments.append(monotonic())
        return Response(json.dumps(answers.NOMINATIM))

    httpserver.expect_request("/search").respond_with_handler(answer)
    customers = [customer_at(store, line1=f"{number} George Street") for number in range(3)]
    assert select(owner, *customers) == ["3 customers geocoded."]
    assert all(later - sooner > 0.3 for sooner, later in pairwise(moments))
    assert len(moments) == 3
