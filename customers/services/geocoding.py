"""Placing customers' addresses: the geocoder is asked before a transaction, never inside one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from customers.errors import Conflict, Invalid, NotFound
from customers.geocoding import Query
from customers.models import Address
from customers.models.address import GeocodeStatus, Role
from customers.models.customer import CustomerQuerySet
from customers.reads import Row
from customers.services import addresses
from customers.services.address_book import editing_address
from customers.services.editing import Versions, editing
from customers.services.locating import Located, ask
from stores.actors import Actor
from stores.models import Store


def query_of(address: Address) -> Query:
    """What to ask a geocoder about an address."""
    return Query(
        street=address.line1,
        city=address.city,
        state=address.state,
        state_code=address.state_code,
        postcode=address.postcode,
        country=address.country,
        country_code=address.country_code,
        region=address.store.country,
    )


def locate(address: Address, budget: float | None = None) -> Located:
    """Asks where an address is."""
    return Located(addresses.place_of(address), *ask(query_of(address), budget))


def foresee(store: Store, current: Address | None, fields: dict[str, Any]) -> Located | None:
    """Asks where the default address will be once `fields` are merged into it; None if it stays there."""
    address = current or Address(store=store, role=Role.DELIVERY)
    before = addresses.place_of(address)
    addresses.apply(address, fields)
    return None if current and addresses.place_of(address) == before else locate(address)


def foresee_text(store: Store, text: str) -> tuple[dict[str, Any], Located]:
    """An address written in one line: its fields as the geocoder found them, else the line as street."""
    location, answered = ask(Query(text=text, region=store.country))
    fields = dict.fromkeys(("line1", "line2", "city", "state", "postcode", "country"), "")
    if location is None:
        fields["line1"] = text
    else:
        fields |= {
            "line1": location.street,
            "city": location.city,
            "state": location.state_code or location.state,
            "postcode": location.postcode,
            "country": location.country_code or location.country,
        }
    address = Address(store=store, role=Role.DELIVERY)
    addresses.apply(address, fields)
    return fields, Located(addresses.place_of(address), location, answered)


def default_address_of(target: CustomerQuerySet) -> Address | None:
    """The default delivery address of the customer that `target` names. Raises NotFound."""
    customer = target.live().select_related("store").first()
    if customer is None:
        raise NotFound
    return addresses.current_of(customer, Role.DELIVERY)


def foresee_move(
    store: Store, current: Address | None, wanted: dict[str, Any] | str | None
) -> tuple[dict[str, Any], Located]:
    """Asks where the present default address is, or where `wanted` would be; the fields to merge.

    Raises Invalid `required` when there is neither.
    """
    if isinstance(wanted, str):
        return foresee_text(store, wanted)
    if current is None and not wanted:
        raise Invalid("required", "address")
    address = current or Address(store=store, role=Role.DELIVERY)
    addresses.apply(address, wanted or {})
    return wanted or {}, locate(address)


def relocate(
    target: CustomerQuerySet,
    actor: Actor,
    fields: dict[str, Any],
    located: Located,
    *,
    versions: Versions = None,
) -> Row:
    """Merges the fields into the default address, with what the geocoder said of it."""
    with editing(target.live(), actor, versions) as edit:
        addresses.merge(edit, Role.DELIVERY, fields, located)
        edit.save_and_publish()
    return edit.row


def give_up(
    target: CustomerQuerySet,
    actor: Actor,
    current: Address | None,
    wanted: Any,
    located: Located,
    *,
    versions: Versions = None,
) -> None:
    """Raises Invalid `not_placed`. A present address that nobody knows is marked; one that was only
    wanted is not stored."""
    if wanted is None and current is not None:
        relocate(target, actor, {}, located, versions=versions)
    text = wanted if isinstance(wanted, str) else str(current or "")
    raise Invalid("not_placed", "address", text=text)


# --- all that wait


def waiting(store: Store | None, *, failed: bool) -> QuerySet[Address]:
    """Live customers' delivery addresses that nobody asked about yet, or those that were not found.

    In the order of their ids, with their stores; those of every store for None.
    """
    status = GeocodeStatus.FAILED if failed else ""
    rows = Address.objects.for_store(store).filter(role=Role.DELIVERY, geocode_status=status)
    return rows.filter(customer__deleted_at=None).select_related("store").order_by("id")


def place(address: Address, actor: Actor, *, budget: float | None = None) -> bool:
    """Asks where a saved address is and keeps the answer; whether it was found.

    Raises NotFound when it has gone meanwhile, and Conflict `geocoder_silent` when the geocoder does not
    answer; then nothing is kept, so that the address goes on waiting.
    """
    located = locate(address, budget)
    if not located.answered:
        raise Conflict("geocoder_silent")
    own = address.as_queryset()
    with editing_address(own, actor, {}) as (edit, current):
        addresses.change(edit, current, {}, located)
    return located.location is not None
