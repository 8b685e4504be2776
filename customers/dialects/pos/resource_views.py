"""The resources beside customers: tags, delivery zones, addresses, ledgers, and the key itself."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from customers.api.old_ids import note_owner
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
    NewAddressFields,
    NewAddressSerializer,
    PointsTransactionSerializer,
    TagSerializer,
    TransactionFields,
    TransactionSerializer,
)
from customers.fields import AddressFields, TagFields, ZoneFields
from customers.models import Address, DeliveryZone, LedgerEntry, Tag
from customers.models.address import Role
from customers.models.ledger import Account
from customers.models.owners import of_customers
from customers.services.addresses.former_ids import current_uids
from customers.services.addresses.one_address import add_address, remove_address, update_address
from customers.services.delivery_zones import create_zone, delete_zone, update_zone
from customers.services.tags import create_tag, delete_tag, update_tag
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.payment_methods import find_method
from stores.errors import Invalid
from stores.models.base import TenantQuerySet, parse_uid

READ = {"list": "customers.list", "retrieve": "customers.get"}
WRITE = ("create", "update", "destroy")


class TagViewSet(StoreResourceViewSet):
    scopes = READ | dict.fromkeys(WRITE, "customers.write")
    filters = TagFilters
    serializer = TagSerializer

    def rows(self) -> TenantQuerySet[Tag]:
        return Tag.objects.for_store(self.store)

    def represent(self, instance: Tag) -> representations.Representation:
        return representations.tag(instance)

    def perform_create(self, fields: TagFields) -> Tag:
        return create_tag(self.store, **fields)

    def perform_update(self, target: TenantQuerySet[Tag], fields: TagFields) -> Tag:
        return update_tag(target, self.actor, fields)

    def perform_destroy(self, target: TenantQuerySet[Tag]) -> Tag:
        return delete_tag(target, self.actor)


class DeliveryZoneViewSet(StoreResourceViewSet):
    scopes = READ | dict.fromkeys(WRITE, "admin.write")
    filters = DeliveryZoneFilters
    serializer = DeliveryZoneSerializer

    def rows(self) -> TenantQuerySet[DeliveryZone]:
        return DeliveryZone.objects.for_store(self.store)

    def represent(self, instance: DeliveryZone) -> representations.Representation:
        return representations.delivery_zone(instance)

    def perform_create(self, fields: ZoneFields) -> DeliveryZone:
        return create_zone(self.store, **fields)

    def perform_update(
        self, target: TenantQuerySet[DeliveryZone], fields: ZoneFields
    ) -> DeliveryZone:
        return update_zone(target, self.actor, fields)

    def perform_destroy(self, target: TenantQuerySet[DeliveryZone]) -> DeliveryZone:
        return delete_zone(target, self.actor)


class AddressViewSet(StoreResourceViewSet):
    scopes = READ | dict.fromkeys(WRITE, "customers.write")
    filters = AddressFilters
    serializer = AddressSerializer
    new_serializer = NewAddressSerializer

    def rows(self) -> TenantQuerySet[Address]:
        live = Address.objects.for_store(self.store).filter(customer__deleted_at=None)
        return live.filter(role=Role.DELIVERY).select_related("customer", "delivery_zone")

    def represent(self, instance: Address) -> representations.Representation:
        return representations.address(instance)

    def current_id(self) -> str | None:
        uid = parse_uid(self.kwargs.get("pk"))
        current = current_uids(self.store.pk, [uid]) if uid else {}
        return str(current[uid]) if uid in current else None

    def perform_create(self, fields: NewAddressFields) -> Address:
        address = fields.copy()  # `commit` may run this again, with all fields
        owner = self.customers.filter(uid=address.pop("customer_id"))
        with not_found_as_invalid("customer"):
            created = add_address(owner, self.actor, address)
        note_owner(self, fields["customer_id"], created.customer.uid)
        return created

    def perform_update(self, target: TenantQuerySet[Address], fields: AddressFields) -> Address:
        return update_address(target, self.actor, fields)

    def perform_destroy(self, target: TenantQuerySet[Address]) -> Address:
        return remove_address(target, self.actor)


class TransactionViewSet(PosViewSet):
    """The entries of one kind of account: list and create. Entries are never changed."""

    account: ClassVar[Account]
    serializer: ClassVar[type[TransactionSerializer]] = TransactionSerializer
    sorts = {"created_at": "id"}

    def list(self, request: Request) -> HttpResponse:
        entries = LedgerEntry.objects.for_store(self.store).filter(account=self.account)
        entries = entries.filter(customer__withdrawn_at=None)
        entries = TransactionFilters.narrow(self.query.within("filter"), entries)
        page = self.page(entries.select_related("customer"), list)
        return self.answer_page(page, [representations.transaction(entry) for entry in page.rows])

    def create(self, request: Request) -> HttpResponse:
        fields: TransactionFields = self.validated_data(self.serializer)
        return self.commit(
            lambda: self.answer_one(representations.transaction(self.create_entry(fields)))
        )

    def method_of(self, fields: TransactionFields) -> str:
        """Return the method of payment."""
        return ""

    def create_entry(self, fields: TransactionFields) -> LedgerEntry:
        owner, order = self.customers.filter(uid=fields["customer_id"]), None
        if (uid := fields.get("order_id")) is not None:
            orders = Order.objects.for_store(self.store).visible().filter(uid=uid)
            order = of_customers(orders, [fields["customer_id"]]).first()
            if order is None:
                raise Invalid("unknown_id", "order" if owner.exists() else "customer")
        with not_found_as_invalid("customer"):
            entry = post_entry(
                owner,
                self.actor,
                self.account,
                fields["amount"],
                notes=fields.get("notes") or "",
                method=self.method_of(fields),
                order_uid=order.uid if order else None,
                due_on=order.due_on if order else None,
            )
        note_owner(self, fields["customer_id"], entry.customer.uid)
        return entry


class HouseAccountViewSet(TransactionViewSet):
    """Settlements and charges. The contract has no method of payment: notes such as "Cash" say it."""

    scopes = {"list": "customers.accounts.read", "create": "customers.accounts.write"}
    account = Account.HOUSE

    def method_of(self, fields: TransactionFields) -> str:
        is_settlement = fields["amount"] < 0
        return find_method(self.store, fields.get("notes") or "") if is_settlement else ""


class LoyaltyViewSet(TransactionViewSet):
    scopes = {"list": "customers.loyalty.read", "create": "customers.loyalty.write"}
    account = Account.LOYALTY
    serializer = PointsTransactionSerializer


class WhoamiViewSet(PosViewSet):
    def list(self, request: Request) -> HttpResponse:
        return self.answer_one(representations.identity(self.key, self.store))
