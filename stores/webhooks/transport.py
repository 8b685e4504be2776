"""The HTTP session of a webhook: requests-hardened, with two additions.

The library resolves a name once, refuses private addresses, and connects to the address it has checked,
while TLS verifies the name. This module also refuses the remaining special addresses
(`addresses.is_public`). And it can abort a connection from another thread, which a deadline needs: a
socket's timeout starts again with each byte.
"""

from __future__ import annotations

import socket
import ssl
from functools import cache
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from stores.http_deadline import CancellableConnection
from stores.webhooks.addresses import is_public, parse_ip_literal
from stores.webhooks.targets import is_allowed_by_operator, parse_target

USER_AGENT = "Clientele-Webhooks/1"


class RegistersSocket:
    """A connection of urllib3 that attaches its socket to a `CancellableConnection`."""

    def __init__(self, *args: Any, cancellable: CancellableConnection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cancellable = cancellable

    def _new_conn(self) -> socket.socket:
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        self._cancellable.attach(connected)
        return connected


class PlainConnection(RegistersSocket, HTTPConnection):
    pass


class SecureConnection(RegistersSocket, HTTPSConnection):
    pass


@cache
def tls() -> ssl.SSLContext:
    """Return the context for all receivers: loading the certificates takes longer than an attempt."""
    context = create_urllib3_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


class OpenAdapter(HTTPAdapter):
    """An adapter for any address, used for targets in the setting `WEBHOOK_ALLOW_TARGETS`."""

    def __init__(self, cancellable: CancellableConnection, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._cancellable = cancellable

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = SecureConnection if pool.scheme == "https" else PlainConnection
        pool.conn_kw["cancellable"] = self._cancellable
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

    def __init__(self, cancellable: CancellableConnection) -> None:
        super().__init__(cancellable, is_https_proto=True)

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


def session(
    url: str, cancellable: CancellableConnection, timeout: tuple[float, float]
) -> HTTPSession:
    """Return a session for one POST: no redirects, no proxies of the environment, TLS verified."""
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
    if is_allowed_by_operator(parse_target(url)):
        http.mount("http://", OpenAdapter(cancellable))
        http.mount("https://", OpenAdapter(cancellable))
    else:
        http.mount("https://", GuardedAdapter(cancellable))
    return http
