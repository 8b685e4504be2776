"""If-Match and If-None-Match of single customers. An ETag is the customer's version in quotes."""

from __future__ import annotations

import re

from django.utils.http import parse_etags

OUR_ETAG = re.compile(r'"[0-9]{1,9}"')


def expected_versions(if_match: str | None) -> frozenset[int] | None:
    """Return the versions that If-Match allows to change, or None for any.

    An ETag that is not ours matches no version, so the change is refused.
    """
    if if_match is None:
        return None
    tags = parse_etags(if_match)
    if tags == ["*"]:
        return None
    return frozenset(int(tag[1:-1]) for tag in tags if OUR_ETAG.fullmatch(tag))


def is_unchanged(if_none_match: str, etag: str) -> bool:
    """True when If-None-Match names this ETag, or any."""
    tags = [tag.removeprefix("W/") for tag in parse_etags(if_none_match)]
    return "*" in tags or etag in tags
