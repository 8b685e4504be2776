"""The resources beside customers."""

from __future__ import annotations

from typing import Any, ClassVar

from customers.dialects.pos import representations
from customers.dialects.pos.base import PosViewSet, StoreResourceViewSet, not_found_as_invalid
from customers.dialects.pos.filters import (
    AddressFilters,
    DeliveryZoneFilters,
    TagFilters,
    TransactionFilters,
)
from customers.dialects.pos.serializers import (
    AddressSerializer,
    DeliveryZoneSerializer,
    NewAddressSerializer,
    TagSerializer,
    TransactionSerializer,
)
from customers.models import Address, DeliveryZone, LedgerEntry, Tag
from customers.models.address import Role
from customers.models.ledger import Account
from customers.services.accounts import post_entry
from customers.services.addresses.one_address import add_address, remove_address, update_address
from customers.services.delivery_zones import create_zone, delete_zone, update_zone
from customers.services.tags import create_tag, delete_tag, update_tag
from orders.models import Order
from stores.errors import Invalid

READ = {"list": "customers.list", "retrieve": "customers.get"}
WRITE = ("create", "update", "destroy")


class TagViewSet(StoreResourceViewSet):
    scopes = READ | dict.fromkeys(WRITE, "customers.write")
    filters = TagFilters
    serializer = TagSerializer

    def rows(self):
        return Tag.objects.for_store(self.store)

    def represent(self, instance):
        return representations.tag(instance)

    def perform_create(self, fields):
        return create_tag(self.store, **fields)

    def perform_update(self, target, fields):
        return update_tag(target, self.actor, fields)

    def perform_destroy(self, target):
        return delete_tag(target, self.actor)


class DeliveryZoneViewSet(StoreResourceViewSet):
    scopes = READ | dict.fromkeys(WRITE, "admin.write")
    filters = DeliveryZoneFilters
    serializer = DeliveryZoneSerializer

    def rows(self):
        return DeliveryZone.objects.for_store(self.store)

    def represent(self, instance):
        return representations.delivery_zone(instance)

    def perform_create(self, fields):
        return create_zone(self.store, **fields)

    def perform_update(self, target, fields):
        return update_zone(target, self.actor, fields)

    def perform_destroy(self, target):
        return delete_zone(target, self.actor)


class AddressViewSet(StoreResourceViewSet):
    scopes = READ | dict.fromkeys(WRITE, "customers.write")
    filters = AddressFilters
    serializer = AddressSerializer
    new_serializer = NewAddressSerializer

    def rows(self):
        live = Address.objects.for_store(self.store).filter(customer__deleted_at=None)
        return live.filter(role=Role.DELIVERY).select_related("customer", "delivery_zone")

    def represent(self, instance):
        return representations.address(instance)

    def perform_create(self, fields: Any):
        fields = {**fields}
        owner = self.customers.filter(uid=fields.pop("customer_id"))
        with not_found_as_invalid("customer"):
            return add_address(owner, self.actor, fields)

    def perform_update(self, target, fields):
        return update_address(target, self.actor, fields)

    def perform_destroy(self, target):
        return remove_address(target, self.actor)


class TransactionViewSet(PosViewSet):
    """Entries of one of the customers' accounts; they are only ever added."""

    account: ClassVar[Account]
    sorts = {"created_at": "id"}

    def list(self, request):
        entries = LedgerEntry.objects.for_store(self.store).filter(account=self.account)
        shown = entries.filter(customer__withdrawn_at=None)
        found = TransactionFilters.narrow(self.query.within("filter"), shown)
        page = self.page(found.select_related("customer"), list)
        return self.answer_page(page, [representations.transaction(entry) for entry in page.rows])

    def create(self, request):
        fields = self.validated_data(TransactionSerializer)
        return self.commit(lambda: self.answer_one(representations.transaction(self.entry(fields))))

    def entry(self, fields: dict[str, Any]) -> LedgerEntry:
        owner, order = self.customers.filter(uid=fields["customer_id"]), None
        if (uid := fields.get("order_id")) is not None:
            own = Order.objects.for_store(self.store).visible().filter(customer__in=owner)
            order = own.filter(uid=uid).first()
            if order is None:
                raise Invalid("unknown_id", "order" if owner.exists() else "customer")
        with not_found_as_invalid("customer"):
            return post_entry(
                owner,
                self.actor,
                self.account,
                fields["amount"],
                notes=fields.get("notes") or "",
                order_uid=order.uid if order else None,
                due_on=order.due_on if order else None,
            )


class HouseAccountViewSet(TransactionViewSet):
    scopes = {"list": "customers.accounts.read", "create": "customers.accounts.write"}
    account = Account.HOUSE


class LoyaltyViewSet(TransactionViewSet):
    scopes = {"list": "customers.loyalty.read", "create": "customers.loyalty.write"}
    account = Account.LOYALTY


class WhoamiViewSet(PosViewSet):
    def list(self, request):
        return self.answer_one(representations.identity(request.auth, self.store))
