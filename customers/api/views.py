"""The base of all dialects' viewsets: authentication, the store, the request's body, the response."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import orjson
from django.db import Error, InterfaceError, InternalError, OperationalError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from customers.api import old_ids
from customers.api.auth import ApiKeyAuthentication, HasScope, KeyThrottle
from customers.api.conditions import expected_versions, is_unchanged
from customers.api.dialect import Dialect, Problem
from customers.api.echoes import drop_echoes
from customers.api.idempotency import HEADER, IdempotentOperation, StoredResponse
from customers.api.problems import ApiError, problem_of
from customers.api.query import Query
from customers.api.reader import MAX_BYTES, RequestParseError, read_json, read_optional_json
from customers.api.serializers import BodySerializer
from customers.api.totals import total_of
from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row, RowSpec, get_customer_row
from stores.actors import Actor
from stores.database.connections import close_if_broken
from stores.database.plans import Plan
from stores.database.replica import reading
from stores.errors import NotFound
from stores.models import ApiKey, Store

MAX_TRIES = 3
RETRY_PAUSE_SECONDS = (0.02, 0.08)
READ_ONLY = "25006"
# serialization failure, deadlock, and a primary that became read-only: the next try may succeed
RETRYABLE = ("40001", "40P01", READ_ONLY)
READ_METHODS = ("GET", "HEAD")
IDENTITY_ENCODINGS = ("", "identity")  # Content-Encoding of a body that is not compressed
CONNECTION_ERRORS = (OperationalError, InterfaceError)


class DialectViewSet(ViewSet):
    """A resource in one dialect.

    Subclasses set `dialect` and `scopes` (the scope that each action needs), read with `self.validated_data`
    and `self.query`, call a service inside `self.commit`, and answer with `self.answer`.
    """

    dialect: Dialect
    scopes: Mapping[str, str] = {}
    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [KeyThrottle]
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    store: Store = None  # type: ignore[assignment] # None until authenticated, and for keys of all stores
    idempotency: IdempotentOperation | None = None
    rate_headers: Mapping[str, str] = {}
    api_key_id: int | None = None  # set once authenticated
    allow_replica = False  # True for reads where a replica is configured, until it fails
    survivor_path = ""  # of the customer that was found by an old id, see `old_ids`
    asked_as: uuid.UUID | None = None  # that id, in a request that changes something
    query = Query("")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a request in the dialect's format, whatever happens."""
        self.args, self.kwargs = args, kwargs
        is_read = request.method in READ_METHODS
        self.allow_replica = is_read and reading.is_configured()
        try:
            response = self.read_with_failover(request) if is_read else self.act(request)
        except Exception as error:
            response = self.handle_exception(error)
        finally:
            if self.allow_replica:
                reading.end()
        if not is_read and self.api_key_id is not None:
            reading.record_write(self.api_key_id)
        for name, value in self.rate_headers.items():
            response[name] = value
        return response

    def read_with_failover(self, request: HttpRequest) -> HttpResponse:
        """Run a read. Run it again on the primary when the replica fails, or on a new connection."""
        # A health check costs a query, and a read that meets a broken connection is tried again.
        connection.health_check_done = True  # type: ignore[attr-defined] # Django's
        for _ in range(MAX_TRIES - 1):
            try:
                return self.act(request)
            except Error as error:
                if reading.failover_to_primary(error):
                    self.allow_replica = False
                elif not (isinstance(error, CONNECTION_ERRORS) and close_if_broken()):
                    raise
        return self.act(request)

    def act(self, request: HttpRequest) -> HttpResponse:
        """Try once: authenticate the caller and run the action."""
        self.request = self.initialize_request(request, *self.args, **self.kwargs)
        self.initial(self.request, *self.args, **self.kwargs)
        handler, method = self.http_method_not_allowed, (request.method or "").lower()
        if method in self.http_method_names:  # REST framework's own `options` is not
            handler = getattr(self, method, handler)
        response: HttpResponse | None
        try:
            response = handler(self.request, *self.args, **self.kwargs)
        except NotFound:
            response = old_ids.act_on_survivor(self, handler)
            if response is None:
                raise
        return response

    # --- in

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate the caller, check scope and rate limit, and set the store.

        Content is not negotiated: the answer is JSON, whatever the client says it accepts.
        """
        self.perform_authentication(request)  # on the primary: a replica may not know a key yet
        self.check_permissions(request)
        self.check_throttles(request)
        key: Any = request.auth  # an ApiKey: the stubs know tokens only
        self.api_key_id = key.pk
        if self.allow_replica:
            reading.begin(self.api_key_id)
        self.set_store(key)
        if query_string := request.META.get("QUERY_STRING"):
            self.query = Query(query_string)
        if request.method == "POST" and HEADER in request.headers:
            self.idempotency = self.start_idempotency(request, key)
            self.idempotency.replay()

    def set_store(self, key: ApiKey) -> None:
        """Set the store whose rows this request may see; None means every store."""
        if key.store_id is None and not self.dialect.serves_administrators:
            raise ApiError("forbidden", reason="store")
        self.store = key.store  # type: ignore[assignment] # see above

    def start_idempotency(self, request: Request, key: ApiKey) -> IdempotentOperation:
        request_content = f"{request.method} {request.path}\n".encode() + self.raw_body
        return IdempotentOperation(key, request.headers[HEADER], request_content)

    @cached_property
    def customers(self) -> CustomerQuerySet:
        return Customer.objects.for_store(self.store)

    @cached_property
    def live_customers(self) -> Plan:
        """The customers that lists show."""
        plan = Plan(Customer)
        if self.store is not None:
            plan = plan.for_store(self.store.pk)
        live: Plan = plan.live()
        return live

    @property
    def actor(self) -> Actor:
        actor: Actor = self.request.user  # type: ignore[assignment] # see ApiKeyAuthentication
        return replace(actor, via=self.dialect.name, asked_as=self.asked_as)

    @property
    def raw_body(self) -> bytes:
        """The bytes of the body. Raises RequestParseError `too_large`."""
        if not hasattr(self, "_raw_body"):
            self._raw_body = read_body(self.request._request)
        return self._raw_body

    def body(self, *, optional: bool = False) -> dict[str, Any]:
        """Return the JSON object of the body. Raises RequestParseError."""
        encoding = self.request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
        if encoding not in IDENTITY_ENCODINGS:
            raise RequestParseError("encoding", "The body is compressed.")
        content_type = self.request.META.get("CONTENT_TYPE", "")
        if optional:
            return read_optional_json(
                self.raw_body, content_type, trailing_commas=self.dialect.trailing_commas
            )
        return read_json(self.raw_body, content_type, trailing_commas=self.dialect.trailing_commas)

    def validated_data(
        self,
        serializer: type[BodySerializer],
        *,
        partial: bool = False,
        optional_body: bool = False,
        representation: Callable[[], Mapping[str, Any]] | None = None,
        **context: Any,
    ) -> Any:
        """Return the body, validated by a serializer, as fields that services take (see `customers.fields`).

        An update passes `representation`, which returns the object as this dialect shows it now. Values that
        the client sends back unchanged are then dropped first. `context` is passed on to the serializer.
        Raises RequestParseError and ValidationError.
        """
        body = self.body(optional=optional_body)
        if representation is not None:
            body = drop_echoes(
                body, representation(), serializer.followers, serializer.merged_lists
            )
        context = {"view": self, "store": self.store, **context}
        reader = serializer(data=body, partial=partial, context=context)
        reader.is_valid(raise_exception=True)
        return reader.validated_data

    @property
    def versions(self) -> frozenset[int] | None:
        """The versions that `If-Match` allows to change; None for any."""
        header = self.request.headers.get("If-Match")
        return None if header is None else expected_versions(header)

    def current_id(self) -> str | None:
        """Return the id now of what the path names by an id from before a merge; see `old_ids`."""
        return None

    def get_row(self, spec: RowSpec, **key: Any) -> Row:
        """Return the live customer of the store with this `uid` or `id`. Raises NotFound."""
        return get_customer_row(self.store, spec, **key)

    def count(self, rows: QuerySet[Any] | Plan) -> int:
        """Return the number of rows of a list."""
        return total_of(self.store, rows) if rows.model is Customer else rows.count()

    # --- through

    def commit(self, operation: Callable[[], HttpResponse]) -> HttpResponse:
        """Run a service and return its response.

        It runs once for each Idempotency-Key, and again after a deadlock or a serialization failure.
        """
        for _ in range(MAX_TRIES - 1):
            try:
                return self.attempt(operation)
            except (OperationalError, InternalError) as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in RETRYABLE:
                    raise
                if state == READ_ONLY:
                    connection.close()  # an old connection stays read-only after the database is writable
                # without a pause this try could take the lock before the winner of the deadlock wakes up
                time.sleep(random.uniform(*RETRY_PAUSE_SECONDS))  # noqa: S311
        return self.attempt(operation)

    def attempt(self, operation: Callable[[], HttpResponse]) -> HttpResponse:
        return self.idempotency.run(operation) if self.idempotency else operation()

    # --- out

    def answer(
        self, data: Any, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        response = HttpResponse(orjson.dumps(data), "application/json", status, headers=headers)
        if self.survivor_path:
            response["Content-Location"] = self.survivor_path
        return response

    def answer_nothing(self) -> HttpResponse:
        """Answer 204, without a content type: there is no content."""
        response = HttpResponse(status=204)
        del response["Content-Type"]
        return response

    def answer_customer(self, data: Any, tag: int | str, status: int = 200) -> HttpResponse:
        """Answer one customer with its ETag, mostly its version; 304 when the client has this one."""
        etag = f'"{tag}"'
        condition = self.request.headers.get("If-None-Match")
        is_read = self.request.method in READ_METHODS and not self.survivor_path
        if condition and is_read and is_unchanged(condition, etag):
            # RFC 9110: a cache updates its stored response with the headers of the 304
            return HttpResponse(b"", "application/json", 304, headers={"ETag": etag})
        return self.answer(data, status, {"ETag": etag})

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override] # not a Response
        if isinstance(exc, StoredResponse):
            return exc.response
        problem = problem_of(exc, self.dialect)
        response = error_response(self.dialect, problem)
        if isinstance(exc, MethodNotAllowed):
            response["Allow"] = ", ".join(self.allowed_methods)
        return response


def error_response(dialect: Dialect, problem: Problem) -> HttpResponse:
    """Return the response for a problem, in the dialect's format."""
    content = orjson.dumps(dialect.error_body(problem))
    status = dialect.status(problem)
    return HttpResponse(content, "application/json", status, headers=dict(problem.headers))


def read_body(request: HttpRequest) -> bytes:
    """Return the bytes of a body, also of a chunked one.

    Raises RequestParseError `too_large`, and `malformed` when the body is cut off: the first part may be
    valid JSON by itself, but is not what the client meant.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > MAX_BYTES:
        raise RequestParseError("too_large", "The body is larger than 1 MiB.")
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    stream = request.META["wsgi.input"] if chunked else request
    try:
        body: bytes = stream.read(MAX_BYTES + 1)
    except Exception as error:  # servers raise different ones for broken chunks and connections
        raise RequestParseError("malformed", "The body is not whole.") from error
    if len(body) > MAX_BYTES:
        raise RequestParseError("too_large", "The body is larger than 1 MiB.")
    if not chunked and length.isdigit() and len(body) < int(length):
        raise RequestParseError("malformed", "The body is not whole.")
    return body
