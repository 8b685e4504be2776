"""What a client of each dialect is: the same published API, spoken from the other side.

A dialect's `client.py` names its list, its single customer, and reads what they answer with the dialect's own
serializers: they know what each name means, so there is no second mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ValidationError

from customers.api.serializers import BodySerializer
from customers.fields import CustomerFields
from stores.models import Store

Json = dict[str, Any]
Get = Callable[[str, dict[str, Any]], Json]  # a path and its parameters -> the answer


class NotTaken(Exception):
    """The book does not take what another server shows of a customer; the text says why."""


@dataclass(frozen=True)
class Page:
    """Customers of a list, the parameters of its next page (None: it was the last), and the total, if told.

    `is_told` is False for a next page of which the server does not tell: this one is full, so there may be one.
    """

    customers: list[Json]
    following: Json | None
    total: int | None = None
    is_told: bool = True


@dataclass(frozen=True)
class DialectClient:
    """How to read the customers of a server of one dialect."""

    collection: str  # the path of the list
    first: Json  # parameters of its first page
    page: Callable[[Json, Json], Page]  # the answer, and the parameters that it answers
    fields: Callable[[Json, Store], CustomerFields]
    not_moved: tuple[str, ...]  # what the dialect shows and does not take
    header: str = "Authorization"
    balance: str = ""  # the field with what the customer owes, where the dialect shows it
    # For lists that leave fields out: the customer in the answer to `collection/id`.
    single: Callable[[Json], Json] | None = None
    # For paths that name a store: the path to list stores, when the address names none.
    stores: str = ""


def read_body(kind: type[BodySerializer], body: Json, **context: Any) -> Any:
    """Return the neutral fields of a body. Raises NotTaken."""
    serializer = kind(data=without_blanks(body), partial=True, context=context)
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError as error:
        raise NotTaken(", ".join(reasons(error.detail))) from error
    return serializer.validated_data


def without_blanks(value: Any) -> Any:
    """Leave out what is null or blank: serializers take such a value for a wish to clear the field."""
    if isinstance(value, dict):
        parts = {name: without_blanks(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part not in (None, "", {}, [])}
    return [without_blanks(part) for part in value] if isinstance(value, list) else value


def reasons(detail: Any, path: str = "") -> Iterator[str]:
    if isinstance(detail, dict):
        for name, part in detail.items():
            yield from reasons(part, f"{path}{name} ")
    elif isinstance(detail, list):
        for part in detail:
            yield from reasons(part, path)
    else:
        yield f"{path}{detail}"


def numbered_page(
    customers: list[Json],
    parameters: Json,
    *,
    has_more: bool,
    total: int,
    size: int,
    name: str = "page",
) -> Page:
    """Return a page of a list by numbers. `size` is how many customers a full page has."""
    following = {**parameters, name: parameters[name] + 1}
    is_full = len(customers) >= size
    return Page(customers, following if has_more or is_full else None, total, has_more)
