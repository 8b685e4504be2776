"""Client that writes the rows of one store, and records the stored idempotent answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from time_machine import Traveller

from tests.upgrades.client import StoreClient

MINUTE = timedelta(minutes=1)
STORE = "/stores/{store}"
ID = re.compile("[0-9a-f]{32}|[0-9a-f]{8}-")


@dataclass
class Author:
    """Client that writes to one store; `answers` holds each POST with an Idempotency-Key."""

    client: StoreClient
    clock: Traveller
    answers: list[dict[str, Any]] = field(default_factory=list)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        self.clock.shift(MINUTE)
        return self.client.ok(method, path, body, **headers)

    def post(self, path: str, body: Any = None) -> Any:
        """Send a POST; the first to a path of the API carries an Idempotency-Key.

        Few do, because stored answers are encrypted and cannot be compressed.
        """
        if any(answer["path"] == path for answer in self.answers) or ID.search(path):
            return self.send("POST", path, body)
        answer = self.send("POST", path, body, **{"Idempotency-Key": f"first-of:{path}"})
        self.answers.append({"path": path, "body": body, "answer": answer})
        return answer

    def customer(self, **fields: Any) -> str:
        """Create a customer of the web shop; return its id."""
        return self.post(f"{STORE}/customers", fields)["item"]["id"]

    def find_customer(self, email: str) -> str:
        """Return the web shop's id of a customer of another dialect."""
        return self.send("GET", f"{STORE}/customers?email={email}")["items"][0]["id"]

    def order(self, customer: str, **fields: Any) -> str:
        """Place an order of 25.50; return its path."""
        lines = [
            {"productId": "p1", "productName": "Sourdough", "quantity": 2, "unitPrice": "8.50"},
            {"productId": "p2", "productName": "Café crème", "quantity": 1, "unitPrice": "8.50"},
        ]
        body = {"customerId": customer, "items": lines, **fields}
        return f"{STORE}/orders/{self.post(f'{STORE}/orders', body)['item']['id']}"

    def pay(self, order: str, amount: str, method: str = "card") -> None:
        self.post(f"{order}/payments", {"amount": amount, "method": method})

    def facts(self) -> dict[str, Any]:
        """Return the facts of the store that the test cannot read from the database."""
        return {"store": self.client.store, "key": self.client.key, "answers": self.answers}
