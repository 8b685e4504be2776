"""`geocode_customers` places what a till or an import wrote without coordinates, and moves nobody abroad."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from customers.models import Address
from customers.services.customers import create_customer
from stores.actors import SYSTEM
from tests.factories import StoreFactory

WITHIN = 0.3  # degrees


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "line", "point"),
    [
        ("GB", "221B Baker Street, London NW1 6XE, England", (51.52, -0.16)),
        ("US", "9 Princes Street, Edinburgh EH2 2ER, Scotland", (55.95, -3.19)),
        ("GB", "8 The Green, Uxbridge, Middlesex", (51.55, -0.48)),
        ("GB", "2 Market Place, Redcar, Cleveland", (54.62, -1.06)),
        ("NL", "Dam 1, 1012 JS Amsterdam, Nederland", (52.37, 4.90)),
        ("NL", "Marienplatz 8, 80331 München, Deutschland", (48.14, 11.58)),
        ("US", "Calle Fortaleza 63, San Juan, PR 00901", (18.47, -66.11)),
        ("US", "100 Main St, Carolina, PR 00985", (18.38, -65.96)),
        ("GB", "1 Nowhere Lane, Middlesex", None),
        ("NL", "Vilnius County", None),
    ],
)
def test_address_in_one_line_is_placed_in_its_country_or_fails(
    country: str, line: str, point: tuple[float, float] | None
) -> None:
    store = StoreFactory(country=country)
    create_customer(store, SYSTEM, {"name": "Ann", "addresses": [{"line1": line}]})
    call_command("geocode_customers")
    address = Address.objects.get()
    if point is None:
        assert (address.geocode_status, address.latitude) == ("failed", None)
        return
    assert address.geocode_status == "success"
    assert abs(float(address.latitude or 0) - point[0]) < WITHIN
    assert abs(float(address.longitude or 0) - point[1]) < WITHIN
