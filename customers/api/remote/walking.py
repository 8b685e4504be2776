"""Walk the list of another server so that nobody is lost when it changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import orjson

from customers.api.client import DialectClient, Get, Json
from customers.api.remote.server import RemoteError

PASSES = 3  # over the list, while it has more customers than were seen
MOST_PAGES = 50_000
Found = tuple[list[Json], Json]  # new customers of a page, and where the walk is after it


def collection_of(client: DialectClient, get: Get) -> str:
    """Return the path of the list. It may name the store: the only one that the key may enter."""
    if not client.stores:
        return client.collection
    with expecting_dialect():
        stores = [quote(store["id"]) for store in get(client.stores, {})["items"]]
    if len(stores) != 1:
        raise RemoteError("The key may enter several stores there. Use the key of one store.")
    return client.collection.replace("{store}", stores[0])


@contextmanager
def expecting_dialect() -> Iterator[None]:
    """Refuse an answer that lacks what this dialect's answers have. Raises RemoteError."""
    try:
        yield
    except (KeyError, TypeError) as error:
        raise RemoteError("The server does not answer as this dialect does.") from error


def walk(
    client: DialectClient, get: Get, path: str, seen: set[str], parameters: Json
) -> Iterator[Found]:
    """Yield the customers that are not in `seen`, page by page, and add them to it.

    Rows move from page to page when others are deleted or inserted. So the list is walked again as long as it
    tells of more customers than were seen.
    """
    for _ in range(PASSES):
        total = 0
        for customers, following, told in one_pass(client, get, path, parameters):
            with expecting_dialect():
                total = max(total, told)
                new = [customer for customer in customers if str(customer["id"]) not in seen]
            seen.update(str(customer["id"]) for customer in new)
            yield [complete(client, get, path, customer) for customer in new], following
        if len(seen) >= total:
            return
        parameters = client.first


def one_pass(
    client: DialectClient, get: Get, path: str, parameters: Json
) -> Iterator[tuple[list[Json], Json, int]]:
    """Yield the pages once, each with the parameters of the next one and the total that it tells."""
    asked: set[bytes] = set()
    following: Json | None = parameters
    while following is not None:
        key = orjson.dumps(following, option=orjson.OPT_SORT_KEYS)
        if key in asked or len(asked) > MOST_PAGES:  # a list that leads back to itself
            return
        asked.add(key)
        with expecting_dialect():
            page = client.page(get(path, following), following)
        yield page.customers, page.following or following, page.total or 0
        following = page.following


def complete(client: DialectClient, get: Get, path: str, customer: Json) -> Json:
    """Return the whole customer, where the list leaves fields out."""
    if client.single is None:
        return customer
    single: Callable[[Json], Json] = client.single
    with expecting_dialect():
        return single(get(f"{path}/{quote(str(customer['id']))}", {}))
