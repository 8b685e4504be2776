"""A website is one that a browser opens as a page."""

from __future__ import annotations

import pytest

from customers.models import Customer


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com",
        "http://example.com:8080/shop?x=1#top",
        "HTTPS://EXAMPLE.COM/a:b@c",
        "https://bücher.example/straße",
        "example.com",
        "www.example.com/shop?at=12:30",
        "https://192.0.2.1/",
    ],
)
def test_a_website_is_kept_as_sent(desk, address):
    assert desk.create(website=address)["website"] == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript:1/alert(1)",
        "javascript&#58;alert(1)",
        "https://a.example&b",
        "data:text/html,hello",
        "ftp://example.com",
        "file:///etc/passwd",
        "mailto:jane@example.com",
        "https://",
        "https:example.com",
        "//example.com",
        "/shop",
        "https://user:secret@example.com",
        "https://example.com:http",
        "not a website",
        "https://ex\u202eample.com",
        "https://example.com\u200b",
    ],
)
def test_another_address_is_no_website(desk, address):
    answer = desk.call("POST", "", {"name": "Ann", "website": address})
    assert len(desk.refused(answer)) == 1
    assert not Customer.objects.exists()


def test_a_website_that_is_there_already_stays(desk):
    made = desk.create()
    Customer.objects.update(website="ftp://example.com")
    path = f"/{made['id']}"
    assert (
        desk.data("PUT", path, {"website": "ftp://example.com"})["website"] == "ftp://example.com"
    )
