"""Check the URL of an endpoint: when it is saved, and again before every attempt.

This does not resolve the host: `transport.py` checks its address when it connects.
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
# At least two labels. The last one begins with a letter, or a resolver might take it for a number.
NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
INTERNAL_SUFFIXES = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")


def check_url(url: object) -> str:
    """Return the URL if it may be an endpoint.

    Raises Invalid for the field `url` with one of the codes `url` (not a URL), `url_credentials`,
    `url_not_https`, `url_port`, `url_not_public`.
    """
    parts = parse_target(url)
    if parts.auth is not None:
        raise Invalid("url_credentials", "url")
    if not is_allowed_by_operator(parts):
        check_public(parts)
    return str(url)


def parse_target(url: object) -> Url:
    """Parse the URL as the HTTP library will: with another parser, a URL could pass unchecked."""
    if not isinstance(url, str) or len(url) > MAX_LENGTH or UNSAFE.search(url):
        raise Invalid("url", "url")
    request = PreparedRequest()
    try:
        port = parse_url(url).port
        request.prepare_url(url, None)
        parts = parse_url(request.url or "")
    except (RequestException, LocationParseError, ValueError) as error:
        raise Invalid("url", "url") from error
    if parts.scheme not in PORTS or not parts.host:
        raise Invalid("url", "url")
    if port == 0:  # the HTTP library leaves it out, and would use the default port
        raise Invalid("url_port", "url")
    return parts


def is_allowed_by_operator(parts: Url) -> bool:
    """Tell whether `WEBHOOK_ALLOW_TARGETS` lists exactly this host and port."""
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
