"""Filters, pages, sorting and includes."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from stores.outbox import lock_store
from tests.factories import CustomerFactory
from tests.waiting import call_and_close, until, waiting_for_a_lock

FILTERS = {
    "name": "x",
    "email": "x@example.org",
    "phone": "12345",
    "dial_code": "966",
    "tags.id": "8d06aaa0",
    "is_blacklisted": "1",
    "is_house_account_enabled": "0",
    "is_loyalty_enabled": "true",
    "has_orders": "FALSE",
    "updated_after": "2020-01-01",
    "is_deleted": "0",
}


def names(till, query: str = "") -> list[str]:
    return [row["name"] for row in till.get(f"/customers?{query}")]


@pytest.mark.parametrize("field", FILTERS)
def test_filter_in_both_spellings_is_refused(till, field):
    value = FILTERS[field]
    assert till.call("GET", f"/customers?{field}={value}").status_code == 200
    errors = till.errors("GET", f"/customers?{field}={value}&filter[{field}]={value}")
    assert list(errors) == [field]


@pytest.mark.parametrize("spelling", ["{}", "filter[{}]", "filter%5B{}%5D"])
@pytest.mark.parametrize("field", FILTERS)
def test_blank_filter_is_refused(till, field, spelling):
    assert list(till.errors("GET", f"/customers?{spelling.format(field)}=")) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dial_code", "1.5"),
        ("dial_code", "-966"),
        ("tags.id", ","),
        ("is_deleted", "2"),
        ("updated_after", "0000-01-01"),
        ("updated_after", "2023-02-29"),
        ("updated_after", "10000-01-01"),
        ("updated_after", "0001-01-01T00:00:00%2B14:00"),
        ("updated_after", "2024-01-01T00:00:00+02:00"),
        ("updated_after", "yesterday"),
    ],
)
def test_invalid_filter_is_refused(till, field, value):
    assert list(till.errors("GET", f"/customers?filter[{field}]={value}")) == [field]


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("0001-01-01", 1),
        ("9999-12-31", 0),
        ("9999-12-31 23:59:59", 0),
        ("0001-01-01T23:59:59.999999Z", 1),
    ],
)
def test_updated_after_accepts_ends_of_the_calendar(till, moment, found):
    till.customer()
    assert len(till.get(f"/customers?updated_after={quote(moment)}")) == found


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_updated_after_finds_a_concurrent_tag_rename(till):
    tag = till.post("/tags", {"name": "regular"})
    tagged, other = till.customer(tags=[{"id": tag["id"]}]), till.customer()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_store(till.store.pk)
            rename = pool.submit(
                call_and_close, lambda: till.put(f"/tags/{tag['id']}", {"name": "loyal"})
            )
            until(waiting_for_a_lock, 2.5, "it waits for a lock, which it does for three seconds")
            till.put(f"/customers/{other['id']}", {"name": "Seen"})
        assert rename.result()["name"] == "loyal"
    seen = Customer.objects.get(uid=other["id"]).updated_at
    updated_rows = till.get(f"/customers?updated_after={quote(seen.isoformat())}&sort=updated_at")
    assert [one["id"] for one in updated_rows] == [other["id"], tagged["id"]]


def test_name_filter_ignores_case_and_accents(till):
    till.customer(name="Zoë (50%) O'Neil")
    for part in ("zoe", "ZOË", "(50%)", "o'neil", "ë (5"):
        assert names(till, f"name={quote(part)}") == ["Zoë (50%) O'Neil"]
    for part in ("zoe.*", "_oe", "%", "^zoe", "neil zoe"):
        assert names(till, f"name={quote(part)}") == (["Zoë (50%) O'Neil"] if part == "%" else [])


def test_name_filter_matches_names_only(till, store):
    CustomerFactory(store=store, name="Ann", company="Baker Ltd", email="baker@example.org")
    CustomerFactory(store=store, name="", company="Baker and Sons")
    assert names(till, "name=baker") == ["Baker and Sons"]  # the name that it shows
    assert names(till, "name=%E2%80%8B") == []  # a zero-width space


def test_phone_of_another_dialect_is_found_as_shown(till, store):
    CustomerFactory(store=store, name="Abroad", phone="+966 56 544 5254")
    shown = till.get("/customers?dial_code=%2B966&phone=565445254")[0]
    assert (shown["name"], shown["dial_code"], shown["phone"]) == ("Abroad", 966, "565445254")


def test_customer_without_a_phone_shows_null(till, store):
    CustomerFactory(store=store, name="Web only")
    shown = till.get("/customers")[0]
    assert (shown["dial_code"], shown["phone"]) == (None, None)


def test_withdrawn_customer_is_hidden(till):
    made = till.customer()
    till.delete(f"/customers/{made['id']}")
    gone = Customer.objects.for_store(till.store).get()
    Customer.objects.filter(pk=gone.pk).update(withdrawn_at=gone.deleted_at)
    assert names(till, "is_deleted=1") == names(till) == []
    assert till.call("PUT", f"/customers/{made['id']}/restore").status_code == 404


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "1.0", "+1", "٣", "1e3", "10000000000", "9" * 30, ""])
def test_invalid_page_number_is_refused(till, name, value):
    assert list(till.errors("GET", f"/customers?{name}={value}")) == [name]


def test_page_number_of_a_billion_is_refused(till):
    till.customer()
    assert list(till.errors("GET", "/customers?page=1000000000")) == ["page"]
    answer = till.call("GET", "/customers?page=999999999&per_page=999999999").json()
    assert answer["data"] == []
    meta = answer["meta"]
    assert (meta["from"], meta["to"], meta["total"], meta["per_page"]) == (None, None, 1, 50)
    assert (answer["links"]["next"], meta["last_page"]) == (None, 1)


def test_empty_list_has_one_page(till):
    meta = till.call("GET", "/customers").json()["meta"]
    assert (meta["last_page"], meta["total"], meta["from"], meta["to"]) == (1, 0, None, None)


def test_next_links_show_each_filtered_row_once(till):
    for name in ("Ann", "Bob", "Anna", "Annika", "Joanna"):
        till.customer(name=name)
    seen, link = (
        [],
        "/v5/customers?filter%5Bname%5D=ann&per_page=1&sort=-created_at&include=tags%2C",
    )
    while link:
        answer = till.call("GET", link).json()
        seen += [row["name"] for row in answer["data"]]
        link = answer["links"]["next"]
        if link:
            assert link.startswith("http://testserver/v5/customers?filter%5Bname%5D=ann&")
            link = link.removeprefix("http://testserver")
    assert seen == ["Joanna", "Annika", "Anna", "Ann"]
    assert urlsplit(answer["meta"]["path"]).path == "/v5/customers"


def test_includes_ignore_case_and_unknown_names(till):
    tag = till.post("/tags", {"name": "VIP"})
    till.customer(tags=[{"id": tag["id"]}])
    row = till.get("/customers?include=%20Tags%20,,phones,")[0]
    assert row["tags"] == [{"id": tag["id"], "name": "VIP"}]


@pytest.mark.parametrize(
    "path",
    ["tags", "addresses", "delivery_zones", "house_account_transactions", "loyalty_transactions"],
)
def test_other_lists_page_and_refuse_alike(till, path):
    for bad in ("sort=height", "page=0", "per_page=x", "page=1&page=2"):
        assert list(till.errors("GET", f"/{path}?{bad}"))
    answer = till.call("GET", f"/v5/{path}?per_page=500&sort=-created_at").json()
    assert (answer["data"], answer["meta"]["per_page"], answer["meta"]["last_page"]) == ([], 50, 1)


def test_short_list_takes_one_query(till):
    tag = till.post("/tags", {"name": "VIP"})
    for _ in range(3):
        made = till.customer(tags=[{"id": tag["id"]}])
        till.post("/addresses", {"customer_id": made["id"], "name": "Home", "description": "1 Way"})
    with CaptureQueriesContext(connection) as queries:
        till.get("/customers?include=tags,addresses.delivery_zone")
    of_the_list = [query for query in queries if "stores_apikey" not in query["sql"]]
    assert len(of_the_list) == 1  # a page that is not full gives the total


@pytest.mark.parametrize(
    "query", ["name=Zo\u00eb&p%61ge=1", "name=Zo%C3%AB&page=1", "page=1&&name=Zo+%C3%AB"]
)
def test_links_work_for_any_encoding_of_the_query(till, query):
    for _ in range(3):
        till.customer(name="Zo Ë Zoë")
    answer = till.call("GET", f"/customers?{query}&per_page=1").json()
    following = answer["links"]["next"].removeprefix("http://testserver")
    assert till.call("GET", following).json()["meta"]["current_page"] == 2
    assert till.call("GET", following).json()["meta"]["total"] == 3


@pytest.mark.parametrize("ending", ["[]=", "[0]="])
@pytest.mark.parametrize("name", ["filter[tags.id]", "tags.id"])
def test_list_of_tags_is_read_as_a_list(till, name, ending):
    red, blue = (till.post("/tags", {"name": name}) for name in ("red", "blue"))
    for tag, customer in ((red, "Rita"), (blue, "Bernd"), (None, "Nora")):
        tags = [{"id": tag["id"]}] if tag else []
        till.customer(name=customer, tags=tags)
    assert names(till, f"{name}{ending}{red['id']}") == ["Rita"]
    both = f"{name}{ending}{red['id']}&{name}[1]={blue['id']}"
    assert names(till, both) == ["Rita", "Bernd"]


def test_includes_may_be_a_list(till):
    tag = till.post("/tags", {"name": "red"})
    till.customer(tags=[{"id": tag["id"]}])
    row = till.get("/customers?include[]=tags&include[]=addresses")[0]
    assert row["tags"] == [{"id": tag["id"], "name": "red"}]
