"""The wire format of the pos dialect: paths, names and errors."""

from __future__ import annotations

from typing import Any

from customers.api.dialect import Dialect, Problem, dots

RESOURCES = (
    "customers",
    "tags",
    "addresses",
    "delivery_zones",
    "house_account_transactions",
    "loyalty_transactions",
    "whoami",
)
REFUSED_VALUES = (
    "validation",
    "email_taken",
    "tag_exists",
    "over_limit",
    "too_few_points",
    "account_disabled",
    "loyalty_disabled",
    "not_settled",
    "on_hold",
    "blacklisted",
    "suspended",
    "cash_terms",
    "overdue",
)


class PointOfSale(Dialect):
    name = "pos"
    title = "Point of sale"
    prefixes = ("/v5", *(f"/{resource}" for resource in RESOURCES))
    other_roots = ("/v5",)
    sample = "/customers?per_page=2"
    customer_path = "/customers/{customer.uid}"
    # a NUL or a lone surrogate makes the whole body unreadable: 400, not 422
    statuses = {**dict.fromkeys(REFUSED_VALUES, 422), "bad_text": 400}
    messages = {
        "missing_key": "Unauthenticated.",
        "invalid_key": "Unauthenticated.",
        "validation": "The given data was invalid.",
    }
    wire_names = {
        "phone_number": "phone",
        "credit_limit": "house_account_limit",
        "is_account_enabled": "is_house_account_enabled",
        "customer": "customer_id",
        "order": "order_id",
        "delivery_zone": "delivery_zone_id",
    }

    def error_body(self, problem: Problem) -> Any:
        body: dict[str, Any] = {"message": self.problem_message(problem)}
        for error in problem.errors:
            messages = body.setdefault("errors", {}).setdefault(dots(error.path), [])
            messages.append(error.message)
        return body


dialect = PointOfSale()
