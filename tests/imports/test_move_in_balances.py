"""Opening balances by choice: what customers owe on another server, each as one dated entry."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.services.accounts import post_entry
from stores.actors import SYSTEM
from stores.models import ApiKey, Store
from tests.factories import CustomerFactory
from tests.imports.test_move_in import counts, here, move, quick, there, url

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["here", "quick", "there", "url"]


def owing(store: Store, amount: str, **fields: Any) -> Customer:
    customer: Customer = CustomerFactory(store=store, is_account_enabled=True, **fields)
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(amount))
    return customer


def entries(store: Store) -> list[tuple[str, Decimal, str]]:
    rows = LedgerEntry.objects.filter(store=store).order_by("customer__name", "pk")
    return list(rows.values_list("customer__name", "amount", "notes"))


@pytest.mark.parametrize("dialect", ["pos", "erp"])
def test_balances_come_as_one_dated_entry_and_go_back(
    there: Store, here: Store, url: str, dialect: str
) -> None:
    there.timezone = here.timezone = "Pacific/Auckland"
    here.save()
    owing(there, "80.25", name="Ann", credit_limit=Decimal(500))
    owing(there, "12.50", name="Bob", credit_limit=None)
    owing(there, "-5.00", name="Cleo", credit_limit=Decimal(0))
    CustomerFactory(store=there, name="Dora")
    with time_machine.travel("2026-11-30T20:00:00Z"):
        result = move(dialect, url, here, "--opening-balances")
    assert counts(result) == {"create": 4}
    assert not {"house_account_balance", "current_balance"} & {*result["not_moved"]}
    note = "Opening balance as of 2026-12-01"  # it is the next day there already
    assert entries(here) == [
        ("Ann", Decimal("80.25"), note),
        ("Bob", Decimal("12.50"), note),
        ("Cleo", Decimal("-5.00"), note),
    ]
    due = LedgerEntry.objects.filter(store=here, amount__gt=0).values_list("due_on", flat=True)
    assert {*due} == {date(2026, 12, 1)}
    call_command("verify_ledger", stdout=io.StringIO())
    assert counts(move(dialect, url, here, "--sync", "--opening-balances")) == {"same": 4}
    call_command("undo_import", result["id"], stdout=io.StringIO())
    assert not Customer.objects.live().filter(store=here).exists()
    assert sum(amount for _, amount, _ in entries(here)) == 0


def test_balances_stay_there_unless_asked_for(there: Store, here: Store, url: str) -> None:
    owing(there, "80.25")
    result = move("pos", url, here)
    assert "house_account_balance" in result["not_moved"]
    assert not LedgerEntry.objects.filter(store=here).exists()


def test_a_balance_that_the_account_does_not_take_is_told_by_the_check(
    there: Store, here: Store, url: str
) -> None:
    over = owing(there, "80.00", name="Ann")
    disabled = owing(there, "80.00", name="Bob")
    Customer.objects.filter(pk=over.pk).update(credit_limit=10)
    Customer.objects.filter(pk=disabled.pk).update(is_account_enabled=False)
    dry = move("pos", url, here, "--opening-balances", "--dry-run")
    assert counts(dry) == {"conflict": 1, "error": 1}
    assert counts(move("pos", url, here, "--opening-balances")) == counts(dry)


@pytest.mark.parametrize("dialect", ["bakery", "storefront", "manufacturing"])
def test_a_dialect_without_balances_is_told(
    there: Store, here: Store, url: str, dialect: str
) -> None:
    with pytest.raises(CommandError, match="shows no balances") as error:
        move(dialect, url, here, "--opening-balances")
    assert error.value.returncode == 2


def test_a_key_that_may_not_see_balances_is_told(
    there: Store, here: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing(there, "80.00")
    key = ApiKey.issue(store=there, name="few", scopes=["customers.list", "customers.get"])[1]
    shown = Client().get("/customers", headers={"Authorization": f"Bearer {key}"})
    assert shown.status_code == 200, shown.content
    monkeypatch.setenv("THERE_KEY", key)
    with pytest.raises(CommandError, match="no balances to this key"):
        move("pos", url, here, "--opening-balances")
    assert not Customer.objects.filter(store=here).exists()


def test_an_interrupted_move_goes_on_with_the_choice_it_began_with(
    there: Store, here: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing(there, "80.00")
    monkeypatch.setenv("THERE_KEY", "nonsense")
    with pytest.raises(CommandError, match="refuses the key"):
        move("pos", url, here, "--opening-balances")
    with pytest.raises(CommandError, match="begun with opening balances"):
        move("pos", url, here)
