"""The base of this dialect's viewsets: the store that the path names."""

from __future__ import annotations

from customers.api.fields import NO_UID
from customers.api.problems import ApiError
from customers.api.views import DialectViewSet
from customers.dialects.storefront.wire import dialect
from stores.models import ApiKey, Store
from stores.models.base import parse_uid


class StoreViewSet(DialectViewSet):
    """A resource of the store that the path names: `/stores/{storeId}/…`."""

    dialect = dialect

    def set_store(self, key: ApiKey) -> None:
        """Set the store of the path. Raises ApiError 403.

        The contract has one refusal for a store that does not exist and one that the key may not enter.
        """
        uid = parse_uid(self.kwargs["store_id"]) or NO_UID
        store = key.store  # loaded with the key: most requests need no query for it
        if store is None or store.uid != uid:
            store = Store.objects.enterable_by(key).filter(uid=uid).first()
        if store is None:
            raise ApiError("forbidden", reason="store")
        self.store = store
