"""Validate request bodies of orders, payments and refunds; translate them to arguments of services."""

from __future__ import annotations

import uuid

from customers.api.fields import Choice, Flag, Text, Uid
from customers.api.money_fields import Quantity
from customers.api.serializers import BodySerializer
from customers.dialects.storefront.orders.fields import BlankableText, MoneyText
from orders.fields import OrderFields
from orders.models.order import Status

MAX_LINES = 500


class LineSerializer(BodySerializer):
    productId = Text(255, source="product_id", required=True)
    productName = Text(500, source="product_name", required=True)
    quantity = Quantity(high=1_000_000, required=True)
    unitPrice = MoneyText(low=0, source="unit_price", required=True)
    discountAmount = MoneyText(low=0, source="discount_amount", allow_null=True)


class OrderBody(OrderFields, total=False):
    customer: uuid.UUID


class OrderSerializer(BodySerializer):
    customerId = Uid(source="customer", required=True)
    items = LineSerializer(many=True, allow_empty=False, max_length=MAX_LINES)  # type: ignore[call-arg] # a keyword of the list serializer
    shippingAddressId = Uid(source="shipping_address_uid", allow_null=True)
    shippingAmount = MoneyText(low=0, source="shipping_amount")
    taxAmount = MoneyText(low=0, source="tax_amount")
    discountAmount = MoneyText(low=0, source="discount_amount")
    onAccount = Flag(source="on_account")
    externalId = BlankableText(255, source="external_id")


class OrderChangeSerializer(BodySerializer):
    status = Choice({status.value: status.value for status in Status})
    merchantNote = BlankableText(5000, source="merchant_note")


class PaymentSerializer(BodySerializer):
    amount = MoneyText(required=True)
    method = Text(50, required=True)


class RefundSerializer(BodySerializer):
    amount = MoneyText(allow_null=True)
    reason = BlankableText(500)
