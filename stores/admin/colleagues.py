"""The people who work in a store, for choices of whom a task or a reminder is for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from stores.actors import Actor
from stores.models import Store

MOST = 30


def staff_of(store: Store) -> QuerySet[Any]:
    people: Any = get_user_model().objects
    staff: QuerySet[Any] = people.filter(stores=store.pk, is_active=True, is_staff=True)
    return staff


def colleagues(store: Store, user: Any) -> list[tuple[int, str]]:
    """Return keys and names of the people who work in the store, the user first."""
    others = staff_of(store).exclude(pk=user.pk).order_by("first_name", "last_name", "username")
    return [(user.pk, "You"), *((person.pk, Actor.staff(person).name) for person in others[:MOST])]


def find_colleague(store: Store, user: Any, pk: int | None) -> Actor | None:
    """Return the user, or a person who works in the store, by key; None for others."""
    if pk == user.pk:
        return Actor.staff(user)
    person = staff_of(store).filter(pk=pk).first() if pk is not None else None
    return Actor.staff(person) if person else None
