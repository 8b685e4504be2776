"""Error messages for staff, by the code of a DomainError."""

from __future__ import annotations

from decimal import Decimal

from stores.admin.display import amount
from stores.errors import DomainError

ERROR_MESSAGES = {
    "account_disabled": "The customer has no house account. Who sets trade terms can give one.",
    "amount_too_large": "This is more than the book can hold.",
    "balance_too_large": "The balance would be more than the book can hold.",
    "blacklisted": "The customer is blacklisted and may not order.",
    "blank_tag": "A tag needs a name that can be seen.",
    "cannot_be_deleted": "The customer has orders under way or owes money, and cannot be deleted.",
    "changed_meanwhile": "Somebody else changed it at the same moment. Look again and retry.",
    "choice": "This is none of the possible choices.",
    "default_required": "One address must be the default.",
    "email": "This is not an e-mail address.",
    "email_taken": "Another customer of this store has this e-mail address.",
    "events": "Choose 1 to 20 of {known}.",
    "external_id_taken": "Another address of this customer has this external id.",
    "geocoder_silent": "The geocoder did not answer, so nothing was changed. Try again later.",
    "has_orders": "The customer has orders and cannot be deleted.",
    "illegal_move": "An order that is {status} cannot become {wanted}.",
    "no_address": "There is no address.",
    "no_time": "There was no more time. Choose the same ones again to go on.",
    "not_found": "It is not there any more.",
    "not_negative": "This may not be negative.",
    "not_placed": "The geocoder does not know this address.",
    "nothing_to_refund": "Nothing was paid that could be refunded.",
    "order_cancelled": "The order is cancelled.",
    "over_limit": "That is over the credit limit: limit {limit}, owed {balance}, "
    "asked {requested}, still available {available}.",
    "over_paid": "More than is due cannot be paid.",
    "over_refunded": "More than was paid cannot be refunded.",
    "phone": "This is not a phone number.",
    "positive": "This must be more than zero.",
    "range": "This must be from {low} to {high}.",
    "required": "This is needed.",
    "secret": "A secret has 16 to 255 characters. After whsec_ it has to be base64.",
    "shown_by_too_many": "More than {most} customers have it. To change them all would block the store for "
    "long. Ask the operator of the server to raise MAX_EVENTS_PER_CHANGE in a quiet hour.",
    "stale": "Somebody changed it while you had it open.",
    "tag_exists": "The store has a tag of this name already.",
    "too_few_points": "Not enough points: there are {balance}, asked {requested}.",
    "too_many": "There can be at most {most}.",
    "too_many_webhooks": "A store has {most} webhooks at most.",
    "total": "The total may not be negative.",
    "unknown_id": "It is not there any more.",
    "url": "This is no address that webhooks can be sent to.",
    "url_credentials": "Leave out user and password: they would be sent with every webhook.",
    "url_not_https": "This must begin with https://.",
    "url_not_public": "This must be a host on the public internet.",
    "url_port": "Only port 443 is possible.",
    "zero": "This may not be zero.",
}


def error_message(refusal: DomainError) -> str:
    """Return a service's refusal as a sentence for staff."""
    values = {
        name: amount(value) if isinstance(value, Decimal) else value
        for name, value in refusal.data.items()
    }
    return ERROR_MESSAGES[refusal.code].format(**values)
