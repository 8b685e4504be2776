"""Refusals of the services as sentences about a row."""

from __future__ import annotations

from customers.imports.drafts import Issue
from customers.imports.words import SENTENCES
from stores.errors import Conflict, DomainError

REASONS = {
    "balance_too_large": "the balance would be too large.",
    "blank_tag": "a tag has no visible character.",
    "changed_meanwhile": "somebody else changed the same customer. Run the import again.",
    "email_taken": "another customer has this e-mail.",
    "external_id_taken": "two addresses have the same external id.",
    "not_found": "the customer is gone.",
    "too_many": "there are more than {most}.",
}


def issue_of(refusal: DomainError) -> Issue:
    column = refusal.field.replace("_", " ")
    if refusal.code in SENTENCES and refusal.code not in REASONS:
        return Issue.of(refusal.code, column, **refusal.data)
    reason = REASONS.get(refusal.code, f"{refusal.code} {column}".strip() + ".")
    return Issue.of("refused", column, reason=reason.format(**refusal.data))


def is_conflict(refusal: DomainError) -> bool:
    """Return True where the book, not the row, has to change."""
    return isinstance(refusal, Conflict) or refusal.code in ("not_found", "stale")
