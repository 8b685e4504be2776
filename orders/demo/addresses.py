"""Make up addresses in the towns of a shop."""

from __future__ import annotations

import factory
from factory.random import randgen

from orders.demo.chance import maybe

STREETS = (
    "High Street",
    "Station Street",
    "Church Street",
    "Victoria Street",
    "Park Avenue",
    "Mill Road",
    "Bridge Street",
    "Queen Street",
    "King Street",
    "Elm Street",
    "River Road",
    "Market Street",
    "Albert Street",
    "Garden Avenue",
    "Chapel Lane",
    "Spring Street",
    "Railway Parade",
    "Union Street",
    "Cedar Avenue",
    "Hill Road",
)
UNITS = ("Unit {}", "Level {}", "Suite {}")


def street() -> str:
    return f"{randgen.randint(1, 280)} {randgen.choice(STREETS)}"


def unit() -> str:
    return maybe(0.3, randgen.choice(UNITS).format(randgen.randint(1, 24)))


class AddressFactory(factory.DictFactory):  # type: ignore[misc]  # not followed, see pyproject.toml
    class Params:
        shop = None
        place = None

    label = "Home"
    line1 = factory.LazyFunction(street)
    line2 = factory.LazyFunction(unit)
    city = factory.SelfAttribute("place.city")
    state = factory.SelfAttribute("place.state")
    postcode = factory.SelfAttribute("place.postcode")
    country = factory.SelfAttribute("shop.country")
