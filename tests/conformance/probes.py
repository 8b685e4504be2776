"""The data that the conformance suite needs to call a dialect."""

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
    body: dict[str, Any]  # smallest body that creates a customer; `{n}` becomes a new number
    id_at: str  # dotted path of the new customer's id in the answer
    message_at: str  # dotted path of an error's text
    update: tuple[str, dict[str, Any]]
    created: int = 201
    header: str = "Authorization"
    scopes: dict[str, str] = field(default_factory=lambda: SCOPES)  # scope needed by each action
    rows_at: str = "data"  # dotted path of a list's rows, "" when the body is the list
    wrong_method: str = "DELETE"  # on the collection
    bad_parameter: str = "limit=no"
    name_field: str = "name"
    page_size: str = "limit"  # parameter of the page size
    total_at: str = ""  # dotted path of a list's total, "" when it has none
    invalid: int = 400
    conflict: int = 409  # status for an e-mail that another customer has
    search: str = "search"  # parameter that searches by name
    # SQL statements of a create with `body` and of `update` (it reads the customer to drop unchanged values).
    # Two of a create store what duplicates are found by, and two to four of an update that changes it.
    statements: tuple[int, int] = (6, 6)
    ana: dict[str, Any] = field(default_factory=dict)  # body of the customer of `test_one_book`
    named_body: dict[str, Any] = field(
        default_factory=dict
    )  # template with `{first}`, `{last}`, `{email}`
    # dotted paths in a customer in the dialect's form
    full_name_at: str = "name"
    email_at: str = "email"
    phone_at: str = "phone"

    @property
    def customer_at(self) -> str:
        """Return the dotted path of the customer in a response, "" when it is the body."""
        return self.id_at.rpartition(".")[0]

    def fresh_body(self) -> dict[str, Any]:
        number = next(_numbers)
        return {
            key: value.replace("{n}", str(number)) if isinstance(value, str) else value
            for key, value in self.body.items()
        }


# of the customer that `test_one_book` writes through each dialect
EMAIL, PHONE = "ana@lopez.example.com", "+61 412 345 678"

PROBES = [
    Probe(
        name="bakery",
        collection="/api/v1/customers",
        body={"first_name": "Emma"},
        id_at="data.id",
        message_at="error.message",
        update=("PATCH", {"company": "TechCorp"}),
        name_field="first_name",
        statements=(5, 12),
        ana={
            "first_name": "Ana",
            "last_name": "Maria Lopez",
            "contact": {"email": EMAIL, "phone": PHONE},
            "address": {
                "street": "42 George Street",
                "street2": "Level 3",
                "city": "Sydney",
                "state": "NSW",
                "postcode": "2000",
                "country": "Australia",
            },
        },
        named_body={
            "first_name": "{first}",
            "last_name": "{last}",
            "contact": {"email": "{email}"},
        },
        full_name_at="full_name",
        email_at="contact.email",
        phone_at="contact.phone",
    ),
    Probe(
        name="erp",
        collection="/api/customers",
        body={"name": "New Customer Corp"},
        id_at="data.id",
        message_at="error.message",
        update=("PUT", {"credit_limit": 15000}),
        total_at="meta.total",
        ana={
            "name": "Ana Maria Lopez",
            "email": EMAIL,
            "phone": PHONE,
            "shipping_address": {
                "line1": "42 George Street",
                "line2": "Level 3",
                "city": "Sydney",
                "state": "New South Wales",
                "postal_code": "2000",
                "country": "AU",
            },
        },
        named_body={"name": "{first} {last}", "email": "{email}"},
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
        page_size="page_size",
        search="filter[name][like]",
        statements=(13, 8),  # also writes an address and a login e-mail, unique over all stores
        ana={
            "name": "Ana Maria Lopez",
            "email": EMAIL,
            "phone": PHONE,
            "contact_address": {
                "street": ["Level 3", "42 George Street"],
                "suburb": "Sydney",
                "state": "nsw",
                "postcode": "2000",
                "country": "Australia",
            },
        },
        named_body={
            "name": "{first} {last}",
            "email": "{email}",
            "phone": "52 1234 1234",
            "contact_address": {"state": "VIC"},
        },
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
        page_size="per_page",
        conflict=422,
        search="filter[name]",
        ana={"name": "Ana Maria Lopez", "email": EMAIL, "dial_code": 61, "phone": "412345678"},
        named_body={
            "name": "{first} {last}",
            "email": "{email}",
            "dial_code": 61,
            "phone": "412345678",
            "is_house_account_enabled": True,
        },
    ),
    Probe(
        name="storefront",
        statements=(6, 10),
        collection="/stores/{store}/customers",
        body={"email": "jane{n}@example.com"},
        id_at="id",
        message_at="error.message",
        update=("PUT", {"name": "Jane Smith"}),
        scopes=SCOPES | {"delete": "customers:delete"},
        rows_at="items",
        total_at="total",
        ana={
            "email": EMAIL,
            "name": "Ana Maria Lopez",
            "phone": PHONE,
            "addresses": [
                {
                    "address1": "42 George Street",
                    "address2": "Level 3",
                    "city": "Sydney",
                    "region": "NSW",
                    "postalCode": "2000",
                    "country": "Australia",
                }
            ],
        },
        named_body={"name": "{first} {last}", "email": "{email}"},
    ),
]
