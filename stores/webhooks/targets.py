"""Which URLs may be endpoints; asked when one is saved and again before every attempt.

A name is not looked up here: `transport.py` checks what it stands for at the moment of dialling.
"""

from __future__ import annotations

import re

from django.conf import settings
from requests import PreparedRequest, RequestException
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from stores.errors import Invalid
from stores.webhooks.addresses import is_public, parse_ip_literal

MAX_LENGTH = 2000  # characters
PORTS = {"http": 80, "https": 443}
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
# at least two labels; the last one begins with a letter, or a resolver might read numbers into it
NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
INTERNAL_SUFFIXES = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")


def check_url(url: object) -> str:
    """The URL, if events may be sent there.

    Raises Invalid on `url`: `url` (none at all), `url_credentials`, `url_not_https`, `url_port`,
    `url_not_public`.
    """
    parts = parse_target(url)
    if parts.auth is not None:
        raise Invalid("url_credentials", "url")
    if not is_allowed_by_operator(parts):
        check_public(parts)
    return str(url)


def parse_target(url: object) -> Url:
    """The URL as the HTTP library itself will read it, so that no other reading can be smuggled past."""
    if not isinstance(url, str) or len(url) > MAX_LENGTH or UNSAFE.search(url):
        raise Invalid("url", "url")
    request = PreparedRequest()
    try:
        request.prepare_url(url, None)
        parts = parse_url(request.url or "")
    except (RequestException, LocationParseError, ValueError) as error:
        raise Invalid("url", "url") from error
    if parts.scheme not in PORTS or not parts.host:
        raise Invalid("url", "url")
    return parts


def is_allowed_by_operator(parts: Url) -> bool:
    """Whether `WEBHOOK_ALLOW_TARGETS` names exactly this host and port."""
    port = parts.port or PORTS[parts.scheme or ""]
    return f"{parts.host}:{port}" in settings.WEBHOOK_ALLOW_TARGETS


def check_public(parts: Url) -> None:
    if parts.scheme != "https":
        raise Invalid("url_not_https", "url")
    if parts.port not in (None, PORTS["https"]):
        raise Invalid("url_port", "url")
    if not is_public_host(parts.host or ""):
        raise Invalid("url_not_public", "url")


def is_public_host(host: str) -> bool:
    address = parse_ip_literal(host)
    if address is not None:
        return is_public(address)
    name = host.lower().removesuffix(".")
    return len(name) <= 253 and bool(NAME.fullmatch(name)) and not name.endswith(INTERNAL_SUFFIXES)
