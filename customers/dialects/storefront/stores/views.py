"""The stores that a key may enter, and the path of health checks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from customers.api.dialect import Problem
from customers.api.views import READ_METHODS, DialectViewSet, error_response
from customers.dialects.storefront.base import StoreViewSet
from customers.dialects.storefront.envelopes import OffsetPage, item_envelope
from customers.dialects.storefront.stores import representations
from customers.dialects.storefront.wire import dialect
from stores.models import ApiKey, Store


class StoresViewSet(DialectViewSet):
    """The stores that a key may enter."""

    dialect = dialect

    def set_store(self, key: ApiKey) -> None:
        self.stores = Store.objects.enterable_by(key)

    def list(self, request: Request) -> HttpResponse:
        offset_page = OffsetPage.from_query(self.query)
        items = [representations.store(store) for store in offset_page.slice(self.stores)]
        return self.answer(offset_page.list_envelope(items, self.stores.count()))


class OneStoreViewSet(StoreViewSet):
    def retrieve(self, request: Request, store_id: str) -> HttpResponse:
        return self.answer(item_envelope(representations.store(self.store)))


def health(request: HttpRequest) -> HttpResponse:
    """Answer `/health`, the name of `/healthz` that clients of this dialect know."""
    if request.method in READ_METHODS:
        return HttpResponse(b'{"status": "ok"}', "application/json")
    response = error_response(dialect, Problem("method_not_allowed"))
    response["Allow"] = ", ".join(READ_METHODS)
    return response
