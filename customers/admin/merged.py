"""Lead from the pages of a merged customer to those of its survivor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from customers.models import Customer
from stores.admin.base import ScopedAdmin
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of

CHANGE = "admin:customers_customer_change"
HISTORY = "admin:customers_customer_history"


class SurvivorPages(ScopedAdmin):
    """Mixed into the pages of customers."""

    def missing_row(self, request: HttpRequest, object_id: str, page: str) -> HttpResponseBase:
        survivor = find_survivor(request, object_id)
        if survivor is None or not self.has_view_or_change_permission(request):
            return super().missing_row(request, object_id, page)
        # A form of the merged customer was sent: the survivor may be another one than staff had in mind.
        is_form = request.method == "POST"
        text = f"The customer was merged into {survivor}, which is shown here."
        text = f"Nothing was changed. {text}" if is_form else text
        self.message_user(request, text, messages.WARNING if is_form else messages.INFO)
        url = reverse(CHANGE if is_form else page, args=[survivor.pk])
        query = "" if is_form else request.GET.urlencode()
        return HttpResponseRedirect(f"{url}?{query}" if query else url)


def find_survivor(request: HttpRequest, object_id: str) -> Customer | None:
    """Return the survivor of the customer with this number, in one of the user's stores."""
    number = whole_number(object_id)
    if number is None:
        return None
    rows = scope_of(request).narrow(Customer.objects.filter(pk=number))
    merged = rows.select_related("merged_into").first()
    return merged.merged_into if merged else None
