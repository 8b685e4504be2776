"""Errors for violated constraints of customers, by the name of the constraint.

Services check most rules first. These are for requests that run at the same time, and both pass the check.
"""

from __future__ import annotations

from collections.abc import Callable

from stores.errors import Conflict, DomainError, Invalid

CONSTRAINT_REFUSALS: dict[str, Callable[[], DomainError]] = {
    "customer_email_once": lambda: Conflict("email_taken", "email"),
    "login_email_once": lambda: Conflict("email_taken", "email"),
    "tag_has_name": lambda: Invalid("required", "name"),
    "tag_name_once": lambda: Conflict("tag_exists", "name"),
    "address_external_id_once": lambda: Invalid("external_id_taken", "addresses"),
    "address_one_default": lambda: Conflict("changed_meanwhile"),
    "address_one_billing": lambda: Conflict("changed_meanwhile"),
    "contact_one_primary": lambda: Conflict("changed_meanwhile"),
    "customer_tag_once": lambda: Conflict("changed_meanwhile"),
    "customer_credit_limit_not_negative": lambda: Invalid("not_negative", "credit_limit"),
    "customer_points_not_negative": lambda: Conflict("changed_meanwhile"),
    "customer_discount_rate_range": lambda: Invalid("range", "discount_rate", low=0, high=100),
    "customer_price_adjustment_range": lambda: Invalid(
        "range", "price_adjustment", low=-100, high=1000
    ),
    "customer_minimums_not_negative": lambda: Invalid("not_negative", "minimum_charge_amount"),
    "customer_gender_known": lambda: Invalid("choice", "gender"),
    "entry_reversed_once": lambda: Conflict("voided"),
    "entry_amount_not_zero": lambda: Invalid("zero", "amount"),
    "address_latitude_range": lambda: Invalid("range", "latitude", low=-90, high=90),
    "address_longitude_range": lambda: Invalid("range", "longitude", low=-180, high=180),
    "contact_has_name": lambda: Invalid("required", "name"),
    "zone_has_name": lambda: Invalid("required", "name"),
}
