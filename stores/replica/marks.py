"""Who wrote what when: keys that wrote, with the position in the primary's log that their reads have to see.

They are kept in the cache, which all processes share. A mark is needed only as long as a replica may be behind
and still be read. Whether a missing mark means that nobody wrote depends on how long the cache has been
remembering, so that is kept beside the marks: one that was away or emptied begins anew.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.db import Error
from redis import RedisError

from stores.replica.watch import SILENCE, watch, written

SINCE = "replica:since"
NEVER = 1 << 62  # a position that no log reaches
LONGEST_WAIT = 1.0  # seconds that an answer is kept back while there is no cache


def kept_for() -> int:
    """Seconds after which whoever reads the replica sees a write anyway."""
    return int(settings.REPLICA_MAX_LAG + SILENCE) + 1


def wrote(reader: int) -> None:
    """Remembers that this key has just written something, now committed."""
    try:
        position = written()
    except Error:  # the write is answered all the same; what it was is for the primary to say
        position = NEVER
    try:
        raise_to(f"replica:{reader}", position)
    except RedisError:
        watch.wait_for(position, LONGEST_WAIT)


def raise_to(name: str, position: int) -> None:
    """Two writes of one key may come here in either order: a mark only rises, sooner too far than not."""
    if cache.add(name, position, timeout=kept_for()):
        return
    cache.touch(name, timeout=kept_for())
    known = cache.get(name, 0)
    try:
        if known < position:
            cache.incr(name, position - known)
    except ValueError:  # it has just run out
        cache.set(name, position, timeout=kept_for())


def may_read(reader: int) -> bool:
    """Whether the replica has all that this key wrote."""
    if not watch.is_usable():
        return False
    name = f"replica:{reader}"
    try:
        known = cache.get_many([name, SINCE])
        if SINCE not in known:
            cache.add(SINCE, time.time(), timeout=None)
            return False
    except RedisError:
        return False
    return time.time() - known[SINCE] > kept_for() and watch.has(known.get(name, 0))
