"""If-Match and If-None-Match of single customers.

An ETag is the customer's version in quotes, if the dialect does not make it of what it shows. A proxy that
compresses responses puts `W/` before it; both headers take it with and without.
"""

from __future__ import annotations

import re

from django.utils.http import parse_etags

OUR_ETAG = re.compile(r'"[0-9]{1,9}"')


def expected_versions(if_match: str) -> frozenset[int] | None:
    """Return the versions that If-Match allows to change, or None for any.

    An ETag that is not ours stands for no version, so the change is refused.
    """
    tags = tags_of(if_match)
    if tags == ["*"]:
        return None
    return frozenset(int(tag[1:-1]) for tag in tags if OUR_ETAG.fullmatch(tag))


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """True when If-None-Match names this ETag, or any."""
    tags = tags_of(if_none_match)
    return "*" in tags or etag in tags


def tags_of(header: str) -> list[str]:
    return [tag.removeprefix("W/") for tag in parse_etags(header)]
