"""Django's Redis cache, made faster because every request uses it.

Django creates a client for each call. It also checks that a number exists before it increments it. That takes
twice the time, and a number that expires between the two steps starts again and never expires.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.cache.backends import redis

INCREMENT_IF_EXISTS = """
if redis.call('exists', KEYS[1]) == 1 then return redis.call('incrby', KEYS[1], ARGV[1]) end
"""


class Client(redis.RedisCacheClient):
    """Creates its client of Redis once, and increments in one atomic step."""

    @cached_property
    def _shared_client(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._shared_client

    def incr(self, key: Any, delta: int) -> int:
        number: int | None = self._shared_client.eval(INCREMENT_IF_EXISTS, 1, key, delta)
        if number is None:
            raise ValueError(f"Key '{key}' not found.")
        return number


class RedisCache(redis.RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
