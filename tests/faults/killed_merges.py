"""Merge two customers and take the merge apart, in a process that is killed at each of its statements.

Run it with the URL of a migrated database in the environment, and the UUID of a store. Each attempt is a child
process that kills itself with SIGKILL before its n-th statement, in the end before the commit. Between attempts
the whole book is compared. Prints how many attempts were killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from customers.merging.models import Merge  # noqa: E402
from customers.merging.services.merging import merge_customers  # noqa: E402
from customers.merging.services.unmerging import unmerge_customers  # noqa: E402
from customers.models import Customer  # noqa: E402
from customers.models.ledger import Account  # noqa: E402
from orders.services.accounts import post_entry  # noqa: E402
from orders.services.paying import pay_order  # noqa: E402
from stores.actors import SYSTEM  # noqa: E402
from stores.database import copying  # noqa: E402
from stores.models import Store  # noqa: E402
from tests.factories import AddressFields, CustomerFactory  # noqa: E402
from tests.orders.accounts import order_of  # noqa: E402


def customer_with_history(store: Store, name: str) -> Customer:
    customer: Customer = CustomerFactory(
        store=store,
        name=name,
        email=f"{name}@example.com",
        is_account_enabled=True,
        is_loyalty_enabled=True,
        addresses=[AddressFields(), AddressFields()],
        tags=["VIP", name],
        contacts=[{"name": name, "is_primary": True}],
        marketing_opt_in=True,
    )
    order_of(customer, "40")
    paid = order_of(customer, "20")
    pay_order(paid.as_queryset(), SYSTEM, Decimal(5), "card")
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(7))
    post_entry(customer.as_queryset(), SYSTEM, Account.LOYALTY, Decimal(9))
    return customer


def book() -> dict[str, list[Any]]:
    """Return all rows of all tables of the product."""
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    rows = {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in models
    }
    connections.close_all()  # a child must not share it
    return rows


OURS = ("stores", "customers", "orders")


def killed_before(number: int, change: Callable[[], Any]) -> bool:
    """Run a change in a child process that dies before this statement. Return False if it came to its end."""
    pid = os.fork()
    if pid == 0:
        left = number

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*arguments)

        with transaction.atomic(), connection.execute_wrapper(count):
            change()
            count(bool)  # the commit
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    assert status == 0, "the change failed"
    return False


def killed_everywhere(change: Callable[[], Any]) -> int:
    before, number = book(), 1
    while killed_before(number, change):
        assert book() == before, f"killed before statement {number}, and something is there"
        number += 1
    assert book() != before
    return number - 1


def main() -> None:
    copying.FEWEST_ROWS = 1  # as if there were many events
    store = Store.objects.get(uid=sys.argv[1])
    anna, bella = (customer_with_history(store, name) for name in ("anna", "bella"))
    target = Customer.objects.filter(store=store)
    sides = target.filter(pk=anna.pk), target.filter(pk=bella.pk)
    merges = killed_everywhere(lambda: merge_customers(*sides, SYSTEM))
    standing = Merge.objects.filter(store=store)
    unmerges = killed_everywhere(lambda: unmerge_customers(standing, SYSTEM))
    sys.stdout.write(f"{merges} {unmerges}\n")


if __name__ == "__main__":
    main()
