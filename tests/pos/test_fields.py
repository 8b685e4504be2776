"""Boundary values of a customer's fields."""

import pytest

KEPT = [
    ("name", "x" * 255, "x" * 255),
    ("name", f"{'x' * 255} {'y' * 255}", f"{'x' * 255} {'y' * 255}"),
    ("name", "ألين", "ألين"),
    ("dial_code", 1, 1),
    ("dial_code", " +1868 ", 1868),
    ("phone", 565445254, "565445254"),
    ("phone", "(05) 12.34-56/7", "(05) 12.34-56/7"),
    ("phone", "٠٥٦٥٤", "٠٥٦٥٤"),
    ("email", "  Jürgen@Bücher.example ", "Jürgen@Bücher.example"),
    ("email", "", None),
    ("gender", 2, 2),
    ("birth_date", "1900-01-01", "1900-01-01"),
    ("birth_date", "2024-02-29", "2024-02-29"),
    ("house_account_limit", "12.50", 12.5),
    ("house_account_limit", 999999999999.99, 999999999999.99),
    ("house_account_limit", 0, 0),
    ("house_account_limit", -0.0, 0),
    ("is_blacklisted", "0", False),
    ("is_loyalty_enabled", 1, True),
]


@pytest.mark.parametrize(("field", "sent", "shown"), KEPT)
def test_value_is_saved_and_shown(till, field, sent, shown):
    path = f"/customers/{till.customer()['id']}"
    changed = till.put(path, {field: sent})[field]
    assert (type(changed), changed) == (type(shown), shown)
    assert till.get(path)[field] == shown


REFUSED = [
    ("name", "   "),
    ("name", 7),
    ("name", "x" * 256),
    ("name", f"x {'y' * 256}"),
    ("dial_code", None),
    ("dial_code", 0),
    ("dial_code", -1),
    ("dial_code", True),
    ("dial_code", 1.5),
    ("dial_code", "00966"),
    ("dial_code", "٩٦٦"),
    ("dial_code", 10**12),
    ("dial_code", [966]),
    ("phone", None),
    ("phone", ""),
    ("phone", True),
    ("phone", "1" * 61),
    ("phone", {"number": "565445254"}),
    ("email", 5),
    ("email", "a@b"),
    ("email", f"{'x' * 250}@example.org"),
    ("gender", True),
    ("gender", "1"),
    ("gender", 1.0),
    ("birth_date", ""),
    ("birth_date", "2023-02-29"),
    ("birth_date", "10000-01-01"),
    ("birth_date", "0001-01-01"),
    ("birth_date", "1899-12-31"),
    ("birth_date", "9999-12-31"),
    ("birth_date", "1986-09-17T00:00:00Z"),
    ("birth_date", 19860917),
    ("house_account_limit", 0.001),
    ("house_account_limit", 10**12),
    ("house_account_limit", "1e3"),
    ("house_account_limit", "1,000"),
    ("house_account_limit", True),
    ("is_blacklisted", None),
    ("is_blacklisted", "true"),
    ("is_blacklisted", 1.0),
    ("is_house_account_enabled", 2),
    ("tags", None),
    ("tags", {}),
    ("tags", [{"id": "00000000-0000-4000-8000-000000000000"}] * 101),
]


@pytest.mark.parametrize(("field", "sent"), REFUSED)
def test_invalid_value_is_named_and_changes_nothing(till, field, sent):
    made = till.customer()
    path = f"/customers/{made['id']}"
    errors = till.errors("PUT", path, {"is_blacklisted": True, field: sent})
    assert list(errors) == [field]
    assert till.get(path) == made


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ([{}], "tags.0.id"),
        ([{"id": None}], "tags.0.id"),
        ([{"id": 7}], "tags.0.id"),
        (["VIP"], "tags.0"),
    ],
)
def test_invalid_tag_is_named_by_index(till, tags, named):
    assert list(till.errors("PUT", f"/customers/{till.customer()['id']}", {"tags": tags})) == [
        named
    ]


def test_all_invalid_values_are_named_together(till):
    errors = till.errors("POST", "/customers", {"dial_code": "x", "phone": "1", "gender": 3})
    assert set(errors) == {"name", "dial_code", "phone", "gender"}


def test_nul_in_text_is_400_and_named(till):
    answer = till.call("POST", "/customers", {"name": "a\0b"})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["name"]


def test_repeated_tag_counts_once_in_order(till):
    first, second = (till.post("/tags", {"name": name})["id"] for name in ("VIP", "Staff"))
    sent = [{"id": second}, {"id": first}, {"id": second}]
    assert till.customer(tags=sent)["tags"] == [{"id": second}, {"id": first}]


def test_phone_keeps_the_saved_dial_code(till):
    path = f"/customers/{till.customer(dial_code=966, phone='565445254')['id']}"
    assert till.put(path, {"phone": "565445255"})["dial_code"] == 966
    assert till.put(path, {"dial_code": 971})["phone"] == "565445255"


def test_unchanged_body_changes_nothing(till):
    made = till.customer(email="simona@example.net", birth_date="1986-09-17", gender=2)
    before = till.call("GET", f"/customers/{made['id']}")
    after = till.call("PUT", f"/customers/{made['id']}", made)
    assert (after.json(), after["ETag"]) == (before.json(), before["ETag"])


@pytest.mark.parametrize(
    "body",
    [
        '{"na\\u0000me": "x"}',
        '{"name": "x", "name": "y"}',
        '{"dial_code": 1234567890123456789}',
        '{"name": "x",}',
        "[]",
        "",
    ],
)
def test_malformed_body_is_400(till, body):
    answer = till.send("POST", "/customers", body.encode())
    assert answer.status_code == 400
    assert set(answer.json()) == {"message"}
