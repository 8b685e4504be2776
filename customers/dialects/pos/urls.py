from customers.api.routing import routes
from customers.api.views import DialectViewSet
from customers.dialects.pos.resource_views import (
    AddressViewSet,
    DeliveryZoneViewSet,
    HouseAccountViewSet,
    LoyaltyViewSet,
    TagViewSet,
    WhoamiViewSet,
)
from customers.dialects.pos.views import CustomerViewSet
from customers.dialects.pos.wire import dialect

VIEWSETS: dict[str, type[DialectViewSet]] = {
    "customers": CustomerViewSet,
    "tags": TagViewSet,
    "addresses": AddressViewSet,
    "delivery_zones": DeliveryZoneViewSet,
    "house_account_transactions": HouseAccountViewSet,
    "loyalty_transactions": LoyaltyViewSet,
    "whoami": WhoamiViewSet,
}

urlpatterns = routes(
    dialect, VIEWSETS | {f"v5/{resource}": viewset for resource, viewset in VIEWSETS.items()}
)
