"""Files of other systems import without a hand: each fixture has the published header and made-up people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from customers.imports.models import ImportJob
from customers.imports.services.files import chunks_of
from customers.imports.services.jobs import create_job
from customers.models import Address, Contact
from customers.services.tags import names_of
from tests.imports.conftest import FILES, MIA, Importing, counts

pytestmark = pytest.mark.django_db
# The file, whose export it is, an external id or e-mail, and what the customer then has.
EXPECTED: list[tuple[str, str, dict[str, Any]]] = [
    (
        "shopify.csv",
        "Shopify",
        {
            "external_id": "7001",
            "name": "Ngaire Te Whata",
            "email": "ngaire@example.com",
            "phone": "+64211234567",
            "marketing_opt_in": True,
            "notes": "Likes rye",
            "tags": ["vip", "bread"],
            "delivery": ("1 Queen St", "", "Auckland", "AUK", "1010", "NZ"),
        },
    ),
    (
        "shopify_older.csv",
        "Shopify (older)",
        {
            "email": "ngaire@example.com",
            "company": "Kauri Foods",
            "tags": ["vip", "bread"],
            "delivery": ("1 Queen St", "", "Auckland", "AUK", "1010", "NZ"),
        },
    ),
    (
        "xero.csv",
        "Xero",
        {
            "external_id": "HLG01",
            "name": "",
            "company": "Harbour Lane Gifts",
            "mobile": "0412 345 678",
            "fax": "08 9430 1112",
            "tax_id": "23 456 789 012",
            "website": "https://harbourlane.example.com",
            "discount_rate": 5,
            "billing": ("PO Box 12", "", "Fremantle", "WA", "6959", "AU"),
            "delivery": ("3 Wharf St", "Level 2", "Fremantle", "WA", "6160", "AU"),
            "contacts": [
                ("Obadiah Renshaw", ""),
                ("Yusra al-Khatib", "yusra@harbourlane.example.com"),
            ],
        },
    ),
    (
        "myob.txt",
        "MYOB",
        {
            "external_id": "CUS000012",
            "name": "",
            "company": "Marsh Bakery Pty Ltd",
            "tax_id": "12 345 678 901",
            "phone": "03 6224 0000",
            "billing": ("8 Mill Rd", "", "Hobart", "TAS", "7000", "AU"),
            "contacts": [("Ella Marsh", "")],
        },
    ),
    (
        "myob.txt",
        "MYOB",
        {
            "last_name": "MacGillivray",
            "first_name": "Eilidh",
            "external_id": "",
            "billing": ("2 Loch St", "", "Darwin", "NT", "0800", "AU"),
        },
    ),
    (
        "hubspot.csv",
        "HubSpot",
        {
            "external_id": "151",
            "name": "Tomasz Wiśniewski",
            "company": "The Corner Pantry",
            "notes": "Lead Status: New\nJob Title: Buyer",
            "delivery": ("", "", "Sydney", "NSW", "2000", "AU"),
        },
    ),
    (
        "google.csv",
        "Google Contacts",
        {
            "name": "Brigid Anne Castellanos",
            "email": "brigid@example.com",
            "phone": "0412 555 146",
            "company": "Castellanos & Co",
            "tags": ["Wholesale"],
            "delivery": ("4 Elm St", "", "Geelong", "VIC", "3220", "AU"),
        },
    ),
    ("google.csv", "Google Contacts", {"name": "Otto", "birth_date": None}),
    (
        "google_older.csv",
        "Google Contacts (older)",
        {"name": "Brigid Anne Castellanos", "company": "Castellanos & Co", "tags": ["Wholesale"]},
    ),
    (
        "odoo.csv",
        "Odoo",
        {
            "company": "Agrolait",
            "external_id": "res_partner_2",
            "delivery": ("69 Rue de Namur", "", "Wavre", "", "1300", "BE"),
            "others": ["9 Dock Rd"],
            "contacts": [("Michel Fletcher", "michel@agrolait.example.com")],
        },
    ),
    (
        "quickbooks.csv",
        "QuickBooks Online",
        {
            "name": "Wilhelmina Abernathy",
            "company": "Abernathy LLC",
            "billing": ("1 Market St", "", "San Francisco", "CA", "94105", "US"),
        },
    ),
    (
        "woocommerce.csv",
        "WooCommerce",
        {
            "external_id": "5",
            "email": "zoe@example.com",
            "billing": ("Hauptstr. 5", "", "Berlin", "", "10115", "DE"),
            "delivery": ("Nebenweg 1", "2. OG", "Potsdam", "", "14467", "DE"),
        },
    ),
    (
        "square.csv",
        "Square",
        {"external_id": "7X2K", "name": "Ava Odum", "marketing_opt_in": True, "birth_date": None},
    ),
    (
        "mailchimp.csv",
        "Mailchimp",
        {
            "email": "fenella@example.com",
            "marketing_opt_in": True,
            "marketing_opt_in_at": datetime(2021, 5, 4, 0, 11, 12, tzinfo=UTC),
            "notes": "",
            "tags": ["wholesale", "bread"],
        },
    ),
    (
        "outlook.csv",
        "Outlook",
        {
            "name": "Hana Ito",
            "email": "hana@example.com",
            "mobile": "0412 000 111",
            "tags": ["wholesale", "bread"],
            "billing": ("1 Bay St", "", "Sydney", "NSW", "2000", "AU"),
            "delivery": ("7 Hill St", "", "Manly", "NSW", "2095", "AU"),
        },
    ),
    (
        "german.csv",
        "",
        {
            "external_id": "K-1",
            "name": "Jörg Müller",
            "company": "Müller GmbH",
            "mobile": "0151 12345678",
            "credit_limit": 1250.5,
            "marketing_opt_in": True,
            "delivery": ("Gartenweg 3", "", "Dresden", "", "01067", "DE"),
            "billing": ("Postfach 9", "", "Dresden", "", "01001", ""),
        },
    ),
    (
        "french.csv",
        "",
        {
            "external_id": "F-1",
            "name": "Zoé Lefèvre",
            "email": "zoe.lefevre@example.com",
            "delivery": ("3 rue du Four", "", "Paris", "", "75006", "FR"),
            "billing": ("BP 4", "", "Paris", "", "75270", ""),
        },
    ),
    (
        "spanish.csv",
        "",
        {
            "external_id": "E-1",
            "name": "Íñigo Núñez",
            "mobile": "612 345 678",
            "delivery": ("Calle Mayor 1", "", "Madrid", "M", "28001", "ES"),
        },
    ),
    (
        "contacts.vcf",
        "vCard",
        {
            "name": "Ngaire Te Whata",
            "company": "Kauri Foods",
            "mobile": "+64 21 123 4567",
            "notes": "Likes rye, and oats",
            "delivery": ("1 Queen St", "", "Auckland", "", "1010", "NZ"),
        },
    ),
    ("contacts.vcf", "vCard", {"name": "Jörg Müller", "mobile": "+49 151 12345678"}),
    (
        "singer.jsonl",
        "Shopify (tap)",
        {
            "external_id": "7001",
            "name": "Ngaire Te Whata",
            "currency": "NZD",
            "tags": ["vip", "bread"],
            "delivery": ("1 Queen St", "", "Auckland", "AUK", "1010", "NZ"),
            "others": ["5 Bay Rd"],
        },
    ),
]
# Opened and saved again by LibreOffice: numbers have lost their zeros.
SAVED_AGAIN = (
    *("square.xls", "square.xlsx", "square.ods", "xero.xls"),
    *("myob.ods", "mailchimp.xlsx"),
)
EXPECTED += [
    (name, vendor, expected)
    for name in SAVED_AGAIN
    for original, vendor, expected in EXPECTED
    if original.partition(".")[0] == name.partition(".")[0]
]
IDENTITY = ("external_id", "email", "name", "company", "last_name")
PLACE = ("line1", "line2", "city", "state_code", "postcode", "country_code")


@pytest.mark.parametrize(
    ("name", "vendor", "expected"),
    EXPECTED,
    ids=[f"{e[0]} {next(iter(e[2].values()))}" for e in EXPECTED],
)
def test_a_file_of_another_system_imports_without_a_hand(
    importing: Importing, name: str, vendor: str, expected: dict[str, Any]
) -> None:
    importing.store.country = "US" if name.startswith(("square.", "quickbooks.")) else "AU"
    importing.store.save()
    job = importing.run(FILES / name)
    assert job.vendor == vendor
    assert (job.count("conflict"), job.count("error")) == (0, 0), texts(importing, job)
    assert contents(importing, expected) == expected


def texts(importing: Importing, job: ImportJob) -> list[Any]:
    return [row.issues for row in importing.rows(job)]


def contents(importing: Importing, expected: dict[str, Any]) -> dict[str, Any]:
    """Return what the customer has under the expected names."""
    key = next(name for name in IDENTITY if expected.get(name))
    customer = importing.customer(**{key: expected[key]})
    addresses = Address.objects.filter(customer=customer).order_by("position")
    present = {
        "tags": names_of(customer),
        "billing": addresses.filter(role="billing").values_list(*PLACE).first(),
        "delivery": addresses.filter(is_default=True).values_list(*PLACE).first(),
        "others": [a.line1 for a in addresses.filter(role="delivery", is_default=False)],
        "contacts": list(Contact.objects.filter(customer=customer).values_list("name", "email")),
    }
    return {
        name: present[name] if name in present else getattr(customer, name) for name in expected
    }


def test_a_supplier_of_odoo_is_left_out(importing: Importing) -> None:
    job = importing.check(FILES / "odoo.csv")
    assert counts(job) == {"create": 1, "skipped": 1}


@pytest.mark.parametrize("name", SAVED_AGAIN)
def test_a_workbook_is_kept_whole(importing: Importing, name: str) -> None:
    with (FILES / name).open("rb") as file:  # as a command opens it
        job = create_job(importing.store, MIA, file, name)
    assert b"".join(chunks_of(job)) == (FILES / name).read_bytes()


def test_a_postcode_of_a_workbook_gets_its_zero_back(importing: Importing) -> None:
    importing.store.country = "US"
    importing.store.save()
    job = importing.run(FILES / "square.xls")
    assert [repair["code"] for repair in importing.row(job, 2).repairs] == ["repaired_postcode"]
    assert Address.objects.get().postcode == "02138"


def test_a_number_that_lost_its_zero_is_told(importing: Importing) -> None:
    job = importing.check(FILES / "myob.txt")
    assert [repair["code"] for repair in importing.row(job, 4).repairs] == ["repaired_postcode"]
