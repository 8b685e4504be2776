"""Put statements and reminders into the worker's queue. `orders.services.mailing` sends them."""

from __future__ import annotations

from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.services.editing import unit_of_work
from orders.letters.recipients import (
    address_of,
    may_get_letters,
)
from orders.models import Letter
from orders.models.letter import Level
from orders.statements.periods import Period
from stores.actors import Actor
from stores.errors import Conflict, Invalid, NotFound


def queue_statement(target: CustomerQuerySet, actor: Actor, period: Period) -> Letter:
    """Send the statement of one customer. Return the letter, which waits for the worker.

    Raises NotFound, Conflict `no_letters` for a customer who may get none, and Invalid `no_email`.
    """
    with unit_of_work():
        customer = target.of_one_store().select_related("store").first()
        if customer is None:
            raise NotFound
        if not may_get_letters(customer.as_queryset()).exists():
            raise Conflict("no_letters")
        if not (address := address_of(customer)):
            raise Invalid("no_email")
        letter = statement_letter(customer, address, actor, period)
        letter.insert()
    return letter


def statement_letter(customer: Customer, address: str, actor: Actor, period: Period) -> Letter:
    return Letter(
        store_id=customer.store_id,
        customer=customer,
        level=Level.STATEMENT,
        address=address,
        copy_to=customer.cc_email,
        first_day=period.first,
        last_day=period.last,
        actor_name=actor.name,
    )
