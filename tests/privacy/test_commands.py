"""The command `erase_customer`."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer
from customers.privacy.models import Erasure
from stores.models import Store
from tests.factories import CustomerFactory, OrderFactory


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments: str) -> dict[str, Any]:
    return json.loads(run(*arguments, "--json"))


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee")


def test_preview_says_what_would_go(customer: Customer) -> None:
    answer = run_json("erase_customer", str(customer.uid), "--preview")
    assert answer["erasure"] is None
    assert answer["rows"] == {"Customer": 1, "History": 1}
    assert "Nothing was changed yet." in run("erase_customer", str(customer.uid), "--preview")
    assert Customer.objects.get().name == "Ann Lee"


@pytest.mark.parametrize("form", [str, lambda uid: f"cust_{uid.hex}"])
def test_erases_by_either_form_of_the_id(customer: Customer, form: Any) -> None:
    assert "Erased at" in run("erase_customer", form(customer.uid))
    assert Customer.objects.get().name == f"Erased customer {customer.uid.hex[-8:]}"


def test_erasing_again_says_so(customer: Customer) -> None:
    first = run_json("erase_customer", str(customer.uid))
    assert first["erasure"] == str(Erasure.objects.get().uid)
    assert run_json("erase_customer", str(customer.uid))["erasure"] == first["erasure"]
    assert "Erased already" in run("erase_customer", str(customer.uid))


def test_refusal_names_order_and_amount(customer: Customer) -> None:
    order = OrderFactory(customer=customer)
    with pytest.raises(CommandError, match=f"under way: {order.number}.*owes 25.00"):
        run("erase_customer", str(customer.uid))
    preview = run_json("erase_customer", str(customer.uid), "--preview")
    assert len(preview["refused_because"]) == 2
    assert Customer.objects.get().name == "Ann Lee"


@pytest.mark.parametrize("uid", ["nobody", "0190c6b8-0000-7000-8000-000000000000"])
def test_unknown_customer(db: None, uid: str) -> None:
    with pytest.raises(CommandError, match="There is no customer"):
        run("erase_customer", uid)
