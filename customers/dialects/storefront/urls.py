from django.urls import re_path

from customers.api.routing import routes
from customers.dialects.storefront.customers.views import CustomerViewSet
from customers.dialects.storefront.orders.views import OrderViewSet
from customers.dialects.storefront.stores.views import OneStoreViewSet, StoresViewSet, health
from customers.dialects.storefront.webhooks.receipts import receipts
from customers.dialects.storefront.webhooks.views import (
    DeliveryViewSet,
    EventViewSet,
    WebhookViewSet,
)
from customers.dialects.storefront.wire import dialect

PREFIXES = ("", "api/")
STORE = r"stores/(?P<store_id>[^/]+)"

urlpatterns = [
    re_path(r"^health/?\Z", health),
    *(
        re_path(rf"^{prefix}{STORE}/?\Z", OneStoreViewSet.as_view({"get": "retrieve"}))
        for prefix in PREFIXES
    ),
    *(
        re_path(rf"^{prefix}{STORE}/webhooks/(?P<webhook_id>[^/]+)/receipts/?\Z", receipts)
        for prefix in PREFIXES
    ),
    *routes(
        dialect,
        {
            f"{prefix}{path}": viewset
            for prefix in PREFIXES
            for path, viewset in {
                "stores": StoresViewSet,
                f"{STORE}/customers": CustomerViewSet,
                f"{STORE}/orders": OrderViewSet,
                f"{STORE}/webhooks": WebhookViewSet,
                rf"{STORE}/webhooks/(?P<webhook_id>[^/]+)/deliveries": DeliveryViewSet,
                f"{STORE}/events": EventViewSet,
            }.items()
        },
    ),
]
