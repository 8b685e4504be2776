"""`verify_ledger` proves that what is owed today by age follows from charges and allocations."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import Charge
from customers.models.ledger import Account
from orders.services.accounts import post_entry
from orders.verification.ageing import age_differences
from stores.actors import SYSTEM


@pytest.fixture
def history(ada):
    """Owe something of three ages, partly paid."""
    today = timezone.localdate(timezone=ada.store.tzinfo)
    for days in (100, 10, -10):
        due_on = today - timedelta(days=days)
        post_entry(ada.as_queryset(), SYSTEM, Account.HOUSE, Decimal(30), due_on=due_on)
    post_entry(ada.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-40))


def test_ages_of_today_are_proved(history, ada, other_store):
    assert list(age_differences()) == []
    late = Charge.objects.filter(customer=ada, open_amount__gt=0).order_by("due_on").first()
    Charge.objects.filter(pk=late.pk).update(open_amount=late.open_amount - 1)
    assert [str(found) for found in age_differences(ada.store)] == [
        f"1-30 of {ada.store} is 19.00, its charges and allocations say 20.00"
    ]
    assert list(age_differences(other_store)) == []
