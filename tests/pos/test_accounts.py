"""House account and loyalty transactions."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from customers.models import Customer, LedgerEntry
from orders.models import Order
from orders.services.paying import pay_order
from orders.services.placing import place_order
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.errors import Conflict
from tests.factories import LineFields

NOBODY = "00000000-0000-4000-8000-000000000000"
KINDS = {
    "house_account": "house_account_balance",
    "loyalty": "loyalty_balance",
}


@pytest.fixture
def owner(till):
    return till.customer(is_house_account_enabled=True, is_loyalty_enabled=True)


def body(owner, amount, **more):
    return {"customer_id": owner["id"], "amount": amount, **more}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.mark.parametrize(
    "amount", [0, "0.00", 0.001, "1e2", True, [], None, 10**12, "NaN", "1,5", " "]
)
def test_invalid_amount_is_refused(till, owner, kind, amount):
    path = f"/{kind}_transactions"
    assert list(till.errors("POST", path, body(owner, amount))) == ["amount"]
    assert till.get(path) == []
    assert till.get(f"/customers/{owner['id']}") == owner


def test_balances_are_exact_to_the_cent(till, owner, kind):
    for _ in range(10):
        last = till.post(f"/{kind}_transactions", body(owner, 0.1))
    assert (last["old_balance"], last["new_balance"]) == (0.9, 1)
    assert till.get(f"/customers/{owner['id']}")[KINDS[kind]] == 1


def test_balance_stays_within_the_column(till, owner, kind):
    most = 999999999999.99
    till.post(f"/{kind}_transactions", body(owner, most))
    assert list(till.errors("POST", f"/{kind}_transactions", body(owner, 0.01))) == ["amount"]
    assert till.get(f"/customers/{owner['id']}")[KINDS[kind]] == most


def test_closed_house_account_may_be_settled(till, owner):
    till.put(f"/customers/{owner['id']}", {"is_house_account_enabled": False})
    path = "/house_account_transactions"
    assert till.post(path, body(owner, -5))["new_balance"] == -5
    assert list(till.errors("POST", path, body(owner, 1))) == ["amount"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer_id", NOBODY),
        ("customer_id", "8d831"),
        ("customer_id", None),
        ("order_id", NOBODY),
        ("order_id", 5),
        ("notes", "x" * 501),
        ("notes", 5),
    ],
)
def test_invalid_field_is_named(till, owner, kind, field, value):
    sent = body(owner, 1) | {field: value}
    assert list(till.errors("POST", f"/{kind}_transactions", sent)) == [field]
    assert not LedgerEntry.objects.exists()


def test_deleted_customer_has_no_account(till, owner, kind):
    till.delete(f"/customers/{owner['id']}")
    assert list(till.errors("POST", f"/{kind}_transactions", body(owner, 1))) == ["customer_id"]


def test_entries_list_by_account_oldest_first(till, owner):
    for amount in (1, 2):
        till.post("/house_account_transactions", body(owner, amount))
    till.post("/loyalty_transactions", body(owner, 3))
    assert [row["amount"] for row in till.get("/house_account_transactions")] == [1, 2]
    assert [row["amount"] for row in till.get("/house_account_transactions?sort=-created_at")] == [
        2,
        1,
    ]
    assert [row["amount"] for row in till.get("/loyalty_transactions")] == [3]


@pytest.mark.parametrize("field", ["customer_id", "order_id"])
@pytest.mark.parametrize("spelling", ["{}", "filter[{}]"])
def test_unknown_id_lists_nothing_and_blank_is_refused(till, owner, field, spelling):
    till.post("/loyalty_transactions", body(owner, 3))
    for text in (NOBODY, "8d831"):
        assert till.get(f"/loyalty_transactions?{spelling.format(field)}={text}") == []
    assert list(till.errors("GET", f"/loyalty_transactions?{spelling.format(field)}=")) == [field]


def test_entry_cannot_be_read_changed_or_deleted(till, owner, kind):
    entry = till.post(f"/{kind}_transactions", body(owner, 3))
    for method in ("GET", "PUT", "DELETE"):
        answer = till.call(method, f"/{kind}_transactions/{entry['id']}", {})
        assert answer.status_code == 404
    assert till.call("PUT", f"/{kind}_transactions", {}).status_code == 405


def test_transaction_changes_the_customers_etag(till, owner, kind):
    before = till.call("GET", f"/customers/{owner['id']}")["ETag"]
    till.post(f"/{kind}_transactions", body(owner, 3))
    assert till.call("GET", f"/customers/{owner['id']}")["ETag"] != before


def order_of(owner):
    target = Customer.objects.filter(uid=owner["id"])
    return place_order(target, SYSTEM, [LineFields()])


def test_order_must_belong_to_the_customer(till, other_till, owner, kind):
    mine, foreign = order_of(owner), order_of(other_till.customer())
    path = f"/{kind}_transactions"
    for order in (foreign, order_of(till.customer()), {"uid": NOBODY}):
        sent = body(owner, 1, order_id=str(order["uid"]))
        assert list(till.errors("POST", path, sent)) == ["order_id"]
    entry = till.post(path, body(owner, 1, order_id=str(mine["uid"])))
    assert entry["order"] == {"id": str(mine["uid"])}
    nobodys = {"customer_id": NOBODY, "amount": 1, "order_id": str(mine["uid"])}
    assert list(till.errors("POST", path, nobodys)) == ["customer_id"]
    assert till.get(f"{path}?filter[order_id]={mine['uid']}") == [entry]


def test_settlement_pays_the_order_that_it_names(till, owner):
    target = Customer.objects.filter(uid=owner["id"])
    order = place_order(target, SYSTEM, [LineFields()], on_account=True)
    path, named = "/house_account_transactions", {"order_id": str(order["uid"])}
    till.post(path, body(owner, 10, **named))
    assert till.post(path, body(owner, -30, **named))["new_balance"] == 5
    call_command("verify_ledger")
    paid = Order.objects.get(uid=order["uid"])
    assert (paid.payment_status, paid.charged_amount) == ("succeeded", Decimal("0.00"))
    with pytest.raises(Conflict, match="over_paid"):
        pay_order(paid.as_queryset(), SYSTEM, Decimal("25.00"), "card")


def test_withdrawn_customers_entries_are_hidden(till, owner, kind):
    order = order_of(owner)
    for amount in (1, -1):  # a customer with a debt cannot be withdrawn
        till.post(f"/{kind}_transactions", body(owner, amount))
    delete_customer_with_orders(Customer.objects.filter(uid=owner["id"]), SYSTEM)
    sent = body(till.customer(), 1, order_id=str(order["uid"]))
    assert list(till.errors("POST", f"/{kind}_transactions", sent)) == ["order_id"]
    assert till.get(f"/{kind}_transactions") == []


def test_customer_who_collects_no_points_gets_none(till):
    other = till.customer()
    answer = till.errors("POST", "/loyalty_transactions", body(other, 3))
    assert list(answer) == ["amount"]
    assert till.get("/loyalty_transactions") == []
