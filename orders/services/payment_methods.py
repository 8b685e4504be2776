"""The methods of payment of a store: its own list, or the usual ones."""

from __future__ import annotations

from customers.services.editing import unit_of_work
from orders.models import PaymentMethod
from orders.models.order import ON_ACCOUNT
from orders.models.payment_method import DEFAULT_METHODS, method_key
from stores.errors import Conflict, Invalid
from stores.models import Store

ON_ACCOUNT_KEY = method_key(ON_ACCOUNT)


def method_names(store: Store) -> list[str]:
    """Return the methods of a store, in the order in which they were added."""
    return PaymentMethod.objects.for_store(store).order_by("id").column("name") or [
        *DEFAULT_METHODS
    ]


def resolve_method(store: Store, text: str) -> str:
    """Return a typed method as the store's list spells it, whatever its case and spaces.

    Any spelling of `on_account` is that method. One that is not in the list stays as it is: the contracts let
    clients name any.
    """
    key = method_key(text)
    if not key:
        return text.strip()
    if key == ON_ACCOUNT_KEY:
        return ON_ACCOUNT
    return find_method(store, text) or text.strip()


def find_method(store: Store, text: str) -> str:
    """Return the method of the store's list that a text names, or else a blank text."""
    key = method_key(text)
    return (
        next((name for name in method_names(store) if method_key(name) == key), "") if key else ""
    )


def create_method(store: Store, name: str) -> PaymentMethod:
    """Add a method to the store's list. The first one joins the usual ones, which the list then holds too.

    Raises Invalid `required`, and Conflict `method_exists`.
    """
    with unit_of_work():
        methods = PaymentMethod.objects.for_store(store)
        if not methods.exists():
            defaults = [
                PaymentMethod(store=store, name=name, key=method_key(name))
                for name in DEFAULT_METHODS
            ]
            PaymentMethod.objects.bulk_create(defaults, ignore_conflicts=True)
        return PaymentMethod.objects.create(store=store, name=name.strip(), key=new_key(name))


def update_method(method: PaymentMethod, name: str) -> None:
    """Give a method another name. Payments keep the name they were made with."""
    with unit_of_work():
        method.name, method.key = name.strip(), new_key(name)
        method.save(update_fields=["name", "key"])


def new_key(name: str) -> str:
    key = method_key(name)
    if not key:
        raise Invalid("required", "name")
    if key == ON_ACCOUNT_KEY:  # it charges the house account, and is no way of paying
        raise Conflict("method_exists", "name")
    return key
