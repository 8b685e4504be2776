"""Error messages for staff by the code of a DomainError."""

from __future__ import annotations

from decimal import Decimal

from stores.admin.display import amount
from stores.errors import DomainError

ERROR_MESSAGES = {
    "account_disabled": "The customer has no house account. Enable it under Trade terms first.",
    "already_placed": "This order was placed before, as {number}.",
    "amount_too_large": "The amount is too large to store.",
    "already_merged": "{name} was merged into another customer already.",
    "balance_too_large": "The balance would be too large to store.",
    "birth_date": "Enter a day from {earliest} to today.",
    "blacklisted": "The customer is blacklisted and may not order.",
    "blank_tag": "Enter a name with visible characters.",
    "cannot_be_deleted": "The customer has open orders or owes money, and cannot be deleted.",
    "changed_meanwhile": "Somebody else changed it at the same moment. Reload the page and try again.",
    "choice": "Select one of the choices.",
    "customer_owes": "The customer owes {amount}. Settle or write it off first.",
    "currency": "Enter an ISO 4217 currency code, such as AUD.",
    "currency_conflict": "Both customers have amounts, one in {one} and the other in {other}.",
    "currency_in_use": "There are amounts in {currency} already, so the currency cannot change.",
    "default_required": "Mark one address as the default.",
    "digits": "Enter at most {digits} decimal places.",
    "email": "Enter a valid e-mail address.",
    "email_taken": "Another customer of this store has this e-mail address.",
    "email_taken_by": "{name} ({uid}) has the e-mail address {email} now.",
    "events": "Choose 1 to 20 of these: {known}.",
    "export_not_there": "The file is not there: it is being made, or it was downloaded or deleted.",
    "extended_already": "The request was extended already, which is possible once.",
    "external_id_taken": "Another address of this customer has this external id.",
    "future": "Enter today or an earlier day.",
    "geocoder_silent": "The geocoder did not answer, so nothing was changed. Try again later.",
    "has_orders": "The customer has orders and cannot be deleted.",
    "identity_not_checked": "Check first who asks, and note it on the request.",
    "key_name_taken": "Another key of this store has this name. Name the system, or revoke that key first.",
    "method_exists": "The store has this method already, perhaps in another spelling.",
    "illegal_move": "An order that is {status} cannot be changed to {wanted}.",
    "in_future": "Enter a time that is not in the future.",
    "is_merged": "The customer was merged into {name} ({uid}). Erase that one: it erases both.",
    "is_restricted": "The customer's data is restricted and may not be erased now.",
    "loyalty_disabled": "The customer collects no points. Enable it under Trade terms first.",
    "merge_choice": "{wanted} is no choice: choose survivor or loser for a field that differs.",
    "merge_choices_needed": "The two customers differ. Choose whose value counts of: {fields}.",
    "merge_deleted": "{name} is deleted.",
    "merge_too_many": "Together they would have more than {most} {what}.",
    "newer_merge": "A newer merge is in the way. Take that apart first: {uid}.",
    "no_address": "The customer has no address.",
    "no_time": "Time ran out. Select the same customers again to continue.",
    "not_found": "This no longer exists.",
    "not_later": "Choose a day after today, within a year.",
    "not_negative": "Enter zero or more.",
    "not_settled": "The customer owes money, or is owed a credit or a refund. Settle that first.",
    "not_past": "Enter today or a later day.",
    "not_placed": "The geocoder does not know this address.",
    "nothing_to_refund": "Nothing that was paid is left to refund.",
    "order_id_taken": "Another order of this store has this external id.",
    "other_store": "The two customers belong to different stores.",
    "order_cancelled": "The order is cancelled.",
    "over_limit": "This is over the credit limit: limit {limit}, owed {balance}, "
    "requested {requested}, available {available}.",
    "over_paid": "The payment is more than is still to be paid.",
    "over_refunded": "The refund is more than was paid.",
    "orders_under_way": "Orders are under way: {numbers}. Deliver or cancel them first.",
    "owed_to_customer": "The customer is owed {amount}. Pay it back first.",
    "phone": "Enter a valid phone number.",
    "positive": "Enter more than zero.",
    "range": "Enter a number from {low} to {high}.",
    "request_closed": "The request is closed already.",
    "required": "This field is required.",
    "same_customer": "This is one and the same customer.",
    "secret": "Enter 16 to 255 characters; after whsec_ they must be base64.",
    "shown_by_too_many": "More than {most} customers show this. Changing all of them at once would block the "
    "store. Ask the operator of the server to raise MAX_EVENTS_PER_CHANGE in a quiet hour.",
    "stale": "Somebody changed this while you had it open.",
    "tag_exists": "The store already has a tag of this name.",
    "too_few_points": "Not enough points: {balance} available, {requested} requested.",
    "too_many": "Enter at most {most}.",
    "too_many_lines": "A statement has at most {most} lines. Choose fewer days.",
    "too_many_orders": "The customer has more than {most} orders. Ask the operator of the server to raise "
    "MAX_EVENTS_PER_CHANGE in a quiet hour.",
    "too_many_tests": "A store can send {most} test events a minute. Wait a moment.",
    "too_many_webhooks": "A store can have at most {most} webhooks.",
    "total": "The total must not be negative.",
    "unmerged_already": "{by} has taken this merge apart already.",
    "unknown_id": "This no longer exists.",
    "url": "Enter an address that webhooks can be sent to.",
    "url_credentials": "Leave out user name and password: every webhook would carry them.",
    "url_not_https": "Enter an address that begins with https://.",
    "url_not_public": "Enter a host on the public internet.",
    "url_port": "Only port 443 is allowed.",
    "voided": "The payment was taken back already.",
    "refunded_already": "Order {number} was refunded, so its payment cannot be taken back.",
    "on_hold": "The customer is on hold: {reason}",
    "suspended": "The customer is suspended.",
    "cash_terms": "The customer's terms are {terms}, so nothing is bought on account.",
    "overdue": "The customer owes something that has been overdue for {days} days.",
    "over_spread": "Of this charge {left} is open, and {requested} was to be paid.",
    "over_credited": "This is more than is left of the order: {left}.",
    "line_credited": "More of {product} cannot be credited than was ordered.",
    "website": "Enter a web address that begins with http:// or https://.",
    "zero": "Enter an amount other than zero.",
}


def error_message(refusal: DomainError) -> str:
    """Return a service's refusal as a sentence for staff."""
    values = {
        name: amount(value) if isinstance(value, Decimal) else value
        for name, value in refusal.data.items()
    }
    return ERROR_MESSAGES[refusal.code].format(**values)
