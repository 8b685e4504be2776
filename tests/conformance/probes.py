"""What the conformance suite must know of a dialect to knock at its doors: data, no behaviour."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

_numbers = itertools.count(1)


SCOPES = {
    "list": "customers:read",
    "retrieve": "customers:read",
    "create": "customers:write",
    "update": "customers:write",
}


@dataclass(frozen=True)
class Probe:
    name: str
    collection: str  # `{store}` stands for the store's UUID
    body: dict[str, Any]  # the least that creates a customer; `{n}` in a text is a fresh number
    id_at: str  # dotted path of the new customer's id in the answer
    message_at: str  # dotted path of an error's text
    update: tuple[str, dict[str, Any]]
    created: int = 201
    header: str = "Authorization"
    scopes: dict[str, str] = field(default_factory=lambda: SCOPES)  # what each action needs
    rows_at: str = "data"  # dotted path of a list's rows, "" where they are all of it
    wrong_method: str = "DELETE"  # on the collection
    bad_parameter: str = "limit=no"
    name_field: str = "name"
    one_row: str = "?limit=1"  # asks for a page of one customer
    total_at: str = ""  # dotted path of a list's total, "" where it shows none
    invalid: int = 400

    def fresh_body(self) -> dict[str, Any]:
        number = next(_numbers)
        return {
            key: value.replace("{n}", str(number)) if isinstance(value, str) else value
            for key, value in self.body.items()
        }


PROBES = [
    Probe(
        name="bakery",
        collection="/api/v1/customers",
        body={"first_name": "Emma"},
        id_at="data.id",
        message_at="error.message",
        update=("PATCH", {"company": "TechCorp"}),
        name_field="first_name",
    ),
    Probe(
        name="erp",
        collection="/api/customers",
        body={"name": "New Customer Corp"},
        id_at="data.id",
        message_at="error.message",
        update=("PUT", {"credit_limit": 15000}),
        total_at="meta.total",
    ),
    Probe(
        name="manufacturing",
        collection="/api/admin/customers",
        body={
            "name": "John Doe Kitchens",
            "email": "john{n}@example.com",
            "phone": "52 1234 1234",
            "contact_address": {"state": "VIC"},
        },
        id_at="customer.id",
        message_at="error.messages.0",
        update=("PUT", {"minimum_charge_amount": 30}),
        created=200,
        header="X-GC-API-KEY",
        scopes=SCOPES | {"delete": "customers:write"},
        rows_at="items",
        total_at="pagination.total_count",
        one_row="?page_size=1",
    ),
    Probe(
        name="pos",
        collection="/customers",
        body={"name": "Simona", "dial_code": 61, "phone": "412345678"},
        id_at="data.id",
        message_at="message",
        update=("PUT", {"gender": 2}),
        created=200,
        scopes={
            "list": "customers.list",
            "retrieve": "customers.get",
            "create": "customers.write",
            "update": "customers.write",
            "delete": "admin.write",
        },
        bad_parameter="per_page=no",
        invalid=422,
        total_at="meta.total",
        one_row="?per_page=1",
    ),
    Probe(
        name="storefront",
        collection="/stores/{store}/customers",
        body={"email": "jane{n}@example.com"},
        id_at="id",
        message_at="error.message",
        update=("PUT", {"name": "Jane Smith"}),
        scopes=SCOPES | {"delete": "customers:delete"},
        rows_at="items",
        total_at="total",
    ),
]
