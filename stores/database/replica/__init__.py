"""Read from a streaming replica (`REPLICA_URL`) without visible effects.

- Only GETs of the APIs read the replica, after authentication: the base of their views decides it
  (`reading`). The primary serves the rest: writes, reads in a transaction, API keys and their revocation,
  the back office, workers and commands.
- A key that wrote reads the primary until the replica has replayed its writes (`marks`).
- A replica that is unavailable, or further behind than `REPLICA_MAX_LAG`, is not used (`watch`).
- A read that fails on the replica is repeated on the primary.
"""
