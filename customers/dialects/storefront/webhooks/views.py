"""A store's webhook endpoints, their deliveries, and the feed of events."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.filters import TRUE_FALSE
from customers.dialects.storefront.base import StoreViewSet
from customers.dialects.storefront.envelopes import OffsetPage, item_envelope
from customers.dialects.storefront.webhooks import representations
from customers.dialects.storefront.webhooks.serializers import (
    EndpointSerializer,
    NewEndpointSerializer,
    RangeSerializer,
)
from stores.errors import NotFound
from stores.models import Event, WebhookDelivery, WebhookEndpoint
from stores.models.base import parse_uid
from stores.models.event_types import SUBSCRIPTIONS, TYPE_FILTERS
from stores.models.webhook import (
    DeliveryStatus,
    WebhookDeliveryQuerySet,
    WebhookEndpointQuerySet,
)
from stores.webhooks.deliveries import redeliver
from stores.webhooks.endpoints import (
    create_endpoint,
    delete_endpoint,
    rotate_secret,
    update_endpoint,
)
from stores.webhooks.ranges import redeliver_range
from stores.webhooks.testing import send_test


class WebhookViewSet(StoreViewSet):
    scopes = {
        "list": "webhooks:read",
        "retrieve": "webhooks:read",
        "create": "webhooks:write",
        "partial_update": "webhooks:write",
        "destroy": "webhooks:write",
        "rotate": "webhooks:write",
        "redeliver": "webhooks:write",
        "test": "webhooks:write",
    }

    def list(self, request: Request, store_id: str) -> HttpResponse:
        offset_page = OffsetPage.from_query(self.query)
        is_active = self.query.choice("isActive", TRUE_FALSE)
        event = self.query.choice("event", {name: name for name in SUBSCRIPTIONS})
        hooks = [
            hook
            for hook in WebhookEndpoint.objects.for_store(self.store).select_related("store")
            if (is_active is None or hook.is_active == is_active)
            and (not event or hook.wants(event))
        ]
        items = [representations.endpoint(hook) for hook in offset_page.slice(hooks)]
        return self.answer(offset_page.list_envelope(items, len(hooks)))

    def retrieve(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        hook = self.get_hook(pk)
        return self.answer(item_envelope(representations.endpoint(hook)))

    def create(self, request: Request, store_id: str) -> HttpResponse:
        fields = self.validated_data(NewEndpointSerializer)

        def operation() -> HttpResponse:
            hook, secret = create_endpoint(self.store, fields)
            return self.answer(
                item_envelope({**representations.endpoint(hook), "secret": secret}), 201
            )

        return self.commit(operation)

    def partial_update(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        fields = self.validated_data(EndpointSerializer, partial=True)
        target = self.target(pk)
        return self.commit(
            lambda: self.answer(
                item_envelope(representations.endpoint(update_endpoint(target, fields)))
            )
        )

    def destroy(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        def operation() -> HttpResponse:
            delete_endpoint(self.target(pk))
            return self.answer_nothing()

        return self.commit(operation)

    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        def operation() -> HttpResponse:
            hook, secret = rotate_secret(self.target(pk))
            return self.answer(item_envelope({**representations.endpoint(hook), "secret": secret}))

        return self.commit(operation)

    @action(detail=True, methods=["post"])
    def redeliver(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        fields = self.validated_data(RangeSerializer, optional_body=True)

        def operation() -> HttpResponse:
            count = redeliver_range(self.store, self.get_hook(pk), **fields)
            return self.answer(item_envelope({"redelivered": count}), status=202)

        return self.commit(operation)

    @action(detail=True, methods=["post"])
    def test(self, request: Request, store_id: str, pk: str) -> HttpResponse:
        outcome = send_test(self.get_hook(pk), representations.body_of)
        return self.answer(item_envelope(representations.test_result(outcome)))

    def get_hook(self, pk: str) -> WebhookEndpoint:
        """Return the endpoint that a path names. Raises NotFound."""
        hook = self.target(pk).first()
        if hook is None:
            raise NotFound
        return hook

    def target(self, pk: str) -> WebhookEndpointQuerySet:
        hooks = WebhookEndpoint.objects.for_store(self.store).select_related("store")
        return hooks.filter(uid=parse_uid(pk) or NO_UID)


class DeliveryViewSet(StoreViewSet):
    """The deliveries of one endpoint, newest first."""

    scopes = {"list": "webhooks:read", "redeliver": "webhooks:write"}

    def list(self, request: Request, store_id: str, webhook_id: str) -> HttpResponse:
        offset_page = OffsetPage.from_query(self.query)
        deliveries = self.deliveries(webhook_id)
        if status := self.query.choice("status", {name: name for name in DeliveryStatus.values}):
            deliveries = deliveries.filter(status=status)
        if types := self.query.choice("event", TYPE_FILTERS):
            deliveries = deliveries.filter(event__type__in=types)
        items = [
            representations.delivery(row)
            for row in offset_page.slice(deliveries.select_related("event__store"))
        ]
        return self.answer(offset_page.list_envelope(items, deliveries.count()))

    @action(detail=True, methods=["post"])
    def redeliver(self, request: Request, store_id: str, webhook_id: str, pk: str) -> HttpResponse:
        target = (
            self.deliveries(webhook_id)
            .filter(uid=parse_uid(pk) or NO_UID)
            .select_related("event__store")
        )
        return self.commit(
            lambda: self.answer(
                item_envelope(representations.delivery(redeliver(target))), status=202
            )
        )

    def deliveries(self, webhook_id: str) -> WebhookDeliveryQuerySet:
        hooks = WebhookEndpoint.objects.for_store(self.store)
        hook = hooks.filter(uid=parse_uid(webhook_id) or NO_UID).first()
        if hook is None:
            raise NotFound
        return WebhookDelivery.objects.for_store(self.store).filter(endpoint=hook)


class EventViewSet(StoreViewSet):
    """The events of a store after a given one, in the order of their commits. None goes away.

    `next` is what the next call sends as `after`, also when nothing is new.
    """

    scopes = {"list": "customers:read"}

    def list(self, request: Request, store_id: str) -> HttpResponse:
        after = self.query.integer("after", default=0, low=0)
        limit = self.query.integer("limit", default=50, low=1, high=200)
        types = self.query.choice("type", TYPE_FILTERS)
        events = Event.objects.for_store(self.store).filter(pk__gt=after).order_by("pk")
        last = after
        if types:
            # Read first: the client skips the events of other types up to here.
            last = events.values_list("pk", flat=True).last() or after
            events = events.filter(type__in=types, pk__lte=last)
        page = list(events.select_related("store")[:limit])
        if page and (len(page) == limit or not types):
            last = page[-1].pk
        items = [representations.feed_item(event) for event in page]
        return self.answer({"items": items, "next": last})
