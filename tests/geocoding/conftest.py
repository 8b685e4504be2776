"""Servers on loopback that stand in for the providers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.core.cache import cache

from customers.geocoding import gazetteer
from customers.geocoding.breaker import breaker_of
from tests.geocoding import answers

PROVIDERS = ("google", "nominatim", "photon")
LOCAL_MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
Behaviour = Callable[[socket.socket, threading.Event], None]


@pytest.fixture(autouse=True)
def clean_caches(settings) -> Iterator[None]:
    settings.CACHES = LOCAL_MEMORY
    settings.GEOCODER = "offline"
    settings.GEOCODER_DOMAIN = None
    cache.clear()
    breaker_of.cache_clear()
    yield
    settings.CACHES = LOCAL_MEMORY
    cache.clear()
    breaker_of.cache_clear()


def forget_gazetteer() -> None:
    """Clear the caches of the gazetteer, so that the next look-up opens its file."""
    for remembered in ("_archive", "towns", "postcode_area", "recorded_states", "has_postcodes"):
        getattr(gazetteer, remembered).cache_clear()


@pytest.fixture
def use_provider(settings) -> Callable[[str, str], None]:
    """Return a function that points the settings at a provider's stand-in."""

    def point(provider: str, domain: str) -> None:
        settings.GEOCODER = provider
        settings.GEOCODER_DOMAIN = domain
        settings.GEOCODER_SCHEME = "http"
        settings.GEOCODER_API_KEY = "the-secret-key"

    return point


@pytest.fixture(params=PROVIDERS)
def provider(request, use_provider, httpserver) -> str:
    """Return each provider in turn, with `httpserver` as its stand-in."""
    use_provider(request.param, f"{httpserver.host}:{httpserver.port}")
    return request.param


@pytest.fixture
def path(provider) -> str:
    return answers.PATHS[provider]


@pytest.fixture
def raw_server() -> Iterator[Callable[[Behaviour], str]]:
    """Return a function that serves on a bare socket: `raw_server(behaviour)` gives its address."""
    stop = threading.Event()
    listeners: list[socket.socket] = []

    def serve(behaviour: Behaviour) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=_accept, args=(listener, behaviour, stop), daemon=True).start()
        return "{}:{}".format(*listener.getsockname())

    yield serve
    stop.set()
    for listener in listeners:
        listener.close()


def _accept(listener: socket.socket, behaviour: Behaviour, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection, behaviour, stop), daemon=True).start()


def _talk(connection: socket.socket, behaviour: Behaviour, stop: threading.Event) -> None:
    with connection, suppress(OSError):
        connection.recv(65536)
        behaviour(connection, stop)
