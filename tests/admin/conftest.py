"""Sign test clients in to the back office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from customers.models import Customer
from stores.models import Store
from tests.factories import AddressFields, CustomerFactory

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Use a fast password hasher: the default one is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a function that signs in a member of a group, or a superuser, bound to stores."""

    def enter(group: str | None = None, *stores: Store, name: str = "", **fields: Any) -> Client:
        user = User.objects.create_user(
            name or (group or "owner").lower(),
            password="a-long-password",
            is_staff=True,
            is_superuser=group is None,
            **fields,
        )
        if group is not None:
            user.groups.add(Group.objects.get(name=group))
        user.stores.set(stores)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def owner(sign_in: SignIn) -> Client:
    """Sign in a superuser, who sees every store."""
    return sign_in()


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Ann Lee",
        is_loyalty_enabled=True,
        addresses=[AddressFields(label="Shop")],
    )
