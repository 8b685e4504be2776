"""Marks of API keys that wrote: the position in the primary's log (WAL) that their reads must see.

The marks are in the cache, which all processes share. They expire when every usable replica must have
replayed them. A key without a mark has not written, unless the cache was cleared. To detect that, the cache
also holds the time since when it has marks, which is lost together with them.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.db import Error
from redis import RedisError

from stores.database.replica.watch import STALE_AFTER_SECONDS, current_position, watch

SINCE_KEY = "replica:since"
UNREACHABLE_POSITION = 1 << 62  # a position that no log reaches
MAX_WAIT_SECONDS = 1.0  # the longest delay of an answer while the cache is unavailable


def mark_ttl() -> int:
    """Return the seconds after which every usable replica has replayed a write."""
    return int(settings.REPLICA_MAX_LAG + STALE_AFTER_SECONDS) + 1


def record_write(api_key_id: int) -> None:
    """Record that this key has just committed a write."""
    try:
        position = current_position()
    except Error:  # the write is committed: answer it, but let this key read the primary only
        position = UNREACHABLE_POSITION
    try:
        advance_position(f"replica:{api_key_id}", position)
    except RedisError:
        watch.wait_for(position, MAX_WAIT_SECONDS)


def advance_position(name: str, position: int) -> None:
    """Move a mark forward, never back: two writes of one key may arrive in either order.

    If they race, the mark may move too far, which only causes a few more reads on the primary.
    """
    if cache.add(name, position, timeout=mark_ttl()):
        return
    cache.touch(name, timeout=mark_ttl())
    mark = cache.get(name, 0)
    try:
        if mark < position:
            cache.incr(name, position - mark)
    except ValueError:  # it has just expired
        cache.set(name, position, timeout=mark_ttl())


def can_read_replica(api_key_id: int) -> bool:
    """Tell whether the replica has replayed all writes of this key."""
    if not watch.is_usable():
        return False
    name = f"replica:{api_key_id}"
    try:
        values = cache.get_many([name, SINCE_KEY])
        if SINCE_KEY not in values:
            cache.add(SINCE_KEY, time.time(), timeout=None)
            return False
    except RedisError:
        return False
    return time.time() - values[SINCE_KEY] > mark_ttl() and watch.has_replayed(values.get(name, 0))
