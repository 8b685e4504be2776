from __future__ import annotations

from customers.api.fields import NO_UID
from customers.api.problems import ApiError
from customers.api.views import DialectViewSet
from customers.dialects.storefront.wire import dialect
from stores.models import ApiKey, Store
from stores.models.base import parse_uid


class StoreViewSet(DialectViewSet):
    """What lies inside a store that the path names: `/stores/{storeId}/…`."""

    dialect = dialect

    def set_store(self, key: ApiKey) -> None:
        """The same refusal whether there is no such store or the key may not enter it."""
        uid = parse_uid(self.kwargs["store_id"]) or NO_UID
        own = key.store
        if own is not None and own.uid == uid:
            self.store = own
            return
        found = Store.objects.enterable_by(key).filter(uid=uid).first()
        if found is None:
            raise ApiError("forbidden", reason="store")
        self.store = found
