"""Every dialect has a valid OpenAPI document generated from its views, and a page."""

from __future__ import annotations

import re
import tomllib

import pytest
from django.utils import timezone
from drf_spectacular.validation import validate_schema

from config.bootstrap import ROOT
from customers import dialects
from customers.api.openapi.document import document
from customers.api.openapi.words import read_sections
from stores.models.event_types import SUBSCRIPTIONS, TEST_EVENT, WILDCARDS
from stores.webhooks.signing import signed_headers

PACKAGES = {package.rpartition(".")[2]: package for package in dialects.DIALECTS}
TOY = "tests.conformance.toy"


@pytest.fixture(params=PACKAGES)
def name(request) -> str:
    return request.param


def operations(spec):
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.mark.parametrize("package", [*PACKAGES.values(), TOY])
def test_document_is_valid_openapi(package):
    validate_schema(document(package))


def test_document_is_served_as_json(client, name):
    answer = client.get(f"/docs/{name}/openapi.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == document(PACKAGES[name])


def test_document_has_every_action_of_every_viewset(name):
    """A path prefix such as /v5 is a server of the document, not a second set of paths."""
    spec = document(PACKAGES[name])
    resolver = dialects.resolver_of(
        next(d for d in dialects.registered_dialects() if d.name == name)
    )
    shown = set()
    for path, method, _ in operations(spec):
        callback = resolver.resolve(re.sub(r"{\w+}", "x", path)).func
        shown.add((callback.cls, callback.actions[method]))
    routed = set()
    for pattern in resolver.url_patterns:
        viewset = getattr(pattern.callback, "cls", None)
        if viewset:
            methods = {k: v for k, v in pattern.callback.actions.items() if k != "head"}
            routed |= {(viewset, action) for action in methods.values()}
    assert shown == routed


def test_every_response_body_has_a_schema(name):
    spec = document(PACKAGES[name])
    for path, method, operation in operations(spec):
        done = next(answer for status, answer in operation["responses"].items() if status < "300")
        if "content" in done:
            schema = done["content"]["application/json"]["schema"]
            assert target(spec, schema).get("properties"), f"{method} {path} has no shape"


def test_every_request_body_has_a_schema(name):
    """Calls without a body are listed here; a new call needs a schema or an entry."""
    nothing = {"credit_check_customer", "restore_customer", "rotate_webhook", "redeliver_delivery"}
    nothing |= {"test_webhook"}
    spec = document(PACKAGES[name])
    without = {
        operation["operationId"]
        for _, method, operation in operations(spec)
        if method in ("post", "put", "patch") and "requestBody" not in operation
    }
    assert without <= nothing


def test_operation_ids_are_unique(name):
    ids = [operation["operationId"] for _, _, operation in operations(document(PACKAGES[name]))]
    assert len(ids) == len(set(ids))


def test_document_names_the_scope_of_a_call():
    spec = document(PACKAGES["storefront"])
    delete = spec["paths"]["/stores/{store_id}/customers/{id}"]["delete"]
    assert "customers:delete" in delete["description"]


def test_optional_and_nullable_keys_are_marked():
    spec = document(PACKAGES["manufacturing"])
    answer = spec["paths"]["/api/admin/customers/{id}"]["get"]["responses"]["200"]
    body = target(spec, answer["content"]["application/json"]["schema"])
    customer = target(spec, body["properties"]["customer"])
    assert "customer_labels" in customer["properties"]
    assert "customer_labels" not in customer["required"]
    assert customer["properties"]["mobile"]["type"] == ["string", "null"]
    assert customer["properties"]["settings"]["$ref"] == "#/components/schemas/Settings"
    assert may_be_null(customer["properties"]["contact_address"])
    place = target(spec, customer["properties"]["delivery_address"]["items"])
    assert "external_id" not in place["required"]
    assert may_be_null(place["properties"]["external_id"])


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("bakery", "/api/v1/customers"),
        ("storefront", "/stores/{store_id}/customers"),
        ("storefront", "/stores/{store_id}/orders"),
        ("erp", "/api/customers"),
    ],
)
def test_searchable_lists_document_the_parameter(name, path):
    parameters = document(PACKAGES[name])["paths"][path]["get"]["parameters"]
    assert "search" in [parameter["name"] for parameter in parameters]


