"""Lead from the page of a merged customer to that of its survivor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from customers.models import Customer
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of


def find_survivor(request: HttpRequest, object_id: str) -> Customer | None:
    """Return the survivor of the customer with this number, in one of the user's stores."""
    number = whole_number(object_id)
    if number is None:
        return None
    rows = scope_of(request).narrow(Customer.objects.filter(pk=number))
    merged = rows.select_related("merged_into").first()
    return merged.merged_into if merged else None


def redirect_to(page: Any, request: HttpRequest, survivor: Customer) -> HttpResponseBase:
    text = f"The customer was merged into {survivor}, which is shown here."
    page.message_user(request, text, messages.INFO)
    return HttpResponseRedirect(page.page_of(survivor))
