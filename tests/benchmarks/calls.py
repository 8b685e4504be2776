"""The compared calls, and the goal of each as a ratio to the floor."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import User
from django.test import Client

from customers.models import Customer
from stores.models import ApiKey, Store
from tests.benchmarks.people import OLD_NAME, RARE_NAME

MANY = 500
NEW = {
    "first_name": "Ann",
    "last_name": "Lee",
    "contact": {"email": "ann{n}@example.com", "phone": "0412 345 678"},
    "address": {"street": "1 Pitt St", "city": "Sydney", "state": "NSW", "postcode": "2000"},
}

# pages of the dialects that show a total
COUNTED_PAGES = {
    "counted page of 50: pos": ["/customers?per_page=50&include=tags,addresses"],
    "counted page of 50: manufacturing": ["/api/admin/customers?limit=50"],
    "counted page of 50: erp": ["/api/customers?limit=50"],
}


@dataclass(frozen=True)
class Call:
    """Paths that are requested in turn. Goals are ratios of requests a second; None is no goal."""

    name: str
    paths: list[str]
    floor: float | None = None
    naive: float | None = None
    naive_paths: list[str] | None = None
    body: dict[str, Any] | None = None
    has_floor: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 8


class Subject:
    """The large store with one of its keys and some of its customers."""

    def __init__(self) -> None:
        self.store = Store.objects.order_by("id")[0]
        self.own = Customer.objects.for_store(self.store).live()
        self.count = self.own.count()
        self.key = ApiKey.issue(store=self.store, name="Benchmark")[1]
        step = max(1, self.count // MANY)
        loaded = self.own.exclude(first_name=NEW["first_name"], last_name=NEW["last_name"])
        keys = loaded.order_by("id").values_list("id", flat=True)[::step]
        self.some = list(self.own.filter(id__in=list(keys)).only("uid", "email", "id", "phone"))
        self.busy = self.own.order_by("-orders_ever")[0]

    def cursor(self) -> str:
        """Return a cursor far into the list, found page by page because cursors are opaque."""
        cursor, client = "", Client(SERVER_NAME="localhost")
        for _ in range(20):
            answer = client.get(
                f"/api/v1/customers?limit=50&cursor={cursor}" if cursor else "/api/v1/customers",
                headers={"Authorization": f"Bearer {self.key}"},
            )
            cursor = answer.json()["pagination"]["next_cursor"]
        return cursor

    def calls(self) -> list[Call]:
        api = [replace(call, headers=self.authorized) for call in self.api_calls()]
        return [*api, *self.admin_calls()]

    def api_calls(self) -> list[Call]:
        bakery, erp = "/api/v1/customers", "/api/customers"
        shop, naive = f"/stores/{self.store.uid}/customers", f"/naive/?store={self.store.pk}"
        offset = min(300_000, self.count * 3 // 4)
        digits = [quote(one.phone[3:8]) for one in self.some]
        return [
            Call(
                "one customer",
                [f"{bakery}/cust_{one.uid.hex}" for one in self.some],
                0.45,
                10,
                [f"/naive/{one.uid}/?store={self.store.pk}" for one in self.some],
            ),
            *calls_of(self.one_customer_in_other_dialects(shop)),
            Call(
                "find by e-mail",
                [f"{shop}?email={quote(one.email)}" for one in self.some],
                0.5,
                None,
                [f"{naive}&email={quote(one.email)}" for one in self.some[:50]],
            ),
            Call("first page of 50", [f"{bakery}?limit=50"], 0.6, 30, [f"{naive}&limit=50"]),
            Call(
                "page by cursor",
                [f"{bakery}?limit=50&cursor={self.cursor()}"],
                0.7,
                30,
                [f"{naive}&limit=50&offset=1000"],
            ),
            Call(
                f"offset {offset}",
                [f"{shop}?offset={offset}"],
                None,
                None,
                [f"{naive}&offset={offset}"],
            ),
            Call("counted page of 50: storefront", [f"{shop}?limit=50"]),
            *calls_of(COUNTED_PAGES),
            self.search("common name", "maria", 0.5, 100),
            self.search("once common name", OLD_NAME.lower(), 0.5),
            self.search("rare name", RARE_NAME.lower()[:9], 0.5, 100),
            self.search("first and last name", "maria smith", 0.5),
            Call(
                "search: phone fragment", [f"{bakery}?limit=50&search={one}" for one in digits], 0.5
            ),
            Call("create with address", [bakery], 0.35, body=NEW),
            Call("orders page", [f"{erp}/cust_{one.uid.hex}/orders" for one in self.some], 0.45),
            Call("analytics, 1,000 orders", [f"{erp}/cust_{self.busy.uid.hex}/analytics"], 0.65),
        ]

    def one_customer_in_other_dialects(self, shop: str) -> dict[str, list[str]]:
        """Return the paths of one customer in the other dialects."""
        return {
            "one customer: storefront": [f"{shop}/{one.uid}" for one in self.some],
            "one customer: pos": [f"/customers/{one.uid}" for one in self.some],
            "one customer: manufacturing": [f"/api/admin/customers/{one.pk}" for one in self.some],
            "one customer: erp": [f"/api/customers/cust_{one.uid.hex}" for one in self.some],
        }

    def admin_calls(self) -> list[Call]:
        """Return calls of the back office's list of all stores."""
        searches = {
            "common name": "maria",
            "rare name": RARE_NAME[:9],
            "two words": "smith%20maria",
            "name and street": "maria%20bridge",
        }
        paths = {"admin list: first page": "/admin/customers/customer/"}
        for name, text in searches.items():
            paths[f"admin list: {name}"] = f"/admin/customers/customer/?q={text}"
            paths[f"admin search: {name}"] = f"/admin/search/options/?q={text}"
        return [
            Call(
                name,
                [path],
                has_floor=False,
                headers=self.signed_in,
                connections=2,  # people read a page before they load the next
            )
            for name, path in paths.items()
        ]

    @cached_property
    def authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}

    @cached_property
    def signed_in(self) -> dict[str, str]:
        """Return the headers of a superuser's browser."""
        person, _ = User.objects.get_or_create(
            username="benchmark", is_staff=True, is_superuser=True
        )
        client = Client(SERVER_NAME="localhost")
        client.force_login(person)
        return {"Cookie": client.cookies.output(header="", attrs=[]).strip()}

    def search(self, name: str, text: str, floor: float, naive: float | None = None) -> Call:
        text = text.replace(" ", "%20")
        path, other = "/api/v1/customers?limit=50&search=", f"/naive/?store={self.store.pk}&search="
        return Call(f"search: {name}", [path + text], floor, naive, naive and [other + text])


def calls_of(paths: dict[str, list[str]]) -> list[Call]:
    """Return calls that only Clientele answers.

    They run next to the bakery calls they are compared with: calls after the creates are slower.
    """
    return [Call(name, asked, has_floor=False) for name, asked in paths.items()]
