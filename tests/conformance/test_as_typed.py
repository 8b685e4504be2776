"""What people type and paste, through every dialect."""

from __future__ import annotations

import pytest

from customers.models import Customer
from tests.conformance.conftest import Caller, customer_in, dig
from tests.conformance.probes import PROBES
from tests.factories import CustomerFactory

UNSEEN = ["\u200b", "\u202e", "\u2060", "\u2800", "\u3164", "\u200b \u3164\ufe0f", "\x01\x7f"]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_nobody_can_see_is_blank(caller: Caller, name: str) -> None:
    field = caller.probe.name_field
    blank, unseen = (
        caller.call("POST", "", {**caller.probe.fresh_body(), field: text}) for text in ("", name)
    )
    assert unseen.status_code == blank.status_code
    assert not Customer.objects.exclude(name="").exists()


def test_a_name_loses_its_bidirectional_controls(caller: Caller) -> None:
    body = {**caller.probe.fresh_body(), caller.probe.name_field: "\u202eAn\u2066na\u200f"}
    assert caller.call("POST", "", body).status_code == caller.probe.created
    assert Customer.objects.get().first_name == "Anna"


@pytest.mark.parametrize("probe", [probe.name for probe in PROBES], indirect=True)
def test_a_firm_without_a_person_shows_its_company(caller: Caller) -> None:
    firm = CustomerFactory(store=caller.store, name="", company="Acme Ltd", email="a@example.org")
    shown = customer_in(caller.call("GET", caller.path_of(firm)), caller.probe)
    field_of_its_own = "company" in shown
    name = dig(shown, caller.probe.full_name_at)
    assert (shown["company"] if field_of_its_own else name) == "Acme Ltd"
    assert not (field_of_its_own and name)
