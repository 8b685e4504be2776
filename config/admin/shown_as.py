"""Show staff a customer as a dialect does: the dialect answers a request in their name."""

from __future__ import annotations

import json

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from customers.api.dialect import Dialect
from customers.dialects import registered_dialects, serve
from customers.models import Customer
from stores.actors import Actor
from stores.admin.tenancy import narrowed
from stores.models import ApiKey
from stores.scopes import SCOPES

FROM_OUTSIDE = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "REMOTE_ADDR")


def shown_as(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    if not request.user.has_perm("customers.view_customer"):
        raise PermissionDenied
    dialect = next((dialect for dialect in registered_dialects() if dialect.name == name), None)
    if dialect is None:
        raise Http404
    customers = Customer.objects.live().select_related("store")
    customer = get_object_or_404(narrowed(customers, request), pk=pk)
    answer = ask(request, dialect, customer)
    context = {
        **admin.site.each_context(request),
        "title": f"{customer} as {dialect.title} clients see it",
        "customer": customer,
        "path": dialect.customer_path.format(customer=customer),
        "body": json.dumps(json.loads(answer.content), indent=2, ensure_ascii=False),
    }
    return TemplateResponse(request, "admin/shown_as.html", context)


def ask(request: HttpRequest, dialect: Dialect, customer: Customer) -> HttpResponse:
    """Return the dialect's answer to a GET of the customer, by a key with every scope."""
    inner = HttpRequest()
    inner.method = "GET"
    inner.path = inner.path_info = dialect.customer_path.format(customer=customer)
    inner.META = {name: request.META[name] for name in FROM_OUTSIDE if name in request.META}
    # REST framework takes these as the authenticated user and key; this key is never saved
    inner._force_auth_user = Actor.staff(request.user)  # type: ignore[attr-defined]
    inner._force_auth_token = ApiKey(store=customer.store, scopes=list(SCOPES))  # type: ignore[attr-defined]
    with transaction.atomic():  # a replica might not have the last change yet
        return serve(dialect, inner)
