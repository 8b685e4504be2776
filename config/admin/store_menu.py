"""The menu above the navigation: all of a person's stores, or the one that they work in now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from stores.admin.query import whole_number
from stores.admin.tenancy import CHOSEN_STORE, scope_of, whole_scope_of

MAX_SHOWN = 50


def store_menu(request: HttpRequest) -> dict[str, Any] | None:
    """Return the stores to choose from and the present one, or None for people of one store."""
    if not request.user.is_authenticated or not whole_scope_of(request).has_several:
        return None
    stores = list(whole_scope_of(request).stores().order_by("name", "pk")[:MAX_SHOWN])
    ids = scope_of(request).ids
    is_chosen = CHOSEN_STORE in request.session and ids is not None and len(ids) == 1
    current = next((store for store in stores if is_chosen and ids == (store.pk,)), None)
    return {"stores": stores, "current": current} if len(stores) > 1 else None


@require_POST
def choose_store(request: HttpRequest) -> HttpResponse:
    """Work in one store from now on, or in all again. Pages of other stores then answer 404."""
    pk = whole_number(request.POST.get("store", ""))
    store = whole_scope_of(request).stores().filter(pk=pk).first() if pk is not None else None
    if store is None:
        request.session.pop(CHOSEN_STORE, None)
        messages.success(request, "You see all your stores now.")
    else:
        request.session[CHOSEN_STORE] = store.pk
        messages.success(request, f"You see {store} only now.")
    return HttpResponseRedirect(reverse("admin:index"))
