"""Old ids: the id of a customer who was merged into another one goes on working, for that other one.

Ids in a path are looked up only after a request has found no customer, so that other requests cost nothing.
Bodies hand their ids to services, which do the same. The answer names the survivor in `Content-Location`.
DELETE is left out: the client means the duplicate only.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from customers.models import Customer
from stores.errors import Stale
from stores.models.base import parse_uid

if TYPE_CHECKING:
    from customers.api.dialect import Dialect
    from customers.api.views import DialectViewSet

DELETE = "destroy"
PRIMARY_KEY = re.compile(r"[1-9][0-9]{0,17}")


def act_on_survivor(
    view: DialectViewSet, handler: Callable[..., HttpResponse]
) -> HttpResponse | None:
    """Run an action that found nothing again, with the survivor of the merged customer that the path names.

    Return None when the path names no merged customer. Raises Stale for an `If-Match`: ETags are versions, and
    those of two customers look alike.
    """
    if view.action == DELETE:
        return None
    if (current := view.current_id()) is not None:
        return handler(view.request, *view.args, **view.kwargs | {"pk": current})
    key = customer_key(view.dialect, view.kwargs.get("pk"))
    if key is None:
        return None
    target = Customer.objects.for_store(view.store).filter(**key)
    survivor = target.survivor().live().select_related("store").first()
    if survivor is None:
        return None
    if view.request.method not in ("GET", "HEAD"):
        if view.versions is not None:
            raise Stale(survivor.version)
        view.asked_as = next(iter(target.column("uid")), None)
    view.survivor_path = view.dialect.customer_path.format(customer=survivor)
    path_id = view.survivor_path.rpartition("/")[2]
    return handler(view.request, *view.args, **view.kwargs | {"pk": path_id})


def note_owner(view: DialectViewSet, named: uuid.UUID, owner: uuid.UUID) -> None:
    """Name the owner of what was created in the answer, when the body named it by an old id."""
    if owner != named:
        survivor = Customer(store=view.store, uid=owner)
        view.survivor_path = view.dialect.customer_path.format(customer=survivor)


def customer_key(dialect: Dialect, text: str | None) -> dict[str, Any] | None:
    """Return what a path's id is in the book, `uid` or `pk`, or None for a malformed one."""
    prefix, _, attribute = dialect.customer_path.rpartition("/")[2].partition("{customer.")
    if attribute == "pk}":
        return {"pk": int(text)} if text and PRIMARY_KEY.fullmatch(text) else None
    uid = parse_uid(text, prefix)
    return None if uid is None else {"uid": uid}
