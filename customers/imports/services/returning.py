"""Rows about people whose data was erased. Privacy knows them, and registers how to find them at the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from customers.imports.drafts import Draft
from stores.models import Store

# Return by line when the person of a row was erased.
FindErased = Callable[[Store, list[Draft]], dict[int, datetime]]
finders: list[FindErased] = []


def register_finder(find: FindErased) -> None:
    finders.append(find)


def find_erased(store: Store, drafts: list[Draft]) -> dict[int, datetime]:
    return {line: at for find in finders for line, at in find(store, drafts).items()}
