"""Tables of the calls and fields that each scope allows."""

import pytest

from tests.factories import ApiKeyFactory
from tests.pos.conftest import Till, till_of

NOBODY = "00000000-0000-4000-8000-000000000000"
CALLS = [
    ("GET", "/customers", "customers.list"),
    ("GET", "/customers/{id}", "customers.get"),
    ("POST", "/customers", "customers.write"),
    ("PUT", "/customers/{id}", "customers.write"),
    ("DELETE", "/customers/{id}", "admin.write"),
    ("PUT", "/customers/{id}/restore", "admin.restore"),
    *[
        (method, path, scope)
        for noun, change in (
            ("tags", "customers.write"),
            ("addresses", "customers.write"),
            ("delivery_zones", "admin.write"),
        )
        for method, path, scope in (
            ("GET", f"/{noun}", "customers.list"),
            ("GET", f"/{noun}/{{id}}", "customers.get"),
            ("POST", f"/{noun}", change),
            ("PUT", f"/{noun}/{{id}}", change),
            ("DELETE", f"/{noun}/{{id}}", change),
        )
    ],
    ("GET", "/house_account_transactions", "customers.accounts.read"),
    ("POST", "/house_account_transactions", "customers.accounts.write"),
    ("GET", "/loyalty_transactions", "customers.loyalty.read"),
    ("POST", "/loyalty_transactions", "customers.loyalty.write"),
]
EVERY = {scope for _, _, scope in CALLS}


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_call_needs_exactly_its_scope(store, method, path, scope):
    path, body = path.format(id=NOBODY), {} if method in ("POST", "PUT") else None
    without = till_of(store, *(EVERY - {scope}))
    assert without.call(method, path, body).status_code == 403
    assert without.call(method, f"/v5{path}", body).status_code == 403
    assert till_of(store, scope).call(method, path, body).status_code in (200, 404, 422)


def test_whoami_needs_no_scope_and_hides_the_secret(store):
    till = till_of(store, "orders:read")
    seen = till.get("/whoami")
    assert seen["business"] == {"id": str(store.uid), "name": store.name}
    assert seen["user"]["id"] not in ("", till.key)


FIELDS = [
    ("house_account_limit", 5, "customers.accounts.write"),
    ("house_account_limit", None, "customers.accounts.write"),
    ("house_account_limit", "not even valid", "customers.accounts.write"),
    ("is_house_account_enabled", True, "customers.accounts.write"),
    ("is_loyalty_enabled", False, "customers.loyalty.write"),
]


@pytest.mark.parametrize(("field", "value", "scope"), FIELDS)
def test_field_without_its_scope_is_403(store, till, field, value, scope):
    made = till.customer()
    others = {"customers.accounts.write", "customers.loyalty.write"} - {scope}
    weak = till_of(store, "customers.write", *others)
    body = {"name": "Half", "dial_code": 1, "phone": "12345", field: value}
    assert weak.call("PUT", f"/customers/{made['id']}", body).status_code == 403
    assert weak.call("POST", "/customers", body).status_code == 403
    assert till.get("/customers") == [made]


@pytest.mark.parametrize("field", ["house_account_balance", "loyalty_balance", "addresses"])
def test_read_only_fields_need_no_scope(store, till, field):
    made = till.customer()
    changed = till_of(store, "customers.write").put(
        f"/customers/{made['id']}", {field: 300, "name": "Simona Two"}
    )
    assert changed["name"] == "Simona Two"
    assert till.get(f"/customers/{made['id']}").get(field) == made[field]


READS = [
    ((), set()),
    (
        ("customers.accounts.read",),
        {"house_account_limit", "house_account_balance"},
    ),
    (("customers.loyalty.read",), {"loyalty_balance"}),
    # a write scope does not include reading
    (("customers.accounts.write", "customers.loyalty.write"), set()),
]
GATED = {"house_account_limit", "house_account_balance", "loyalty_balance"}


@pytest.mark.parametrize(("scopes", "shown"), READS)
def test_balances_and_limits_need_their_scopes(store, till, scopes, shown):
    path = f"/customers/{till.customer(house_account_limit=7)['id']}"
    reader = till_of(
        store,
        "customers.get",
        "customers.list",
        "customers.write",
        "admin.write",
        "admin.restore",
        *scopes,
    )
    answers = [
        reader.get(path),
        reader.get("/customers")[0],
        reader.put(path, {"gender": 2}),
        reader.delete(path),
        reader.put(f"{path}/restore", None),
    ]
    for answer in answers:
        assert GATED & set(answer) == shown


def test_administrator_key_is_403(db):
    nowhere = Till(store=None, key=ApiKeyFactory(store=None).text)
    assert nowhere.call("GET", "/customers").status_code == 403
