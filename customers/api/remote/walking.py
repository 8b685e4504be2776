"""Walk the list of another server so that nobody is lost when it changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import orjson

from customers.api.client import DialectClient, Get, Json, Page
from customers.api.remote.server import Gone, RemoteError

PASSES = 3  # over the list, while it has more customers than were seen
MOST_PAGES = 50_000
TRIES = 3  # for a page that is the one before
REPEATS = "The server shows some customers twice and others never. Run this again to go on."
ENDLESS = "The list of the server has no end."
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
    """Yield the customers that are not in `seen`, page by page, and add them to it. Raises RemoteError.

    Rows move from page to page when others are deleted or inserted. So the list is walked again as long as it
    tells of more customers than were seen, or repeats pages.
    """
    for _ in range(PASSES):
        once = Pass(client, get, path)
        for customers, following in once.pages(parameters):
            with expecting_dialect():
                new = [customer for customer in customers if str(customer["id"]) not in seen]
            seen.update(str(customer["id"]) for customer in new)
            whole = [complete(client, get, path, customer) for customer in new]
            yield [customer for customer in whole if customer is not None], following
        if once.is_whole and len(seen) >= once.total:
            return
        parameters = client.first
    if not once.is_whole:
        raise RemoteError(REPEATS)


class Pass:
    """One walk from page to page. Afterwards `total` is the highest that was told."""

    def __init__(self, client: DialectClient, get: Get, path: str) -> None:
        self._client, self._get, self._path = client, get, path
        self._asked: set[bytes] = set()
        self._before: list[str] = []  # the ids of the page before
        self.total = 0
        self.is_whole = True

    def pages(self, parameters: Json) -> Iterator[Found]:
        """Yield the customers of each page, with the parameters of the next one, or else of this one."""
        following: Json | None = parameters
        is_told = True
        while following is not None and self._is_new(following):
            page = self._page(following, is_told=is_told)
            if page is None:
                return
            yield page.customers, page.following or following
            following, is_told = page.following, page.is_told

    def _is_new(self, parameters: Json) -> bool:
        """Return False for a list that leads back to itself. Raises RemoteError for one that has no end."""
        key = orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS)
        if len(self._asked) > MOST_PAGES:
            raise RemoteError(ENDLESS)
        self.is_whole = key not in self._asked
        self._asked.add(key)
        return self.is_whole

    def _page(self, parameters: Json, *, is_told: bool) -> Page | None:
        """Return a page; None for an empty one, and for one that is always the page before."""
        for _ in range(TRIES):
            try:
                answer = self._get(self._path, parameters)
            except Gone:
                if is_told:
                    raise
                return None
            with expecting_dialect():
                page = self._client.page(answer, parameters)
                ids = [str(customer["id"]) for customer in page.customers]
                self.total = max(self.total, page.total or 0)
            if not ids:
                return None
            if ids != self._before:
                self._before = ids
                return page
        self.is_whole = False
        return None


def complete(client: DialectClient, get: Get, path: str, customer: Json) -> Json | None:
    """Return the whole customer, where the list leaves fields out; None for one that was deleted meanwhile."""
    if client.single is None:
        return customer
    single: Callable[[Json], Json] = client.single
    try:
        with expecting_dialect():
            return single(get(f"{path}/{quote(str(customer['id']))}", {}))
    except Gone:
        return None
