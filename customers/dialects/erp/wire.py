"""The wire format of the erp dialect: names, codes and errors."""

from __future__ import annotations

from typing import Any

from customers.api.dialect import Dialect, Problem, brackets


class Erp(Dialect):
    name = "erp"
    title = "B2B sales and finance"
    prefixes = ("/api/customers",)
    sample = "/api/customers?limit=2"
    customer_path = "/api/customers/cust_{customer.uid.hex}"
    codes = {
        "missing_key": "unauthorized",
        "invalid_key": "unauthorized",
        "unavailable": "service_unavailable",
    }
    wire_names = {"delivery_address": "shipping_address", "addresses": "shipping_address"}

    def error_body(self, problem: Problem) -> Any:
        body: dict[str, Any] = {
            "code": self.error_code(problem),
            "message": self.problem_message(problem),
        }
        if problem.errors:
            body["details"] = [
                {"field": brackets(error.path), "message": error.message}
                for error in problem.errors
            ]
        return {"error": body}


dialect = Erp()
