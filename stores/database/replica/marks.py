"""Marks of the API keys that wrote: each key's reads must see this position of the primary's log (WAL).

The marks are in the cache, which all processes share. A mark is needed only as long as a replica that is
behind may still be read. A missing mark means that the key wrote nothing, provided that the cache has lost
none; so the time since which the cache holds marks is stored there, too, and is lost along with them.
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
MAX_WAIT_SECONDS = 1.0  # that an answer is held back while there is no cache


def mark_ttl() -> int:
    """Seconds after which every readable replica has a write, so that its mark is not needed any more."""
    return int(settings.REPLICA_MAX_LAG + STALE_AFTER_SECONDS) + 1


def record_write(api_key_id: int) -> None:
    """Marks that this key has just written and committed something."""
    try:
        position = current_position()
    except Error:  # the write is answered all the same; what it was is for the primary to say
        position = UNREACHABLE_POSITION
    try:
        advance_position(f"replica:{api_key_id}", position)
    except RedisError:
        watch.wait_for(position, MAX_WAIT_SECONDS)


def advance_position(name: str, position: int) -> None:
    """Moves a mark forward, never back: two writes of one key may come here in either order.

    When they race it may end too far ahead, which only means a few more reads on the primary.
    """
    if cache.add(name, position, timeout=mark_ttl()):
        return
    cache.touch(name, timeout=mark_ttl())
    known = cache.get(name, 0)
    try:
        if known < position:
            cache.incr(name, position - known)
    except ValueError:  # it has just run out
        cache.set(name, position, timeout=mark_ttl())


def can_read_replica(api_key_id: int) -> bool:
    """Whether the replica has all that this key wrote."""
    if not watch.is_usable():
        return False
    name = f"replica:{api_key_id}"
    try:
        known = cache.get_many([name, SINCE_KEY])
        if SINCE_KEY not in known:
            cache.add(SINCE_KEY, time.time(), timeout=None)
            return False
    except RedisError:
        return False
    return time.time() - known[SINCE_KEY] > mark_ttl() and watch.has_replayed(known.get(name, 0))