def schemas(part):
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, dict | list):
            yield from schemas(inner)


def may_be_null(schema) -> bool:
    return "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())


def target(spec, schema):
    """Return the component that a schema refers to, or the schema."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return spec["components"]["schemas"][name] if name else schema


def test_enums_have_texts_only(name):
    for schema in schemas(document(PACKAGES[name])):
        if isinstance(schema.get("enum"), list):
            assert schema["type"] == "string"
            assert {type(value) for value in schema["enum"]} == {str}


def shown(name):
    """Yield the components that only answers have."""
    spec = document(PACKAGES[name])
    for component, schema in spec["components"]["schemas"].items():
        if not component.startswith("New") and not component.endswith(("Change", "Input")):
            yield component, schema


def test_answers_are_open_for_new_keys_and_values(name):
    for component, schema in shown(name):
        for part in schemas(schema):
            assert part.get("additionalProperties") is not False, component
            assert "enum" not in part, component


def test_numbers_have_the_widest_format(name):
    for part in schemas(document(PACKAGES[name])):
        kinds = [part["type"]] if isinstance(part.get("type"), str) else part.get("type") or []
        if "integer" in kinds:
            assert part["format"] == "int64"
        if "number" in kinds:
            assert part["format"] == "double"


def test_codes_of_errors_are_listed():
    spec = document(PACKAGES["storefront"])
    error = spec["components"]["schemas"]["Error"]
    codes = error["properties"]["code"]["x-extensible-enum"]
    assert {"VALIDATION_ERROR", "INVALID_JSON", "RATE_LIMITED", "INVALID_HOST"} <= set(codes)


def test_webhooks_have_tags_of_their_own():
    """Some generators write a class for each tag, of paths and of webhooks apart, into one file."""
    spec = document(PACKAGES["storefront"])
    sent = {tag for path in spec["webhooks"].values() for tag in path["post"]["tags"]}
    called = {tag for _, _, operation in operations(spec) for tag in operation["tags"]}
    assert sent
    assert sent.isdisjoint(called)


def test_everything_is_described(name):
    spec = document(PACKAGES[name])
    assert all(tag["description"] for tag in spec["tags"])
    for path, method, operation in operations(spec):
        assert not operation["description"].startswith(("Needs", "Any")), f"{method} {path}"
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], f"{method} {path} {parameter['name']}"
    for component, schema in spec["components"]["schemas"].items():
        for part in schemas(schema):
            for field, inner in part.get("properties", {}).items():
                assert inner.get("description"), f"{component}: {field}"


def test_every_word_describes_something(name):
    """A field that is gone takes its words with it."""
    spec, used = document(PACKAGES[name]), set()
    for schema in [spec, *schemas(spec)]:
        text = schema.get("description")
        used |= {text} if isinstance(text, str) else set()
    for section, texts in read_sections(PACKAGES[name]).items():
        if section in ("fields", "parameters", "components", "tags"):
            assert set(texts.values()) <= used, section


def test_defaults_mean_what_leaving_out_means(name):
    """Generated clients send defaults, so none may win over another parameter."""
    for _, _, operation in operations(document(PACKAGES[name])):
        for parameter in operation.get("parameters", ()):
            assert parameter["name"] != "offset" or "default" not in parameter["schema"]


def test_version_is_the_release(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert document(PACKAGES[name])["info"]["version"] == project["version"]


def test_webhooks_are_described():
    spec = document(PACKAGES["storefront"])
    assert set(spec["webhooks"]) == {*SUBSCRIPTIONS, TEST_EVENT} - {*WILDCARDS, "*"}
    assert spec["components"]["schemas"]["CustomerWebhook"]["properties"]["data"]


def test_webhooks_name_the_headers_that_are_sent():
    signed = signed_headers("1", b"{}", [b"secret"], timezone.now())
    for webhook in document(PACKAGES["storefront"])["webhooks"].values():
        assert {header["name"] for header in webhook["post"]["parameters"]} == set(signed)


@pytest.mark.parametrize("remainder", ["ErasedCustomer", "ExpiredCustomer"])
@pytest.mark.parametrize("component", ["Event", "CustomerWebhook"])
def test_erased_customer_is_described(component, remainder):
    schema = document(PACKAGES["storefront"])["components"]["schemas"][component]
    erased = {"$ref": f"#/components/schemas/{remainder}"}
    assert erased in schema["properties"]["data"]["anyOf"]


def test_test_event_cannot_be_subscribed_to():
    spec = document(PACKAGES["storefront"])
    test = spec["webhooks"][TEST_EVENT]["post"]
    assert "No endpoint can subscribe to it." in test["description"]
    message = spec["components"]["schemas"]["TestData"]["properties"]["message"]
    assert message["description"] == "A sentence that says that this is a test."


@pytest.mark.parametrize(
    ("name", "path", "methods"),
    [
        ("bakery", "/api/v1/customers/{id}", {"get", "patch"}),
        ("erp", "/api/customers/{id}/contacts/{contact_id}", {"put", "delete"}),
        ("manufacturing", "/api/admin/customers/{id}", {"get", "put"}),
        ("pos", "/customers/{id}", {"get", "put"}),
        ("pos", "/addresses", {"post"}),
        ("pos", "/tags", set()),
        ("pos", "/loyalty_transactions", {"post"}),
        ("storefront", "/stores/{store_id}/customers/{id}", {"get", "put", "patch"}),
        ("storefront", "/stores/{store_id}/orders", {"post"}),
        ("storefront", "/stores/{store_id}/orders/{id}", set()),
    ],
)
def test_calls_that_take_old_ids_name_the_header(name, path, methods):
    calls = document(PACKAGES[name])["paths"][path]
    named = {
        method
        for method, call in calls.items()
        for status, response in call["responses"].items()
        if status.startswith("2") and "Content-Location" in response["headers"]
    }
    assert named == methods


def test_responses_name_their_headers():
    spec = document(PACKAGES["erp"])
    created = spec["paths"]["/api/customers"]["post"]["responses"]["201"]["headers"]
    assert {"ETag", "X-Request-Id", "X-RateLimit-Remaining", "Idempotency-Replayed"} <= set(created)
    assert "Content-Location" not in created
    limited = spec["components"]["responses"]["Refused429"]["headers"]
    assert {"Retry-After", "X-RateLimit-Reset"} <= set(limited)


@pytest.mark.parametrize(
    ("name", "component", "field"),
    [
        ("pos", "AddressZone", "reference"),
        ("pos", "CustomerChange", "phone"),
        ("bakery", "CustomerChange", "contact"),
        ("storefront", "NewEndpoint", "secret"),
    ],
)
def test_what_may_be_null_says_so(name, component, field):
    schema = document(PACKAGES[name])["components"]["schemas"][component]
    assert may_be_null(schema["properties"][field])


@pytest.mark.parametrize("component", ["NewEndpoint", "EndpointChange"])
@pytest.mark.parametrize("field", ["url", "events"])
def test_what_null_is_refused_for_says_so(component, field):
    schema = document(PACKAGES["storefront"])["components"]["schemas"][component]
    assert not may_be_null(schema["properties"][field])


def test_contact_address_may_be_left_out():
    schema = document(PACKAGES["manufacturing"])["components"]["schemas"]["NewCustomer"]
    assert "contact_address" not in schema["required"]


def test_new_dialect_gets_a_document():
    spec = document(TOY)
    assert set(spec["paths"]) == {"/toy/people", "/toy/people/{id}"}
    refused = spec["components"]["responses"]["Refused404"]["content"]["application/json"]
    assert target(spec, refused["schema"])["required"] == ["oops"]
