"""Follow what another server changed, added and took away of addresses, tags and contacts.

Only what came from there is changed. What was added here stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from customers.imports.drafts.draft import Values
from customers.imports.services.parts import as_item, differs, is_same_person
from customers.imports.services.views import View
from customers.models import Address, Contact, Tag

Pairs = list[
    tuple[Values, Address | None]
]  # an address as it is there now, and the present one that it is


def addresses_of(view: View, was: Sequence[Values], now: Sequence[Values]) -> list[Values]:
    """Return the whole list of delivery addresses: those of the server in its order, then those from here."""
    pairs, gone = paired(view, was, now)
    theirs = [{**with_cleared(item, was), **uid_of(address)} for item, address in pairs]
    taken = [*gone, *(address for _, address in pairs if address)]
    ours: list[Values] = [{"uid": one.uid} for one in view.addresses if one not in taken]
    return [*theirs, *ours]


def paired(view: View, was: Sequence[Values], now: Sequence[Values]) -> tuple[Pairs, list[Address]]:
    """Return what is there now with the present addresses that it means, and the present ones that are gone.

    An address that is the same there means itself. The others follow each other in their order.
    """
    free = list(view.addresses)
    present = [take(free, item) for item in was]
    changed = [(item, one) for item, one in zip(was, present, strict=True) if item not in now]
    former = [one for _, one in changed]
    pairs: Pairs = []
    for item in now:
        if item in was:
            pairs.append((item, present[was.index(item)]))
        else:
            pairs.append((item, former.pop(0) if former else None))
    return pairs, [one for one in former if one is not None]


def take(free: list[Address], item: Values) -> Address | None:
    """Take the address that is as the server told of it out of the list."""
    found = next((one for one in free if not differs(one, as_item(item))), None)
    if found is not None:
        free.remove(found)
    return found


def with_cleared(item: Values, was: Sequence[Values]) -> Values:
    """Return the address with None for what it lacks and others had."""
    names = {name for other in was for name in other}
    return {**dict.fromkeys(names - item.keys()), **item}


def uid_of(address: Address | None) -> Values:
    return {} if address is None else {"uid": address.uid}


def tags_of(view: View, was: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return the tags of the customer without those that are gone there, and with those that are new."""
    kept = {Tag.key_of(name) for name in now}
    gone = {Tag.key_of(name) for name in was} - kept
    names = [name for name in view.tags if Tag.key_of(name) not in gone]
    present = {Tag.key_of(name) for name in names}
    return [*names, *(name for name in now if Tag.key_of(name) not in present)]


def contacts_gone(view: View, was: Sequence[Values], now: Sequence[Values]) -> list[Contact]:
    """Return the contacts that the server told of, and has no more."""
    return [
        contact
        for contact in view.contacts
        if any(is_same_person(contact, item) for item in was)
        and not any(is_same_person(contact, item) for item in now)
    ]
