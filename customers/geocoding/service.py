"""Geocode an address with the provider that the settings name: cached, and behind a breaker."""

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
from stores.cache import cache_delete, cache_get, cache_set

logger = logging.getLogger(__name__)

CACHE_SECONDS = 30 * 24 * 3600  # the longest that Google's terms let coordinates be kept in a cache
NOT_FOUND_CACHE_SECONDS = 3600
MAX_LINE_LENGTH = 1000  # characters; no address is longer, and a URL can be too long for a server
NOT_FOUND: dict[str, Any] = {}  # the cached answer for an address that the provider does not know
# The rest is for overhead: a thread wakes up a little late, and parsing the answer takes time.
SHARE_OF_BUDGET = 0.95


def geocode(query: Query, *, budget: float | None = None) -> Location:
    """Return the location of an address within `budget` seconds (default: the setting).

    The time limit holds whatever the provider does. Raises NotPlaced and nothing else. Some
    providers make an HTTP call: never call this inside a transaction.
    """
    if not is_sendable(query.line):
        raise NotPlaced("not_found")
    if settings.GEOCODER == "offline":
        return ask(query, 0)
    seconds = (settings.GEOCODER_BUDGET if budget is None else budget) * SHARE_OF_BUDGET
    return cached_location(query) or ask_with_breaker(query, seconds)


def seconds_between_requests() -> float:
    """Return the pause of a bulk job between two addresses: 0 for the operator's own server."""
    if settings.GEOCODER_DOMAIN:
        return 0.0
    return provider().SECONDS_BETWEEN_REQUESTS


def provider() -> Provider:
    # Imported at its first use: importing geopy takes 0.25 s, and most processes never need it.
    module = import_module(f"customers.geocoding.providers.{settings.GEOCODER}")
    return cast(Provider, module)


def is_sendable(line: str) -> bool:
    """Tell whether a provider can take a line: not blank, not too long, no lone surrogates."""
    return (
        bool(line.strip())
        and len(line) <= MAX_LINE_LENGTH
        and line.encode("utf-8", "ignore").decode() == line
    )


def ask(query: Query, seconds: float) -> Location:
    try:
        location = provider().locate(query, seconds)
    except Exception as error:
        # Log only the type: the message may contain the URL, with the API key and the address.
        logger.warning("geocoder %s is unavailable: %s", settings.GEOCODER, type(error).__name__)
        raise NotPlaced("unavailable") from error
    if location is None:
        raise NotPlaced("not_found")
    return location


def ask_with_breaker(query: Query, seconds: float) -> Location:
    """Ask unless the circuit breaker is open, and cache the answer."""
    breaker = breaker_of(settings.GEOCODER, settings.GEOCODER_DOMAIN or "")
    if not breaker.allows():
        raise NotPlaced("unavailable")
    try:
        location = ask(query, seconds)
    except NotPlaced as refusal:
        if refusal.reason == "unavailable":
            breaker.failed()
        else:
            breaker.succeeded()
            cache_location(query, None)
        raise
    breaker.succeeded()
    cache_location(query, location)
    return location


def cache_key(query: Query) -> str:
    words = (settings.GEOCODER, settings.GEOCODER_DOMAIN or "", *asdict(query).values())
    folded = "\x1f".join(" ".join(word.split()).casefold() for word in words)
    return "geocode:1:" + hashlib.sha256(folded.encode()).hexdigest()


def cached_location(query: Query) -> Location | None:
    """Return the cached location, or None. Raises NotPlaced if "not found" is cached."""
    answer = cache_get(cache_key(query))
    if answer == NOT_FOUND:
        raise NotPlaced("not_found")
    try:
        return Location(**answer) if answer else None
    except TypeError:  # cached by a version of this program with other fields
        return None


def cache_location(query: Query, location: Location | None) -> None:
    answer = asdict(location) if location else NOT_FOUND
    cache_set(cache_key(query), answer, CACHE_SECONDS if location else NOT_FOUND_CACHE_SECONDS)


def forget_location(query: Query) -> None:
    """Forget the answer about an address. Without Redis each process has a cache of its own."""
    cache_delete(cache_key(query))
