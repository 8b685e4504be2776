"""The wire format of the storefront dialect: paths, names, codes and errors."""

from __future__ import annotations

from typing import Any

from customers.api.dialect import Dialect, FieldError, Problem, brackets

# contract: `customers:write` covers delete, so a refusal names the scope that clients know
NAMED_SCOPES = {"customers:delete": "customers:write"}


class Storefront(Dialect):
    name = "storefront"
    title = "Web shops"
    prefixes = ("/stores", "/api/stores", "/health")
    other_roots = ("/api",)
    sample = "/stores/{store}/customers?limit=2"
    customer_path = "/stores/{customer.store.uid}/customers/{customer.uid}"
    key_headers = ("X-API-Key",)
    serves_administrators = True
    messages = {"store": "The API key may not enter this store."}
    codes = {"missing_key": "unauthorized", "invalid_key": "unauthorized"}
    wire_names = {
        "default_address": "defaultAddressId",
        "shipping_address": "shippingAddressId",
        "customer": "customerId",
        "marketing_opt_in": "marketingOptIn",
        "unit_price": "unitPrice",
        "product_id": "productId",
        "product_name": "productName",
        "discount_amount": "discountAmount",
        "tax_amount": "taxAmount",
        "shipping_amount": "shippingAmount",
        "external_id": "externalId",
        "merchant_note": "merchantNote",
    }

    def error_body(self, problem: Problem) -> Any:
        body: dict[str, Any] = {
            "code": self.error_code(problem),
            "message": self.problem_message(problem),
        }
        if problem.reason == "scope":
            scope = problem.data["scope"]
            body["details"] = {"required": NAMED_SCOPES.get(scope, scope)}
        elif problem.code == "validation":
            body["details"] = [detail(error) for error in problem.errors]
        return {"error": body}


def detail(error: FieldError) -> dict[str, str]:
    return {"field": brackets(error.path), "reason": error.message}


dialect = Storefront()
