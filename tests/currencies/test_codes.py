"""Codes of currencies: known to ISO 4217, in capitals, and fixed once there is money."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from stores.currencies import DIGITS, digits_of, known_codes, parse_currency
from stores.models import Store


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", 0), ("AUD", 2), ("IQD", 3), ("KWD", 3), ("XXQ", 2)]
)
def test_digits(currency, digits):
    assert digits_of(currency) == digits


def test_table_of_digits_names_known_codes_only():
    assert {code for code in DIGITS if DIGITS[code] <= 3} <= known_codes()


@pytest.mark.parametrize("text", ["", "AU", "AUX", "dollars", "CLF", "A\nD"])
def test_unusable_code_is_refused(text):
    with pytest.raises(ValueError, match="currency"):
        parse_currency(text)


def test_code_is_written_in_capitals_by_api_and_command(sydney, capsys):
    company = sydney.company(currency="nzd")
    assert company["currency"] == "NZD"
    changed = {"currency": "usd"}
    assert sydney.ok("PUT", f"/api/customers/{company['id']}", changed)["data"]["currency"] == "USD"
    call_command("create_store", "Shop", "--country", "jp", "--currency", "jpy")
    assert Store.objects.get(name="Shop").currency == "JPY"


@pytest.mark.django_db
def test_store_refuses_an_unknown_code():
    with pytest.raises(ValidationError, match="Unknown currency code"):
        Store(name="A", country="AU", currency="XXQ").full_clean()
    with pytest.raises(CommandError, match="currency"):
        call_command("create_store", "Shop", "--country", "CL", "--currency", "CLF")


def test_currency_of_a_customer_is_fixed_by_an_order(sydney):
    company = sydney.company(email="a@example.com")
    path = f"/api/customers/{company['id']}"
    shopper = sydney.ok("GET", "{shop}/customers")["items"][0]
    sydney.ok("POST", "{shop}/orders", sydney.order_body(shopper, "1.00"))
    answer = sydney.call("PUT", path, {"currency": "USD", "notes": "moved"})
    assert answer.status_code == 409
    assert answer.json()["error"]["message"] == "The currency is fixed: there are amounts in AUD."
    after = sydney.ok("GET", path)["data"]
    assert (after["currency"], after["notes"]) == ("AUD", None)
    assert sydney.ok("PUT", path, {"currency": "aud"})["data"]["currency"] == "AUD"


def test_currency_of_a_customer_is_fixed_by_a_posting(sydney):
    company = sydney.company(credit_limit=100)
    owner = sydney.ok("GET", "/customers")["data"][0]
    posting = {"customer_id": owner["id"], "amount": 5}
    sydney.ok("POST", "/house_account_transactions", posting)
    change = {"currency": "USD"}
    assert sydney.call("PUT", f"/api/customers/{company['id']}", change).status_code == 409
