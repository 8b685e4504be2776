"""Lists find customers by the caller's own reference."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.conftest import Caller, dig, key_of, make_store
from tests.conformance.probes import PROBES

CUSTOMERS = {
    "bakery": "external_id={}",
    "manufacturing": "filter[external_id]={}",
}
LONG = "r" * 400


def caller_of(name: str) -> Caller:
    probe = next(probe for probe in PROBES if probe.name == name)
    store = make_store("Oak Street Shop")
    return Caller(probe, store, key_of(store))


def found_ids(caller: Caller, query: str) -> list[Any]:
    answer = caller.call("GET", f"?{query}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in dig(answer.json(), caller.probe.rows_at)]


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customer_is_found_by_its_external_id(db, name):
    caller, query = caller_of(name), CUSTOMERS[name]
    made = {}
    for reference in ("crm-1", "crm-12", "", LONG):
        body = caller.probe.fresh_body() | {"external_id": reference}
        made[reference] = dig(caller.call("POST", "", body).json(), caller.probe.id_at)
    for reference in ("crm-1", "crm-12", LONG):
        assert found_ids(caller, query.format(reference)) == [made[reference]]
    assert found_ids(caller, query.format("crm-2")) == []
    assert found_ids(caller, query.format("CRM-1")) == []
    refused = caller.call("GET", "?" + query.format(""))
    assert refused.status_code == caller.probe.invalid


def test_several_external_ids_are_found_in_manufacturing(db):
    caller = caller_of("manufacturing")
    for reference in ("a-1", "b-2", "c-3"):
        caller.call("POST", "", caller.probe.fresh_body() | {"external_id": reference})
    assert len(found_ids(caller, "filter[external_id][in]=a-1,c-3,d-4")) == 2
    assert len(found_ids(caller, "filter[external_id][like]=%25-2")) == 1
    assert len(found_ids(caller, "filter[external_id][neq]=b-2")) == 2
    assert len(found_ids(caller, "sort=-external_id")) == 3
