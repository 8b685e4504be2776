"""The cache functions that tolerate an outage."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from redis import RedisError

from stores.cache import Availability, cache_count, cache_get, cache_set


class Question:
    """Cache call that fails until `is_back` is set, and counts its calls."""

    def __init__(self) -> None:
        self.times, self.is_back = 0, False

    def __call__(self) -> int:
        self.times += 1
        if not self.is_back:
            raise RedisError
        return self.times


def test_cache_outage_is_no_error(absent_cache: None) -> None:
    cache_set("name", 1, 60)
    assert cache_get("name") is None
    assert cache_count("number", 60) is None


def test_counter_counts_until_it_expires(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    with time_machine.travel("2026-01-01T00:00Z", tick=False) as traveller:
        assert [cache_count("number", 60) for _ in range(3)] == [1, 2, 3]
        traveller.shift(61)
        assert cache_count("number", 60) == 1


def test_cache_outage_is_probed_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, warnings = SimpleNamespace(now=0.0), []
    monkeypatch.setattr("stores.cache.time", SimpleNamespace(monotonic=lambda: clock.now))
    # not caplog: a program that another test runs may have disabled the logger
    monkeypatch.setattr(
        "stores.cache.logger.warning", lambda text, *of, **_: warnings.append(text % of)
    )
    availability, question = Availability(), Question()
    for clock.now in (0.0, 0.5, 0.9, 1.1):
        assert availability.ask(question) is None
    assert question.times == 2
    question.is_back, clock.now = True, 3.0
    assert availability.ask(question) == 3
    assert warnings == ["the cache is away: rate limits are suspended", "the cache is back"]
