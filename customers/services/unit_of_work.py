"""Transactions whose broken constraints come back as refusals of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from stores.errors import refusal_of


@contextmanager
def unit_of_work() -> Iterator[None]:
    """All or nothing. Raises the DomainError that a violated named constraint stands for."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
