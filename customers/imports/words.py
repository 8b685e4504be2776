"""Sentences for what a check or a run found in a row, by their code."""

from __future__ import annotations

from typing import Any

SENTENCES = {
    # cells
    "adjustment": "Write a number from -100 to 1000.",
    "amount": "Write an amount such as 1250.00.",
    "birth_date": "Write a day from 1900-01-01 to today.",
    "boolean": "Write yes or no.",
    "country": "There is no such country.{hint}",
    "currency": "Write the three letters of a currency, such as AUD.",
    "date": "Write a date such as 1980-11-05.",
    "email": "An e-mail address needs an @ and no space.",
    "negative": "Write zero or more.",
    "number_cut": "The spreadsheet cut this number off. Type it as text: {hint}",
    "payment_terms": "Write net_ and the days, such as net_30, or due_on_receipt, cod or prepaid.",
    "percent": "Write a number from 0 to 100.",
    "phone": "Write a phone number, with its digits only.",
    "tag": "A tag needs a visible character.",
    "too_long": "Write at most {most} characters.",
    "too_many": "Write at most {most}.",
    "too_many_cells": "The row has more cells than the header has columns.",
    "uid": "Write an id of this book, as its export has it.",
    "website": "Write a web address that begins with http:// or https://.",
    # repairs
    "repaired_number": "The spreadsheet wrote it as {old}.",
    "repaired_postcode": "In the file it is {old}: a spreadsheet lost the zero in front.",
    "repaired_phone": "In the file it is {old}: a spreadsheet lost the zero or the plus in front.",
    # rows
    "account_disabled": "An opening balance needs a house account: map a column to it, or enable it first.",
    "ambiguous": "Several customers have this {key}.",
    "changed_since_check": "{who} changed {what} after the check, at {when}.",
    "deleted": "The customer is deleted. Restore it first.",
    "changed_on_both_sides": "{what} changed there, and here by {who} at {when}.",
    "merged": "It was merged into {name} here. Decide by hand.",
    "moved_since_check": "Another import moved the customer in after the check.",
    "not_taken": "This book does not take it: {reason}",
    "erased": "This person's data was erased on {day}. Whoever came back is added by hand.",
    "email_taken": "The e-mail belongs to another customer, {name}.",
    "no_identity": "The row has no name, company, e-mail or phone.",
    "no_parent": "The file has no row for the company {name}.",
    "same_customer": "Line {line} is the same customer, with another {what}. Correct one, or leave it out.",
    "twin_since_check": "A customer with this external id was created after the check.",
    "uncertain": "It may be {name}. Decide by hand.",
    "opening_posted": "An opening balance of {amount} was posted before. Post the rest by hand.",
    "over_limit": "The opening balance is over the credit limit.",
    "refused": "The book refused it: {reason}",
}


def sentence(code: str, data: dict[str, Any]) -> str:
    return SENTENCES[code].format(**({"hint": ""} | data)).strip()
