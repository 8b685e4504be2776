"""Edge values of what a customer may be sent with."""

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
    ("birth_date", "0001-01-01", "0001-01-01"),
    ("birth_date", "9999-12-31", "9999-12-31"),
    ("birth_date", "2024-02-29", "2024-02-29"),
    ("house_account_limit", "12.50", 12.5),
    ("house_account_limit", 999999999999.99, 999999999999.99),
    ("house_account_limit", 0, 0),
    ("house_account_limit", -0.0, 0),
    ("is_blacklisted", "0", False),
    ("is_loyalty_enabled", 1, True),
]


@pytest.mark.parametrize(("field", "sent", "shown"), KEPT)
def test_a_value_is_kept_and_shown(till, field, sent, shown):
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
def test_an_unusable_value_is_refused_by_its_name_and_nothing_changes(till, field, sent):
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
def test_a_tag_that_is_none_is_named_by_its_place(till, tags, named):
    assert list(till.errors("PUT", f"/customers/{till.customer()['id']}", {"tags": tags})) == [
        named
    ]


def test_all_that_is_wrong_is_told_at_once(till):
    errors = till.errors("POST", "/customers", {"dial_code": "x", "phone": "1", "gender": 3})
    assert set(errors) == {"name", "dial_code", "phone", "gender"}


def test_a_text_that_no_database_keeps_is_unreadable_but_named(till):
    answer = till.call("POST", "/customers", {"name": "a\0b"})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["name"]


def test_a_tag_named_twice_counts_once_and_the_order_stays(till):
    first, second = (till.post("/tags", {"name": name})["id"] for name in ("VIP", "Staff"))
    sent = [{"id": second}, {"id": first}, {"id": second}]
    assert till.customer(tags=sent)["tags"] == [{"id": second}, {"id": first}]


def test_a_phone_goes_with_the_dial_code_that_is_there(till):
    path = f"/customers/{till.customer(dial_code=966, phone='565445254')['id']}"
    assert till.put(path, {"phone": "565445255"})["dial_code"] == 966
    assert till.put(path, {"dial_code": 971})["phone"] == "565445255"


def test_sending_back_what_is_shown_changes_nothing(till):
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
def test_what_cannot_be_read_is_malformed(till, body):
    answer = till.send("POST", "/customers", body.encode())
    assert answer.status_code == 400
    assert set(answer.json()) == {"message"}
