"""Swagger UI in a browser, under production's content security policy."""

from __future__ import annotations

import pytest

from customers import dialects
from tests.factories import ApiKeyFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = [package.rpartition(".")[2] for package in dialects.DIALECTS]


@pytest.fixture
def complaints(page):
    """Return the browser's errors, and requests to other hosts."""
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.mark.parametrize("name", NAMES)
def test_swagger_ui_shows_the_document(page, live_server, complaints, name):
    requested_urls: list[str] = []
    page.on("request", lambda request: requested_urls.append(request.url))
    page.goto(f"{live_server.url}/docs/{name}/")
    page.locator(".opblock").first.wait_for()
    foreign = [url for url in requested_urls if not url.startswith((live_server.url, "data:"))]
    assert (foreign, complaints) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_manual_fits_the_window(page, live_server, complaints, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    requested_urls: list[str] = []
    page.on("request", lambda request: requested_urls.append(request.url))
    page.goto(f"{live_server.url}/docs/")
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    foreign = [url for url in requested_urls if not url.startswith((live_server.url, "data:"))]
    assert (foreign, complaints) == ([], [])


def test_call_can_be_tried_out(page, live_server, complaints):
    key = ApiKeyFactory()
    page.goto(f"{live_server.url}/docs/bakery/")
    page.locator(".authorize").first.click()
    page.locator(".auth-container input").first.fill(key.text)
    page.locator(".auth-container .authorize").first.click()
    page.locator(".auth-container .btn-done").first.click()
    page.locator("#operations-Customer-list_customer .opblock-summary-control").click()
    page.locator("#operations-Customer-list_customer .execute").click()
    answer = page.locator("#operations-Customer-list_customer .live-responses-table .response")
    assert "200" in answer.locator(".response-col_status").inner_text()
    assert complaints == []
