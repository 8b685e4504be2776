"""The base of this dialect's viewsets: envelopes, pages, ids inside bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, cast
from urllib.parse import quote, unquote

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from customers.api.fields import NO_UID
from customers.api.paging import Listing, NumberedPage, numbered_page
from customers.api.query import DialectFilterSet
from customers.api.serializers import BodySerializer
from customers.api.views import DialectViewSet
from customers.dialects.pos.wire import dialect
from stores.database.plans import Plan
from stores.errors import Invalid, NotFound
from stores.models import ApiKey, Store
from stores.models.base import TenantQuerySet, parse_uid

MAX_PER_PAGE = 50
RESERVED = "%&=[]()+,:;@!$'*/?-._~"  # characters of a query that need no quoting
BY_TIME = {"created_at": "created_at", "updated_at": "updated_at"}


class PosViewSet(DialectViewSet):
    """A resource of a point of sale. `sorts` maps the values of the parameter `sort` to columns."""

    dialect = dialect
    sorts: ClassVar[dict[str, str]] = BY_TIME
    store: Store

    @property
    def key(self) -> ApiKey:
        return cast(ApiKey, self.request.auth)

    def may(self, scope: str) -> bool:
        return scope in self.key.granted

    def page(
        self, queryset: QuerySet[Any, Any] | Plan, read: Callable[[Any], list[Any]]
    ) -> NumberedPage:
        """Read the page that the query asks for. Lists begin with the oldest row by default."""
        number = self.query.integer("page", default=1, low=1)
        size = self.query.integer(
            "per_page", default=MAX_PER_PAGE, low=1, high=MAX_PER_PAGE, clamp=True
        )
        sorts = self.sorts | {f"-{name}": f"-{column}" for name, column in self.sorts.items()}
        column = self.query.choice("sort", sorts, default="created_at")
        unique = "-id" if column.startswith("-") else "id"
        listing = Listing(queryset, (column, unique), read)
        return numbered_page(listing, number, size, self.count)

    def answer_page(self, page: NumberedPage, data: list[Any]) -> HttpResponse:
        last, first = max(page.last, 1), (page.number - 1) * page.size + 1
        meta = {
            "current_page": page.number,
            "from": first if data else None,
            "last_page": last,
            "path": self.request.build_absolute_uri(self.request.path),
            "per_page": page.size,
            "to": first + len(data) - 1 if data else None,
            "total": page.total,
        }
        links = {
            "first": self.link(1),
            "last": self.link(last),
            "prev": self.link(page.number - 1) if page.number > 1 else None,
            "next": self.link(page.number + 1) if page.has_more else None,
        }
        return self.answer({"data": data, "links": links, "meta": meta})

    def link(self, number: int) -> str:
        """Return the URL of another page of this list, with the query's other parameters as sent."""
        # WSGI decodes the bytes of a query as latin-1
        query_string = quote(self.request.META.get("QUERY_STRING", "").encode("latin-1"), RESERVED)
        parameters = [part for part in query_string.split("&") if part]
        others = [part for part in parameters if unquote(part.partition("=")[0]) != "page"]
        query = "&".join([*others, f"page={number}"])
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")

    def answer_one(self, data: Any) -> HttpResponse:
        return self.answer({"data": data})


@contextmanager
def not_found_as_invalid(field: str) -> Iterator[None]:
    """Turn NotFound into Invalid for this field: an unknown id in a body is a bad value, not a 404."""
    try:
        yield
    except NotFound:
        raise Invalid("unknown_id", field) from None


class StoreResourceViewSet(PosViewSet):
    """A resource beside customers: list, read, create, update and delete the rows of one model.

    Subclasses set `filters` and serializers, choose the rows and call the services.
    """

    filters: ClassVar[type[DialectFilterSet]]
    serializer: ClassVar[type[BodySerializer]]
    new_serializer: ClassVar[type[BodySerializer] | None] = None

    def rows(self) -> TenantQuerySet[Any]:
        """Return the store's rows of this resource."""
        raise NotImplementedError

    def represent(self, instance: Any) -> dict[str, Any]:
        raise NotImplementedError

    def perform_create(self, fields: Any) -> Model:
        raise NotImplementedError

    def perform_update(self, target: TenantQuerySet[Any], fields: Any) -> Model:
        raise NotImplementedError

    def perform_destroy(self, target: TenantQuerySet[Any]) -> Model:
        raise NotImplementedError

    def list(self, request: Request) -> HttpResponse:
        rows = self.filters.narrow(self.query.within("filter"), self.rows())
        page = self.page(rows, list)
        return self.answer_page(page, [self.represent(instance) for instance in page.rows])

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        return self.answer_one(self.get_representation(pk))

    def create(self, request: Request) -> HttpResponse:
        fields = self.validated_data(self.new_serializer or self.serializer)
        return self.commit(lambda: self.answer_one(self.represent(self.perform_create(fields))))

    def update(self, request: Request, pk: str) -> HttpResponse:
        fields = self.validated_data(
            self.serializer, partial=True, representation=lambda: self.get_representation(pk)
        )
        target = self.target(pk)
        return self.commit(
            lambda: self.answer_one(self.represent(self.perform_update(target, fields)))
        )

    def destroy(self, request: Request, pk: str) -> HttpResponse:
        target = self.target(pk)
        return self.commit(lambda: self.answer_one(self.represent(self.perform_destroy(target))))

    def get_representation(self, pk: str) -> dict[str, Any]:
        """Return the representation of the row that a path names. Raises NotFound."""
        instance = self.target(pk).first()
        if instance is None:
            raise NotFound
        return self.represent(instance)

    def target(self, pk: str) -> TenantQuerySet[Any]:
        return self.rows().filter(uid=parse_uid(pk) or NO_UID)
