"""Validate request bodies of this dialect and translate them to neutral fields."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from customers.api.fields import (
    DisplayName,
    Email,
    EmailText,
    Flag,
    Name,
    PhoneNumber,
    PhoneText,
    Text,
)
from customers.api.money_fields import Money, Percent
from customers.api.serializers import BodySerializer
from customers.fields import ContactFields, CustomerFields
from customers.models import Customer
from customers.services.contacts import MAX_CONTACTS
from customers.terms import PAYMENT_TERMS
from stores.currencies import parse_currency

NEVER_EMPTY = frozenset({"payment_terms", "currency", "discount_rate"})


class PaymentTerms(Text):
    default_error_messages = {"terms": "Must be net_<days>, due_on_receipt, cod or prepaid."}

    def __init__(self, **options: Any) -> None:
        super().__init__(20, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text and not PAYMENT_TERMS.match(text):
            self.fail("terms")
        return text


class Currency(Text):
    default_error_messages = {"currency": "Must be a three-letter ISO 4217 code."}

    def __init__(self, **options: Any) -> None:
        super().__init__(3, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return parse_currency(text) if text else text
        except ValueError:
            self.fail("currency")


class AddressSerializer(BodySerializer):
    line1 = Text(500)
    line2 = Text(500)
    city = Text(255)
    state = Text(100)
    postal_code = Text(30, source="postcode")
    country = Text(100)


class ContactSerializer(BodySerializer):
    name = Name(255, required=True)
    title = Name(255)
    email = EmailText()
    phone = PhoneText()
    is_primary = Flag()


class CustomerSerializer(BodySerializer):
    """Changes of a customer. A credit limit enables the account that it limits."""

    # without a billing address, the shipping address is shown in its place
    followers = {"billing_address": "shipping_address"}

    name = DisplayName(required=True)
    email = Email()
    phone = PhoneNumber()
    fax = PhoneText()
    website = Text(500)
    tax_id = Text(100)
    billing_address = AddressSerializer(required=False, allow_null=True)
    shipping_address = AddressSerializer(required=False, allow_null=True, source="delivery_address")
    payment_terms = PaymentTerms()
    currency = Currency()
    credit_limit = Money(low=0, allow_null=True)
    discount_rate = Percent(low=0, high=100, allow_null=True)
    preferred_shipping = Text(100)
    is_active = Flag()
    notes = Text(10_000)

    def to_internal_value(self, data: dict[str, Any]) -> CustomerFields:
        values: dict[str, Any] = super().to_internal_value(data)
        for name in NEVER_EMPTY & values.keys():
            values[name] = values[name] or self.default_of(name)
        fields = cast(CustomerFields, values)
        if fields.get("credit_limit") is not None:
            fields["is_account_enabled"] = True
        return fields

    def default_of(self, name: str) -> Any:
        """Return the value of a cleared field that cannot be empty: that of a new customer."""
        return getattr(Customer(currency=self.context["store"].currency), name)


class NewCustomerSerializer(CustomerSerializer):
    """A new customer with its contacts. Contract: an absent shipping address copies the billing address."""

    # `many=True` would accept null as a contact, too
    contacts: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ContactSerializer(), required=False, allow_null=True, max_length=MAX_CONTACTS
    )

    def validate_contacts(self, contacts: list[ContactFields] | None) -> list[ContactFields]:
        primary = [contact for contact in contacts or () if contact.get("is_primary")]
        if len(primary) > 1:
            error = ErrorDetail("Only one contact can be the primary one.", "primary")
            raise ValidationError([error])
        return contacts or []

    def to_internal_value(self, data: dict[str, Any]) -> CustomerFields:
        fields = super().to_internal_value(data)
        if fields.get("delivery_address") is None and fields.get("billing_address"):
            fields["delivery_address"] = fields["billing_address"]
        return fields
