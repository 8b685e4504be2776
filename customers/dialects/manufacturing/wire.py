"""The wire format of the manufacturing dialect: headers, names and error messages."""

from __future__ import annotations

from typing import Any

from customers.api.dialect import Dialect, FieldError, Path, Problem

MISSING = ("required", "null", "blank", "empty")
MANDATORY = {
    "manufacturer_id": "A manufacturer must be specified",
    "name": "A name must be specified",
    "email": "An email address must be specified",
    "phone": "A phone number must be specified",
    "contact_address": "A contact address must be specified",
    "delivery_address": "A delivery address must be specified",
}


class Manufacturing(Dialect):
    name = "manufacturing"
    title = "Manufacturers' portals"
    prefixes = ("/api/admin/customers",)
    sample = "/api/admin/customers?page_size=2"
    customer_path = "/api/admin/customers/{customer.pk}"
    key_headers = ("X-GC-API-KEY",)
    serves_administrators = True
    trailing_commas = True
    messages = {"email_taken": "This email address is already in use"}
    wire_names = {
        "tags": "customer_labels",
        "addresses": "delivery_address",
        "billing_address": "contact_address",
    }

    def error_body(self, problem: Problem) -> Any:
        errors = problem.errors if problem.code == "validation" else ()
        messages = [sentence(error) for error in errors] or [self.problem_message(problem)]
        return {"success": 0, "error": {"messages": messages}}


def sentence(error: FieldError) -> str:
    """Name the field and its error in one text, since errors of this dialect have nothing else."""
    name = str(error.path[0]) if len(error.path) == 1 else ""
    if name in MANDATORY and error.code in MISSING:
        return MANDATORY[name]
    if name == "email":
        return "Invalid email address"
    return f"{label(error.path)}: {error.message}" if error.path else error.message


def label(path: Path) -> str:
    """Return the words of a path, such as `Delivery address 2 state`."""
    words = [str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in path]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


dialect = Manufacturing()
