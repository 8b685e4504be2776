"""Builds the OpenAPI document of a dialect with drf-spectacular."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from customers.api.dialect import Dialect
from customers.api.openapi import fields  # noqa: F401  (registers itself)
from customers.api.openapi.error_responses import in_json, possible_problems, responses
from customers.api.openapi.examples import example_of
from customers.api.openapi.inference import Schema, schema_of
from customers.api.openapi.operations import Operation, Parameter
from customers.api.views import DialectViewSet
from stores.models import Store

VERBS = {"list": "List", "retrieve": "Read", "partial_update": "Change", "update": "Change"}
VERBS |= {"create": "Create", "destroy": "Delete"}
BEARER = "bearer"


@cache
def document(package: str) -> Schema:
    """Return the document of a registered dialect, by the name of its package."""
    about = DialectDescription(package)
    schema = DialectGenerator(about).get_schema(public=True)
    title = f"Clientele: {about.dialect.title}"
    info = {"title": title, "version": "1", "description": about.introduction}
    servers = [{"url": root or "/"} for root in about.roots]
    return {**move_nullable(schema), "info": info, "servers": servers}


def move_nullable(part: Any) -> Any:
    """Move each `nullable` beside a `type`: OpenAPI 3.0 ignores it without one."""
    if isinstance(part, list):
        return [move_nullable(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {name: move_nullable(value) for name, value in part.items()}
    if part.get("nullable") is not True or "type" in part:
        return part
    if "anyOf" not in part:  # a reference to a component in `allOf`; every component is an object
        return {"type": "object", **part}
    del part["nullable"]
    first, *other_types = part["anyOf"]
    return {**part, "anyOf": [{**first, "nullable": True}, *other_types]}


class DialectDescription:
    """A dialect with the operations of its `openapi` module."""

    def __init__(self, package: str) -> None:
        module = import_module(package)
        self.dialect: Dialect = import_module(f"{package}.wire").dialect
        self.patterns = import_module(f"{package}.urls").urlpatterns
        self.introduction = (module.__doc__ or "").strip()
        described = find_spec(f"{package}.openapi") and import_module(f"{package}.openapi")
        self.operations = getattr(described, "OPERATIONS", {})
        self.roots = ("", *self.dialect.other_roots)
        operations = chain.from_iterable(actions.values() for actions in self.operations.values())
        problems = [problem for operation in operations for problem in operation.problems]
        self.error_responses = responses(self.dialect, problems)

    def operation(self, view: DialectViewSet) -> Operation:
        operation: Operation = self.operations.get(type(view), {}).get(view.action, Operation())
        return operation


class Endpoints(EndpointEnumerator):
    """Paths as clients write them, without the optional slash at the end."""

    def get_path_from_regex(self, path_regex: str) -> str:
        path: str = super().get_path_from_regex(path_regex.removesuffix("\\Z"))
        return path.removesuffix("/").replace("{pk}", "{id}")


class DialectGenerator(SchemaGenerator):
    endpoint_inspector_cls = Endpoints

    def __init__(self, about: DialectDescription) -> None:
        super().__init__(patterns=about.patterns)
        self.about = about

    def _get_paths_and_endpoints(self) -> list[Any]:
        return [
            endpoint
            for endpoint in super()._get_paths_and_endpoints()
            if isinstance(endpoint[3], DialectViewSet) and not self.is_alias(endpoint[0])
        ]

    def is_alias(self, path: str) -> bool:
        return any(path.startswith(f"{root}/") for root in self.about.dialect.other_roots)

    def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
        view = super().create_view(callback, method, request)
        self._set_schema_to_view(view, DialectSchema(self.about))
        return view


class DialectSchema(AutoSchema):
    """The description of one operation: an action of a viewset."""

    view: Any  # a DialectViewSet

    def __init__(self, about: DialectDescription) -> None:
        super().__init__()
        self.about = about

    @property
    def operation(self) -> Operation:
        return self.about.operation(self.view)

    # --- in words

    def get_tags(self) -> list[str]:
        return [sentence_case(type(self.view).__name__.removesuffix("ViewSet"))]

    def get_operation_id(self) -> str:
        return f"{self.view.action}_{self.get_tags()[0].lower().replace(' ', '_')}"

    def get_summary(self) -> str:
        action = self.view.action
        return VERBS.get(action) or action.replace("_", " ").capitalize()

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's own signature
        scope = self.view.scopes.get(self.view.action)
        return f"Needs the scope `{scope}`." if scope else "Any key may do this."

    # --- in

    def get_auth(self) -> list[Schema]:
        schemes: dict[str, Schema] = {BEARER: {"type": "http", "scheme": "bearer"}}
        for name in self.view.dialect.key_headers:
            schemes[name] = {"type": "apiKey", "in": "header", "name": name}
        for name, scheme in schemes.items():
            self.register_component(name, ResolvedComponent.SECURITY_SCHEMA, scheme)
        return [{name: []} for name in schemes]

    def _get_parameters(self) -> list[Parameter]:
        return [
            *map(in_path, re.findall(r"{(\w+)}", self.path)),
            *self.operation.query,
            *self.headers(),
        ]

    def headers(self) -> list[Parameter]:
        if self.method == "POST":
            return [header("Idempotency-Key", KEY, "Makes retries safe for 72 hours.")]
        if not self.operation.versioned:
            return []
        return [header("If-None-Match" if self.method == "GET" else "If-Match", ETAG, "An ETag.")]

    def get_request_serializer(self) -> Any:
        if self.operation.body is None:
            return None
        context = {
            "view": self.view,
            "store": example_of(Store, full=True),
            **self.operation.context,
        }
        return self.operation.body(partial=self.operation.partial, context=context)

    def _get_request_body(self, direction: Any = "request") -> Schema | None:
        serializer = self.get_request_serializer()
        if serializer is None:
            return None
        component = self.resolve_serializer(serializer, direction)
        return {"content": in_json(component.ref), "required": not self.operation.body_optional}

    def _map_serializer(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Leave out the docstring of the class, which is for programmers of this server."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        schema.pop("description", None)
        return schema

    # --- out

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        responses_by_status = {str(self.operation.status): self.success()}
        if self.operation.versioned and self.method == "GET":
            responses_by_status["304"] = {"description": "The client has this version."}
        problems = [*possible_problems(self.method, self.path), *self.operation.problems]
        for status in sorted({self.view.dialect.status(problem) for problem in problems}):
            description = self.about.error_responses[status]
            component = self.register_component(
                f"Refused{status}", ResolvedComponent.RESPONSE, description
            )
            responses_by_status[str(status)] = component.ref
        return responses_by_status

    def success(self) -> Schema:
        if not self.operation.answers:
            return {"description": "Done."}
        schema = schema_of(self.operation.answers)
        if self.operation.answers == Operation.answers:
            schema = {"type": "object"}
        tag = (
            {"headers": {"ETag": {"schema": {"type": "string"}}}}
            if self.operation.versioned
            else {}
        )
        return {"description": "Done.", "content": in_json(schema), **tag}

    def register_component(self, name: str, kind: str, content: Schema) -> ResolvedComponent:
        component = ResolvedComponent(name=name, type=kind, schema=content, object=name)
        self.registry.register_on_missing(component)
        return component


KEY = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
ETAG = {"type": "string"}


def in_path(name: str) -> Parameter:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def header(name: str, schema: Schema, description: str) -> Parameter:
    return {"name": name, "in": "header", "schema": schema, "description": description}


def sentence_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
