"""The HTTP sessions of webhooks: requests-hardened, with three additions.

The library resolves a name for each request, refuses private addresses, and connects to the address it has
checked, while TLS verifies the name. A connection that is kept alive is used again only for a request whose
name resolves to the connection's own address.

This module also refuses the remaining special addresses (`addresses.is_public`). It keeps a session for each
endpoint, so that connections are used again. And it attaches connections to the call that uses them
(`calls.py`), so that a deadline can abort them.
"""

from __future__ import annotations

import ssl
from functools import cache, lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from stores.webhooks.addresses import is_public, parse_ip_literal
from stores.webhooks.calls import PlainConnection, SecureConnection
from stores.webhooks.targets import is_allowed_by_operator, parse_target

USER_AGENT = "Clientele-Webhooks/1"
MAX_SESSIONS = 128  # each has as many open connections as deliveries were in flight together


@cache
def tls() -> ssl.SSLContext:
    """Return the context for all receivers: loading the certificates takes longer than an attempt."""
    context = create_urllib3_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


class OpenAdapter(HTTPAdapter):
    """An adapter for any address, used for targets in the setting `WEBHOOK_ALLOW_TARGETS`."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = SecureConnection if pool.scheme == "https" else PlainConnection
        return pool

    def build_connection_pool_key_attributes(self, request: PreparedRequest, *args: Any) -> Any:
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(request, *args)
        if host_params["scheme"] == "https":
            pool_kwargs["ssl_context"] = tls()
        return host_params, pool_kwargs

    def cert_verify(self, *args: Any) -> None:
        """Do nothing: the context has the certificates, and requests would load them again."""


class GuardedAdapter(OpenAdapter, IPFilterAdapter):  # type: ignore[misc]  # the library has no type hints
    """An adapter for public addresses only, over https."""

    def __init__(self) -> None:
        super().__init__(is_https_proto=True)  # type: ignore[call-arg]  # goes to IPFilterAdapter

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host_params, pool_kwargs = super().build_connection_pool_key_attributes(
            request, verify, cert
        )
        address = parse_ip_literal(host_params["host"])
        if address is None or not is_public(address):
            raise InvalidIPAddress(address)
        return host_params, pool_kwargs


def session(url: str, timeout: tuple[float, float]) -> HTTPSession:
    """Return the session for POSTs to this URL: no redirects, proxies or cookies, and TLS verified."""
    return kept_session(url, timeout, is_allowed_by_operator(parse_target(url)))


@lru_cache(maxsize=MAX_SESSIONS)
def kept_session(url: str, timeout: tuple[float, float], is_allowed: bool) -> HTTPSession:
    http = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=timeout,
            user_agent_override=USER_AGENT,
        )
    )
    http.trust_env = False
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if is_allowed:
        http.mount("http://", OpenAdapter())
        http.mount("https://", OpenAdapter())
    else:
        http.mount("https://", GuardedAdapter())
    return http
