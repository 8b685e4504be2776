"""A dialect: one published wire format, as an object that knows its formats and texts.

A dialect's folder holds an instance of a subclass in `wire.py` and its routes in `urls.py`; the rest of
`customers.api` asks that instance wherever formats differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from customers.money import plain_amount

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class FieldError:
    """An error in one value: its path in the body or query, a stable code, and a message."""

    path: Path
    code: str
    message: str


@dataclass(frozen=True)
class Problem:
    """An error in neutral terms. `code` is a key of `DEFAULT_STATUSES`; `reason` says more exactly why."""

    code: str
    reason: str = ""
    errors: tuple[FieldError, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


DEFAULT_STATUSES = {
    "malformed": 400,
    "validation": 400,
    "invalid_cursor": 400,
    "missing_key": 401,
    "invalid_key": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "stale": 412,
    "too_large": 413,
    "charset": 415,
    "idempotency_reused": 422,
    "rate_limited": 429,
    "internal": 500,
    "unavailable": 503,
}

# Codes that clients see under another name than here.
DEFAULT_CODES = {
    "malformed": "invalid_json",
    "validation": "validation_error",
    "stale": "precondition_failed",
    "too_large": "payload_too_large",
    "charset": "invalid_json",
    "idempotency_reused": "idempotency_key_reused",
    "internal": "internal_error",
}

DEFAULT_MESSAGES = {
    "malformed": "The body is not valid JSON.",
    "validation": "The request is not valid.",
    "invalid_cursor": "The cursor does not belong to this list.",
    "missing_key": "An API key is required.",
    "invalid_key": "The API key is not valid.",
    "signature_missing": "Send webhook-id, webhook-timestamp and webhook-signature.",
    "signature_old": "The timestamp is more than five minutes away from the server's time.",
    "signature": "The signature is not one by the secret of this webhook.",
    "forbidden": "The API key may not do this.",
    "not_found": "Not found.",
    "method_not_allowed": "This method is not allowed here.",
    "conflict": "This is not possible in the present state.",
    "stale": "It has changed since you read it.",
    "too_large": "The body is larger than 1 MiB.",
    "charset": "Send JSON in UTF-8.",
    "encoding": "Send the body without Content-Encoding.",
    "unreadable": "{detail}",
    "query": "{detail}",
    "http": "{detail}",
    "headers_too_large": "{detail}",
    "uri_too_long": "{detail}",
    "host": "This server does not serve the host in the Host header.",
    "idempotency_reused": "This Idempotency-Key was used with another request.",
    "rate_limited": "Too many requests.",
    "internal": "Something went wrong on the server.",
    "unavailable": "The service is not available now. Try again soon.",
    # reasons of conflicts and of invalid values
    "email_taken": "Customer with this email already exists",
    "has_orders": "Cannot delete customer with existing orders",
    "tag_exists": "A tag of this name exists already.",
    "blank_tag": "A tag needs a name with visible characters.",
    "birth_date": "Must be a date from {earliest} to today.",
    "website": "Must be a web address that begins with http:// or https://.",
    "over_limit": "Over the credit limit: limit {limit}, balance {balance}, requested {requested}, "
    "available {available}.",
    "too_few_points": "Not enough points: balance {balance}, requested {requested}.",
    "balance_too_large": "The balance would be too large to store.",
    "account_disabled": "The customer has no enabled house account.",
    "loyalty_disabled": "The customer collects no points.",
    "blacklisted": "The customer is blacklisted.",
    "method_exists": "The store has this method of payment already.",
    "illegal_move": "An order cannot go from {status} to {wanted}.",
    "over_refunded": "A refund cannot be larger than what was paid.",
    "nothing_to_refund": "There is no payment to refund.",
    "over_paid": "More than is due cannot be paid.",
    "voided": "The payment was taken back already.",
    "refunded_already": "Order {number} was refunded, so its payment cannot be taken back.",
    "on_hold": "The customer is on hold: {reason}",
    "suspended": "The customer is suspended.",
    "cash_terms": "The customer's terms are {terms}, so nothing is bought on account.",
    "overdue": "Something has been overdue for {days} days.",
    "over_credit": "More than the credit cannot be paid out.",
    "over_owed": "More than is owed cannot be written off.",
    "written_off": "Of order {number}, {lost} was written off and never received.",
    "over_spread": "More than is open or paid cannot be allocated.",
    "over_credited": "More than is left of the order cannot be credited.",
    "placeholder": "Between braces stands one of these: {known}.",
    "reminded_already": "These reminders were sent already.",
    "letter_text_exists": "The store has a text for this kind already.",
    "letter_settings_exist": "The store has its letter settings already.",
    "letter_not_failed": "The letter was sent, or still waits.",
    "no_letters": "The customer gets no letters.",
    "no_email": "The customer has no e-mail address.",
    "days_in_order": "Each reminder goes out some days after the one before it: {days}.",
    "line_credited": "More of {product} cannot be credited than was ordered.",
    "order_cancelled": "The order is cancelled.",
    "geocoder_silent": "The geocoder did not answer, so nothing was changed. Try again later.",
    "not_placed": "The geocoder does not know this address.",
    "no_address": "There is no address.",
    "no_time": "The time ran out before all was done. Send the rest again.",
    "cannot_be_deleted": "Customer cannot be deleted",
    "in_future": "This may not be in the future.",
    "is_merged": "The customer was merged into {name} ({uid}).",
    "is_restricted": "The customer's data is restricted.",
    "identity_not_checked": "The identity was not checked.",
    "extended_already": "It was extended already.",
    "export_not_there": "The file is not there.",
    "request_closed": "The request is closed.",
    "preview_first": "The preview must be seen first.",
    "rule_exists": "There is a rule for this already.",
    "tax_years_unknown": "It is not known for how many years books are kept.",
    "orders_under_way": "Orders of the customer are under way: {numbers}.",
    "customer_owes": "The customer owes {amount}.",
    "owed_to_customer": "The customer is owed {amount}.",
    "already_merged": "{name} was merged into another customer already.",
    "currency_conflict": "Both customers have amounts, one in {one} and the other in {other}.",
    "email_taken_by": "{name} ({uid}) has the e-mail address {email}.",
    "merge_choice": "{wanted} is no choice: choose survivor or loser for a field that differs.",
    "merge_choices_needed": "The two customers differ in: {fields}.",
    "merge_deleted": "{name} is deleted.",
    "merge_too_many": "Together they would have more than {most} {what}.",
    "newer_merge": "A newer merge is in the way: {uid}.",
    "other_store": "The two customers belong to different stores.",
    "same_customer": "This is one and the same customer.",
    "too_many_orders": "The customer has more than {most} orders.",
    "unmerged_already": "{by} has taken this merge apart already.",
    "not_settled": "The customer owes money, or is owed a credit or a refund.",
    "answer_lost": "The first request succeeded, but its stored response cannot be read any more.",
    "changed_meanwhile": "It was changed by somebody else at the same time. Try again.",
    "email": "Invalid email address",
    "phone": "Not a phone number.",
    "choice": "This is not one of the possible values.",
    "required": "This field is required.",
    "unknown_id": "There is nothing with this id.",
    "default_required": "One address must be the default.",
    "too_long": "At most {most} characters are possible.",
    "too_many": "At most {most} are possible.",
    "too_many_webhooks": "A store has {most} webhooks at most.",
    "too_many_lines": "A statement has at most {most} lines.",
    "too_many_tests": "A store may send {most} test events a minute.",
    "shown_by_too_many": "More than {most} customers have it: too many to change at once.",
    "not_negative": "This may not be negative.",
    "positive": "This must be more than zero.",
    "future": "This may not be in the future.",
    "zero": "This may not be zero.",
    "amount_too_large": "The amount is too large to store.",
    "currency": "Must be a three-letter ISO 4217 code.",
    "currency_in_use": "The currency is fixed: there are amounts in {currency}.",
    "digits": "Must have at most {digits} decimals.",
    "not_past": "This may not be in the past.",
    "key_name_taken": "Another key of this store has this name.",
    "not_later": "This must be a later day, within a year.",
    "range": "This must be from {low} to {high}.",
    "already_placed": "This order was placed before.",
    "order_id_taken": "Another order has this external id.",
    "external_id_taken": "An external id may be used once.",
    "total": "The total may not be negative.",
    "url": "This is not a usable URL.",
    "url_credentials": "Credentials in a URL are not allowed.",
    "url_not_https": "The URL must begin with https://.",
    "url_port": "Only port 443 is allowed.",
    "url_not_public": "The host must be on the public internet.",
    "events": "Choose 1 to 20 of {known}.",
    "secret": "A secret has 16 to 255 characters; after whsec_ it must be base64.",
    "idempotency_key": "Idempotency-Key takes 1 to 255 visible ASCII characters.",
    "bad_text": "NUL and lone surrogates are not allowed in text.",
}


# The reasons that have an error code of their own: what is wrong is not the JSON of the body.
REASON_CODES = {
    "host": "invalid_host",
    "encoding": "unsupported_encoding",
    "query": "invalid_query",
    "http": "invalid_request",
    "headers_too_large": "headers_too_large",
    "uri_too_long": "uri_too_long",
    "idempotency_key": "invalid_idempotency_key",
}


class Dialect:
    """A wire format; subclasses set what differs from the defaults."""

    name: str
    title: str
    prefixes: tuple[str, ...]
    sample: str  # path of a short list of customers; `{store}` stands for the store's UUID
    customer_path: str  # path of one customer; `{customer…}` is replaced by its attributes
    other_roots: tuple[str, ...] = ()  # other prefixes under which every path answers too

    key_headers: tuple[str, ...] = ()  # beside `Authorization: Bearer`
    serves_administrators = False  # accepts keys that belong to no store
    trailing_commas = False  # accepts bodies with them, which real clients send

    statuses: Mapping[str, int] = {}  # by reason or code, where they differ from the defaults
    messages: Mapping[str, str] = {}  # by reason or code, likewise
    codes: Mapping[str, str] = {}  # names of codes, likewise; `spell_code` writes them
    wire_names: Mapping[str, str] = {}  # neutral field -> path on the wire, where the names differ

    def error_body(self, problem: Problem) -> Any:
        """Return the body of an error response in this dialect's format."""
        raise NotImplementedError

    def error_component(self, problem: Problem) -> str:
        """Return the name of this body's form in the OpenAPI document."""
        return "Error"

    def status(self, problem: Problem) -> int:
        for code in (problem.reason, problem.code):
            if code in self.statuses:
                return self.statuses[code]
        return DEFAULT_STATUSES[problem.code]

    def error_code(self, problem: Problem) -> str:
        """Return the code that clients test: of the reason if it has one, else of the problem."""
        return self.wire_code(problem.code, problem.reason)

    def wire_code(self, code: str, reason: str = "") -> str:
        """Return the code on the wire for a code of ours, and for its reason if that has one of its own."""
        name = REASON_CODES.get(reason) or self.codes.get(code)
        return self.spell_code(name or DEFAULT_CODES.get(code, code))

    def spell_code(self, code: str) -> str:
        """Return a neutral code as this dialect writes codes."""
        return code.upper()

    def error_message(self, code: str, data: Mapping[str, Any] | None = None) -> str:
        text = self.messages.get(code) or DEFAULT_MESSAGES[code]
        return (
            text.format(**{name: in_words(value) for name, value in data.items()}) if data else text
        )

    def problem_message(self, problem: Problem) -> str:
        """Return the most specific message for a problem."""
        has_reason = problem.reason in self.messages or problem.reason in DEFAULT_MESSAGES
        return self.error_message(problem.reason if has_reason else problem.code, problem.data)

    def wire_path(self, neutral: str) -> Path:
        """Return the path on this wire of a neutral field such as `addresses.1.id`."""
        names = ".".join(self.wire_names.get(name, name) for name in neutral.split(".")).split(".")
        return tuple(int(name) if name.isdigit() else name for name in names)


def in_words(value: Any) -> Any:
    """Return a value for a message: an amount as plain text."""
    return plain_amount(value) if isinstance(value, Decimal) else value


def brackets(path: Path) -> str:
    """Format a path as `addresses[1].city`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def dots(path: Path) -> str:
    """Format a path as `tags.0.id`."""
    return ".".join(map(str, path))
