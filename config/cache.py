"""Django's cache in a Redis, for a service that asks it with every request.

Django makes a client of Redis for each call, and looks for a number before it raises it: twice the time, and a
number that runs out between the two is begun anew without an end.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.cache.backends import redis

INCREMENT_IF_EXISTS = """
if redis.call('exists', KEYS[1]) == 1 then return redis.call('incrby', KEYS[1], ARGV[1]) end
"""


class Client(redis.RedisCacheClient):
    @cached_property
    def _shared_client(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._shared_client

    def incr(self, key: Any, delta: int) -> int:
        raised: int | None = self._shared_client.eval(INCREMENT_IF_EXISTS, 1, key, delta)
        if raised is None:
            raise ValueError(f"Key '{key}' not found.")
        return raised


class RedisCache(redis.RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
