"""The wire format of the bakery dialect: names, codes and errors."""

from __future__ import annotations

from typing import Any

from customers.api.dialect import Dialect, Problem, brackets


class Bakery(Dialect):
    name = "bakery"
    title = "Bakery back office"
    prefixes = ("/api/v1/customers",)
    sample = "/api/v1/customers?limit=2"
    customer_path = "/api/v1/customers/cust_{customer.uid.hex}"
    statuses = {"not_placed": 422}
    messages = {"not_placed": "Could not geocode address. Please check the address and try again."}
    codes = {
        "missing_key": "missing_api_key",
        "invalid_key": "invalid_api_key",
        "forbidden": "insufficient_scope",
        "rate_limited": "rate_limit_exceeded",
        "unavailable": "service_unavailable",
    }
    wire_names = {"email": "contact.email", "phone": "contact.phone", "mobile": "contact.mobile"}

    def spell_code(self, code: str) -> str:
        return code

    def error_component(self, problem: Problem) -> str:
        return "GeocodeRefusal" if problem.reason == "not_placed" else "Error"

    def error_body(self, problem: Problem) -> Any:
        if problem.reason == "not_placed":  # contract: here alone `error` is a text
            return {
                "success": False,
                "error": self.error_message("not_placed"),
                "original_address": problem.data["text"],
            }
        error = {"code": self.error_code(problem), "message": self.problem_message(problem)}
        if problem.errors:
            first = problem.errors[0]
            error |= {"message": first.message, "field": brackets(first.path)}
        return {"success": False, "error": error}


dialect = Bakery()
