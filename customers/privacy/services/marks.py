"""Keyed hashes of e-mails and phones of erased customers, which flag a person who returns."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings

from customers.imports.drafts import Draft
from customers.models import Customer
from customers.privacy.models import ErasedMark
from customers.reads import Row
from stores.models import Store

PURPOSE = b"clientele erased marks"


def digests(text: str) -> list[str]:
    """Return the hash with SECRET_KEY, and those with its fallbacks."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        hmac.digest(key.encode(), PURPOSE + text.encode(), hashlib.sha256).hex() for key in keys
    ]


def identifiers(email_key: str, phone_e164: str) -> Iterator[str]:
    if email_key:
        yield f"email:{email_key}"
    if phone_e164:
        yield f"phone:{phone_e164}"


def add_marks(customer: Customer, former: Iterable[Row]) -> None:
    """Add a mark for each e-mail and phone that the customer had in these rows."""
    # Only with today's key: the fallbacks are there to find the marks of former ones.
    texts = {
        text
        for row in former
        for text in identifiers(row.get("email_key") or "", row.get("phone_e164") or "")
    }
    ErasedMark.objects.bulk_create(
        [ErasedMark(store_id=customer.store_id, digest=digests(text)[0]) for text in sorted(texts)],
        ignore_conflicts=True,
    )


def erased_rows(store: Store, drafts: list[Draft]) -> dict[int, datetime]:
    """Return when the people of rows of a file were erased, by line, for those who were."""
    lines = [
        (digest, draft.line)
        for draft in drafts
        for phone in (draft.phones or [""])
        for text in identifiers(draft.email_key, phone)
        for digest in digests(text)
    ]
    marks = ErasedMark.objects.filter(store=store, digest__in={digest for digest, _ in lines})
    erased = dict(marks.values_list("digest", "erased_at"))
    return {line: erased[digest] for digest, line in lines if digest in erased}


def was_erased(store: Store, email_key: str = "", phone_e164: str = "") -> bool:
    """Tell whether a customer of this store with this e-mail or phone was erased."""
    texts = [*identifiers(email_key, phone_e164)]
    wanted = [digest for text in texts for digest in digests(text)]
    return bool(wanted) and ErasedMark.objects.filter(store=store, digest__in=wanted).exists()
