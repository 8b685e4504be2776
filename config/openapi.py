"""`/docs/`: the dialects' OpenAPI documents with Swagger UI. No file comes from another host."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, path
from django.views.decorators.http import require_safe

from customers.dialects import packages, registered_dialects


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/index.html", {"dialects": registered_dialects()})


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    dialect = next((dialect for dialect in registered_dialects() if dialect.name == name), None)
    if dialect is None:
        raise Http404
    return render(request, "docs/dialect.html", {"dialect": dialect})


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse:
    # imported here: drf-spectacular takes a moment to import, and few servers are asked for a document
    from customers.api.openapi.document import document as document_of

    if name not in packages():
        raise Http404
    content = orjson.dumps(under_prefix(document_of(packages()[name])), option=orjson.OPT_INDENT_2)
    return HttpResponse(content, "application/json")


def under_prefix(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose servers are below the path that a proxy shows this server under."""
    prefix = get_script_prefix().rstrip("/")
    if not prefix:
        return spec
    servers = [{**server, "url": prefix + server["url"].rstrip("/")} for server in spec["servers"]]
    return {**spec, "servers": servers}


urlpatterns = [
    path("docs", index),
    path("docs/", index, name="docs"),
    path("docs/<slug:name>", page),
    path("docs/<slug:name>/", page, name="swagger"),
    path("docs/<slug:name>/openapi.json", document, name="openapi"),
]
