"""Reading from a streaming replica (`REPLICA_URL`), so that it never shows.

- What may be a little old is decided in one place, the base of the APIs' views: their GETs, once it is known
  who calls (`reading`). All else (writes, what is inside a transaction, keys and their revocation, the back
  office, workers and commands) is on the primary, because nobody said otherwise.
- A key that wrote reads the primary until the replica has what it wrote (`marks`).
- A replica that is away, or further behind than `REPLICA_MAX_LAG`, is left out (`watch`).
- A read that fails there is read again on the primary.
"""
