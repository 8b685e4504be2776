"""HEAD is GET without the body, in every dialect."""

from __future__ import annotations

from wsgiref.util import setup_testing_defaults

import pytest

from config.wsgi import application
from stores.models import Store
from tests.factories import ApiKeyFactory


def call_wsgi(method: str, path: str, key: str) -> tuple[str, dict[str, str], bytes]:
    """Call the WSGI application: Django's test client would drop a HEAD's body itself."""
    starts: list[tuple[str, dict[str, str]]] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_AUTHORIZATION": f"Bearer {key}"}
    setup_testing_defaults(environ)
    body = application(environ, lambda status, headers: starts.append((status, dict(headers))))
    return *starts[0], b"".join(body)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/docs/", "/api/customers", "/customers/nobody"])
def test_head_has_the_content_length_of_get(path: str, store: Store) -> None:
    key = ApiKeyFactory(store=store).text
    status, _, body = call_wsgi("GET", path, key)
    head_status, headers, nothing = call_wsgi("HEAD", path, key)
    assert (head_status, nothing) == (status, b"")
    assert int(headers["Content-Length"]) == len(body) > 0
