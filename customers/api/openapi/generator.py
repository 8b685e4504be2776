"""Describes a dialect's paths and calls with drf-spectacular."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, is_list_serializer

from customers.api.dialect import Dialect
from customers.api.old_ids import DELETE
from customers.api.openapi import fields  # noqa: F401  (registers itself)
from customers.api.openapi.description import DialectDescription
from customers.api.openapi.error_responses import in_json, possible_problems
from customers.api.openapi.examples import example_of
from customers.api.openapi.inference import schema_of
from customers.api.openapi.operations import Operation, Parameter
from customers.api.openapi.response_headers import (
    ALWAYS,
    OF_KEYS,
    OF_OLD_IDS,
    OF_POSTS,
    OF_VERSIONS,
    references,
)
from customers.api.openapi.schemas import Schema
from customers.api.views import DialectViewSet
from stores.models import Store

VERBS = {"list": "List", "retrieve": "Read", "partial_update": "Change", "update": "Change"}
VERBS |= {"create": "Create", "destroy": "Delete"}
BEARER = "bearer"
ID: Schema = {"type": "string"}
KEY = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
ETAG = {"type": "string"}


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

    @property
    def resource(self) -> str:
        return sentence_case(type(self.view).__name__.removesuffix("ViewSet"))

    def get_tags(self) -> list[str]:
        return [self.about.words.find("tag_names", self.resource) or self.resource]

    def get_operation_id(self) -> str:
        return f"{self.view.action}_{self.resource.lower().replace(' ', '_')}"

    def get_summary(self) -> str:
        action = self.view.action
        verb = VERBS.get(action) or action.replace("_", " ").capitalize()
        return self.about.words.find("summaries", self.get_operation_id()) or verb

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's own signature
        scope = self.view.scopes.get(self.view.action)
        right = f"Needs the scope `{scope}`." if scope else "Any key may do this."
        text = self.about.words.find("operations", self.get_operation_id())
        return f"{text} {right}".strip()

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
            *({**parameter} for parameter in self.operation.query),
            *self.headers(),
        ]

    def headers(self) -> list[Parameter]:
        if self.method == "POST":
            return [header("Idempotency-Key", KEY)]
        if not self.operation.versioned:
            return []
        return [header("If-None-Match" if self.method == "GET" else "If-Match", ETAG)]

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

    def _get_serializer_name(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> str:
        """Return the component of a body: `NewCustomer`, `CustomerChange`, or `AddressInput` inside one."""
        if is_list_serializer(serializer):
            return self._get_serializer_name(serializer.child, direction)
        name: str = type(serializer).__name__.removesuffix("Serializer")
        if name.startswith("New") or name.endswith("Change"):
            return name
        if serializer.parent is not None:
            return f"{name}Input"
        return f"{name}Change" if serializer.partial else f"New{name}"

    def _map_serializer(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Leave out the docstring of the class, which is for programmers of this server."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        schema.pop("description", None)
        optional = getattr(serializer, "optional", ())
        if required := [name for name in schema.pop("required", ()) if name not in optional]:
            schema["required"] = required
        properties = schema.get("properties", {}).items()
        return schema | {"properties": {name: without_blank(field) for name, field in properties}}

    # --- out

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        responses_by_status = {str(self.operation.status): self.success()}
        if self.operation.versioned and self.method == "GET":
            headers = references(ALWAYS, OF_KEYS, OF_VERSIONS)
            unchanged = {"description": "The client has this version.", "headers": headers}
            responses_by_status["304"] = unchanged
        problems = [*possible_problems(self.method, self.path), *self.operation.problems]
        for status in sorted({self.view.dialect.status(problem) for problem in problems}):
            description = self.about.error_responses[status]
            component = self.register_component(
                f"Refused{status}", ResolvedComponent.RESPONSE, description
            )
            responses_by_status[str(status)] = component.ref
        return responses_by_status

    def success(self) -> Schema:
        done = {"description": "Done.", "headers": self.success_headers()}
        if not self.operation.answers:
            return done
        is_described = self.operation.answers != Operation.answers
        schema = schema_of(self.operation.answers) if is_described else {"type": "object"}
        return {**done, "content": in_json(schema)}

    def success_headers(self) -> Schema:
        is_post = self.method == "POST"
        is_tagged = self.operation.versioned and self.method != "DELETE"
        is_tagged = is_tagged or (
            self.view.action == "create" and self.about.shows_versions(self.view)
        )
        return references(
            ALWAYS,
            OF_KEYS,
            OF_VERSIONS if is_tagged else {},
            OF_OLD_IDS if self.takes_old_ids() else {},
            OF_POSTS if is_post else {},
        )

    def takes_old_ids(self) -> bool:
        names_customer = is_of_customer(self.view.dialect, self.path)
        return self.view.action != DELETE and (names_customer or self.operation.name_customer)

    def register_component(self, name: str, kind: str, content: Schema) -> ResolvedComponent:
        component = ResolvedComponent(name=name, type=kind, schema=content, object=name)
        self.registry.register_on_missing(component)
        return component


def without_blank(schema: Schema) -> Schema:
    """Return the first of two alternatives, the second of which is a blank text: null clears a value, too."""
    first = schema.pop("oneOf", [{}])[0]
    return {**first, **schema}


def in_path(name: str) -> Parameter:
    return {"name": name, "in": "path", "required": True, "schema": {**ID}}


def header(name: str, schema: Schema) -> Parameter:
    return {"name": name, "in": "header", "schema": schema}


def is_of_customer(dialect: Dialect, path: str) -> bool:
    """Return whether a described path names one customer, or something below it."""
    customer, described = (
        re.sub("[^/]*{[^}]*}", "{}", text) for text in (dialect.customer_path, path)
    )
    return f"{described}/".startswith(f"{customer}/")


def sentence_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
