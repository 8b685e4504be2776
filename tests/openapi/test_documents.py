"""Every dialect has a valid OpenAPI document generated from its views, and a page."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from drf_spectacular.validation import validate_schema

from customers import dialects
from customers.api.openapi.document import document

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
            assert schema.get("properties"), f"{method} {path} has no shape"


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
    customer = answer["content"]["application/json"]["schema"]["properties"]["customer"]
    assert "customer_labels" in customer["properties"]
    assert "customer_labels" not in customer["required"]
    assert customer["properties"]["mobile"] == {"type": "string", "nullable": True}
    assert not customer["properties"]["settings"].get("nullable")
    place = customer["properties"]["delivery_address"]["items"]
    assert "external_id" not in place["required"]
    assert place["properties"]["external_id"] == {"type": "string", "nullable": True}


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


def test_enums_have_values_of_one_type(name):
    kinds = {"string": str, "integer": int, "boolean": bool}
    for schema in schemas(document(PACKAGES[name])):
        if isinstance(schema.get("enum"), list):
            assert {type(value) for value in schema["enum"]} - {type(None)} == {
                kinds[schema["type"]]
            }
            assert (None in schema["enum"]) == schema.get("nullable", False)


def test_nullable_schemas_have_a_type(name):
    nullable = [one for one in schemas(document(PACKAGES[name])) if one.get("nullable") is True]
    assert nullable
    assert all("type" in one for one in nullable)


def test_new_dialect_gets_a_document():
    spec = document(TOY)
    assert set(spec["paths"]) == {"/toy/people", "/toy/people/{id}"}
    refused = spec["components"]["responses"]["Refused404"]["content"]["application/json"]
    assert refused["schema"]["required"] == ["oops"]


# --- pages


def test_index_links_every_dialect(client):
    page = client.get("/docs/").content.decode()
    for name in PACKAGES:
        assert f'href="/docs/{name}/"' in page
        assert f'href="/docs/{name}/openapi.json"' in page


def test_page_obeys_the_content_security_policy(client, name):
    answer = client.get(f"/docs/{name}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'"/docs/{name}/openapi.json"' in page
    assert "//" not in page.replace("<!doctype", "")
    nonce = re.search(r'<script nonce="([^"]+)">', page)[1]
    assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert len(files) == 3
    assert all(finders.find(file) for file in files)


@pytest.mark.parametrize("path", ["/docs/nobody/", "/docs/nobody/openapi.json"])
def test_unknown_dialect_has_no_page(client, path):
    assert client.get(path).status_code == 404
