"""`/docs/`: the manual of the APIs, their OpenAPI documents with Swagger UI, and Postman collections.

No file comes from another host.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, path
from django.views.decorators.http import require_safe

from config.durations import duration, in_words
from customers.api.auth import rate
from customers.dialects import packages, registered_dialects

SECTIONS = {
    "about": "What this is",
    "authentication": "Authentication",
    "requests": "Requests and answers",
    "errors": "Errors",
    "retries": "Retries and limits",
    "webhooks": "Webhooks",
    "events": "The feed of events",
    "clients": "Generated clients",
    "changes": "Changes",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    requests, seconds = rate(settings.RATE_LIMIT)
    context = {
        "dialects": [(one, one.sample.partition("?")[0]) for one in registered_dialects()],
        "sections": SECTIONS.items(),
        "server": server(request),
        "rate_limit": f"{requests} requests in {duration(seconds)}",
        "schedule": in_words([duration(delay) for delay in settings.WEBHOOK_RETRY_SCHEDULE]),
    }
    return render(request, "docs/index.html", context)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    dialect = next((dialect for dialect in registered_dialects() if dialect.name == name), None)
    if dialect is None:
        raise Http404
    return render(request, "docs/dialect.html", {"dialect": dialect})


@require_safe
def document(request: HttpRequest, name: str) -> HttpResponse:
    spec = under_prefix(document_of(name))
    return HttpResponse(orjson.dumps(spec, option=orjson.OPT_INDENT_2), "application/json")


@require_safe
def postman(request: HttpRequest, name: str) -> HttpResponse:
    from customers.api.openapi.postman import collection

    content = orjson.dumps(collection(document_of(name), server(request)))
    disposition = f'attachment; filename="clientele-{name}.postman_collection.json"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(content, "application/json", headers=headers)


def document_of(name: str) -> dict[str, Any]:
    # imported here: drf-spectacular takes a moment to import, and few servers are asked for a document
    from customers.api.openapi.document import document

    if name not in packages():
        raise Http404
    return document(packages()[name])


def server(request: HttpRequest) -> str:
    """Return the address of this server, with the path that a proxy shows it under."""
    return request.build_absolute_uri(get_script_prefix()).rstrip("/")


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
    path("docs/<slug:name>/postman.json", postman, name="postman"),
]
