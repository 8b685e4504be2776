"""Placing customers' addresses: the geocoder is asked before a transaction, never inside one."""

from __future__ import annotations

from typing import Any

from customers.errors import Invalid, NotFound
from customers.geocoding import Query
from customers.models import Address
from customers.models.address import Role
from customers.models.customer import CustomerQuerySet
from customers.reads import Row
from customers.services import addresses
from customers.services.editing import editing
from customers.services.locating import Located, ask
from stores.actors import Actor
from stores.models import Store


def locate(address: Address) -> Located:
    """Asks where an address is."""
    query = Query(
        street=address.line1,
        city=address.city,
        state=address.state,
        state_code=address.state_code,
        postcode=address.postcode,
        country=address.country,
        country_code=address.country_code,
        region=address.store.country,
    )
    return Located(addresses.place_of(address), ask(query))


def foresee(store: Store, current: Address | None, fields: dict[str, Any]) -> Located | None:
    """Asks where the default address will be once `fields` are merged into it; None if it stays there."""
    address = current or Address(store=store, role=Role.DELIVERY)
    before = addresses.place_of(address)
    addresses.apply(address, fields)
    return None if current and addresses.place_of(address) == before else locate(address)


def foresee_text(store: Store, text: str) -> tuple[dict[str, Any], Located]:
    """An address written in one line: its fields as the geocoder found them, else the line as street."""
    location = ask(Query(text=text, region=store.country))
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
    return fields, Located(addresses.place_of(address), location)


def default_address_of(target: CustomerQuerySet) -> Address | None:
    """The default delivery address of the customer that `target` names. Raises NotFound."""
    customer = target.live().select_related("store").first()
    if customer is None:
        raise NotFound
    return addresses.current_of(customer, Role.DELIVERY)


def geocode_default(target: CustomerQuerySet, actor: Actor) -> Row:
    """Places the default address anew. Raises Invalid `required` without one, `not_placed` in vain."""
    address = default_address_of(target)
    if address is None:
        raise Invalid("required", "address")
    located = locate(address)
    row = _save(target, actor, {}, located)
    if located.location is None:
        raise Invalid("not_placed", "address", text=address.formatted)
    return row


def geocode_anew(target: CustomerQuerySet, actor: Actor, text: str) -> Row:
    """Moves the default address to where `text` is. Raises Invalid `not_placed`, and nothing is stored."""
    if not target.live().exists():
        raise NotFound
    customer = target.select_related("store").get()
    fields, located = foresee_text(customer.store, text)
    if located.location is None:
        raise Invalid("not_placed", "address", text=text)
    return _save(target, actor, fields, located)


def _save(target: CustomerQuerySet, actor: Actor, fields: dict[str, Any], located: Located) -> Row:
    with editing(target.live(), actor) as edit:
        addresses.merge(edit, Role.DELIVERY, fields, located)
        edit.finish()
    return edit.row
