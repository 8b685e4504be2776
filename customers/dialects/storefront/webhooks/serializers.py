"""Translate request bodies of webhook endpoints to neutral fields."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from customers.api.fields import Flag, Moment, Text
from customers.api.openapi.schemas import one_of
from customers.api.serializers import BodySerializer
from stores.models.event_types import SUBSCRIPTIONS
from stores.webhooks.endpoints import MAX_EVENTS


class UncheckedValue(serializers.Field[Any, Any, Any, Any]):
    """Any value: the service checks it. `json_schema` describes it in the OpenAPI document."""

    def __init__(self, json_schema: dict[str, Any], **options: Any) -> None:
        self.json_schema = json_schema
        super().__init__(**options)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(data) if data is empty else data


class EndpointSerializer(BodySerializer):
    url = UncheckedValue({"type": "string", "format": "uri", "maxLength": 2000})
    events = UncheckedValue(
        {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_EVENTS,
            "items": one_of(SUBSCRIPTIONS),
        },
    )
    description = Text(500)
    isActive = Flag(source="is_active")


SECRET = {"type": "string", "minLength": 16, "maxLength": 255}


class NewEndpointSerializer(EndpointSerializer):
    secret = UncheckedValue(SECRET | {"nullable": True}, required=False)


class RangeSerializer(BodySerializer):
    """A range of time. Both ends are inclusive; an absent end is open."""

    dateFrom = Moment(source="after", allow_null=True)
    dateTo = Moment(source="before", until=True, allow_null=True)
