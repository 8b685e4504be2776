from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer
from stores.models import Store
from tests.privacy.person import Doors


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def doors(store: Store) -> Doors:
    return Doors(store)


@pytest.fixture
def person(doors: Doors) -> Customer:
    return doors.write_person()


@pytest.fixture
def merged_person(doors: Doors, person: Customer) -> Customer:
    """The person, after a second customer for it was merged into the first."""
    doors.merge_twin(person)
    return person
