"""Where is this address? One function over the provider that the settings name."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict
from importlib import import_module
from typing import Any, cast

from django.conf import settings

from customers.geocoding.breaker import breaker_of
from customers.geocoding.providers import Provider
from customers.geocoding.terms import Location, NotPlaced, Query
from stores.cache import cache_get, cache_set

logger = logging.getLogger(__name__)

CACHE_SECONDS = 30 * 24 * 3600  # the longest that Google's terms let coordinates be kept in a cache
NOT_FOUND_CACHE_SECONDS = 3600
MAX_LINE_LENGTH = 1000  # characters; no address is longer, and a URL can be too long for a server
NOT_FOUND: dict[str, Any] = {}  # what the cache keeps for an address that nobody knows
# A thread wakes up a little after its timeout, and reading the answer takes a moment too.
SHARE_OF_BUDGET = 0.95


def geocode(query: Query, *, budget: float | None = None) -> Location:
    """Place an address within `budget` seconds (default: the setting), whatever the provider does.

    Raises NotPlaced and nothing else. Makes an HTTP call with some providers: never call it inside
    a transaction.
    """
    if not askable(query.line):
        raise NotPlaced("not_found")
    if settings.GEOCODER == "offline":
        return ask(query, 0)
    seconds = (settings.GEOCODER_BUDGET if budget is None else budget) * SHARE_OF_BUDGET
    return cached_location(query) or ask_with_breaker(query, seconds)


def seconds_between_requests() -> float:
    """The pause a bulk job makes between two addresses. None is due to a server of one's own."""
    if settings.GEOCODER_DOMAIN:
        return 0.0
    return provider().SECONDS_BETWEEN_REQUESTS


def provider() -> Provider:
    # Imported at its first use: importing geopy takes 0.25 s, and most processes never need it.
    module = import_module(f"customers.geocoding.providers.{settings.GEOCODER}")
    return cast(Provider, module)


def askable(line: str) -> bool:
    """Whether a line can be sent at all: some text, of sane length, without lone surrogates."""
    return (
        bool(line.strip())
        and len(line) <= MAX_LINE_LENGTH
        and line.encode("utf-8", "ignore").decode() == line
    )


def ask(query: Query, seconds: float) -> Location:
    try:
        found = provider().locate(query, seconds)
    except Exception as error:
        # Only the type is logged: a message may hold the URL, and the URL the key and the address.
        logger.warning("geocoder %s is unavailable: %s", settings.GEOCODER, type(error).__name__)
        raise NotPlaced("unavailable") from error
    if found is None:
        raise NotPlaced("not_found")
    return found


def ask_with_breaker(query: Query, seconds: float) -> Location:
    """Ask through the circuit breaker, and remember the answer."""
    breaker = breaker_of(settings.GEOCODER, settings.GEOCODER_DOMAIN or "")
    if not breaker.allows():
        raise NotPlaced("unavailable")
    try:
        found = ask(query, seconds)
    except NotPlaced as refusal:
        if refusal.reason == "unavailable":
            breaker.failed()
        else:
            breaker.succeeded()
            cache_location(query, None)
        raise
    breaker.succeeded()
    cache_location(query, found)
    return found


def cache_key(query: Query) -> str:
    words = (settings.GEOCODER, settings.GEOCODER_DOMAIN or "", *asdict(query).values())
    folded = "\x1f".join(" ".join(word.split()).casefold() for word in words)
    return "geocode:1:" + hashlib.sha256(folded.encode()).hexdigest()


def cached_location(query: Query) -> Location | None:
    """The answer kept for this query, None if there is none; NotPlaced if it was not found."""
    kept = cache_get(cache_key(query))
    if kept == NOT_FOUND:
        raise NotPlaced("not_found")
    try:
        return Location(**kept) if kept else None
    except TypeError:  # kept by another version of this program
        return None


def cache_location(query: Query, found: Location | None) -> None:
    answer = asdict(found) if found else NOT_FOUND
    cache_set(cache_key(query), answer, CACHE_SECONDS if found else NOT_FOUND_CACHE_SECONDS)
