"""Make up customers, as the neutral fields that services take."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import factory
from factory.random import randgen

from customers.canonical import parse_email, phone_from_text
from customers.fields import CustomerFields
from orders.demo.addresses import AddressFactory
from orders.demo.chance import chance
from orders.demo.shops import Place, Shop

TITLES = ("Owner", "Office manager", "Purchasing", "Site manager", "Accounts")
TERMS = ("due_on_receipt", "net_7", "net_14", "net_30")


def phone(shop: Shop, place: Place) -> str:
    """Return a number that no real person has, in international form."""
    if shop.dial_code == 1:
        return f"+1 {place.area_code} 555 01{randgen.randint(0, 99):02}"
    return f"+{shop.dial_code} {place.area_code} 5550 {randgen.randint(0, 9999):04}"


def email_of(name: str, number: int) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '.').replace(chr(39), '')}.{number}@example.com"


class ContactFactory(factory.DictFactory):  # type: ignore[misc]  # not followed, see pyproject.toml
    class Params:
        shop = None
        place = None
        number = 0

    name = factory.LazyAttribute(lambda o: person_name(o.shop))
    title = factory.LazyFunction(lambda: randgen.choice(TITLES))
    email = factory.LazyAttribute(lambda o: email_of(o.name, o.number))
    phone = factory.LazyAttribute(lambda o: phone(o.shop, o.place))
    is_primary = False


def person_name(shop: Shop) -> str:
    return f"{fake('first_name', shop)} {fake('last_name', shop)}"


def fake(kind: str, shop: Shop) -> str:
    """Return a word of this kind in the language of the shop's country."""
    word: str = factory.Faker(kind).evaluate(None, None, {"locale": shop.locale})
    return word


class PersonFactory(factory.DictFactory):  # type: ignore[misc]  # not followed, see pyproject.toml
    class Params:
        shop = None
        place = factory.LazyAttribute(lambda o: randgen.choice(o.shop.places))
        number = 0

    first_name = factory.LazyAttribute(lambda o: fake("first_name", o.shop))
    last_name = factory.LazyAttribute(lambda o: fake("last_name", o.shop))
    email = factory.LazyAttribute(
        lambda o: parse_email(email_of(f"{o.first_name} {o.last_name}", o.number))
    )
    phone = factory.LazyAttribute(lambda o: phone_from_text(phone(o.shop, o.place), o.shop.country))
    birth_date = factory.LazyFunction(
        lambda: (
            factory.Faker("date_of_birth").evaluate(
                None, None, {"locale": None, "minimum_age": 18, "maximum_age": 85}
            )
            if chance(0.4)
            else None
        )
    )
    marketing_opt_in = factory.LazyFunction(lambda: chance(0.35))
    tags = factory.LazyAttribute(
        lambda o: randgen.sample(o.shop.tags, randgen.choice((0, 0, 1, 2)))
    )
    delivery_address = factory.LazyAttribute(lambda o: AddressFactory(shop=o.shop, place=o.place))


class FirmFactory(PersonFactory):
    """A firm that buys on terms. Its name is that of its contact person."""

    birth_date = None
    company = factory.LazyAttribute(
        lambda o: f"{randgen.choice((o.last_name, o.place.city))} {randgen.choice(o.shop.trades)}"
    )
    payment_terms = factory.LazyFunction(lambda: randgen.choice(TERMS))
    discount_rate = factory.LazyFunction(lambda: Decimal(randgen.choice((0, 0, 5, 10))))
    is_account_enabled = factory.LazyFunction(lambda: chance(0.5))
    credit_limit = factory.LazyAttribute(
        lambda o: Decimal(randgen.choice((1000, 5000, 20_000))) if o.is_account_enabled else None
    )
    delivery_address = factory.LazyAttribute(
        lambda o: AddressFactory(shop=o.shop, place=o.place, label="Shop")
    )
    billing_address = factory.LazyAttribute(
        lambda o: AddressFactory(shop=o.shop, place=o.place, label=None)
    )
    contacts = factory.LazyAttribute(
        lambda o: [
            ContactFactory(shop=o.shop, place=o.place, number=o.number, is_primary=first)
            for first in (True, False)[: randgen.randint(1, 2)]
        ]
    )


class DebtorFactory(FirmFactory):
    """A firm that buys on account."""

    is_account_enabled = True
    payment_terms = "net_30"
    credit_limit = factory.SelfAttribute("shop.debtor_limit")


def customer_fields(shop: Shop, number: int) -> CustomerFields:
    """Make up the shop's customer of that number."""
    if shop.is_debtor(number):
        customer_factory = DebtorFactory
    else:
        customer_factory = FirmFactory if chance(shop.firms) else PersonFactory
    return customer_factory(shop=shop, number=number)
