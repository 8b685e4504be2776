from rest_framework import serializers

from customers.api.fields import Text
from customers.api.views import DialectViewSet
from customers.reads import CUSTOMERS
from customers.services.customers import create_customer, update_customer
from orders.services.customers import delete_customer
from stores.models.base import parse_uid
from tests.conformance.toy.wire import dialect


class PersonSerializer(serializers.Serializer):
    called = Text(255, source="name", required=True)


def person(row):
    return {"id": str(row["uid"]), "called": row["name"]}


class PersonViewSet(DialectViewSet):
    dialect = dialect
    scopes = {
        "list": "customers:read",
        "retrieve": "customers:read",
        "create": "customers:write",
        "update": "customers:write",
        "destroy": "customers:delete",
    }

    def list(self, request):
        limit = self.query.integer("limit", default=50, low=1, high=100)
        return self.answer(
            [person(row) for row in CUSTOMERS.full.rows(self.customers.live()[:limit])]
        )

    def retrieve(self, request, pk):
        row = self.get_row(CUSTOMERS.full, uid=parse_uid(pk))
        return self.answer_customer(person(row), row["version"])

    def create(self, request):
        fields = self.validated_data(PersonSerializer)
        return self.commit(
            lambda: self.show(create_customer(self.store, self.actor, fields), status=201)
        )

    def update(self, request, pk):
        fields = self.validated_data(PersonSerializer, partial=True)
        target = self.target(pk)
        return self.commit(
            lambda: self.show(update_customer(target, self.actor, fields, versions=self.versions))
        )

    def destroy(self, request, pk):
        target = self.target(pk)
        return self.commit(
            lambda: self.show(delete_customer(target, self.actor, versions=self.versions))
        )

    def target(self, pk):
        return self.customers.filter(uid=parse_uid(pk))

    def show(self, row, status=200):
        return self.answer_customer(person(row), row["version"], status)
