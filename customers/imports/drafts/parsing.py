"""Parse each phone and e-mail once: a check needs it for its cell, its key and its column."""

from functools import lru_cache

from customers import canonical

email_from_text = lru_cache(maxsize=4096)(canonical.parse_email)
phone_from_text = lru_cache(maxsize=4096)(canonical.phone_from_text)
