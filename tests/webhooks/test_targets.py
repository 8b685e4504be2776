"""URLs allowed for webhook endpoints."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from stores.errors import Invalid
from stores.webhooks.addresses import is_public
from stores.webhooks.targets import check_url

ACCEPTED = [
    "https://93.184.216.34/hook",
    "https://93.184.216.34:443/",
    "https://hooks.example.com/a?b=c",
    "https://HOOKS.Example.com",
    "https://hooks.example.com./",
    "https://büro.example.de/hook",
    "https://xn--bro-hoa.example.de/hook",
    "https://[2606:4700:4700::1111]/",
    "https://[::ffff:93.184.216.34]/",
    "https://internal.example.com/",
    "https://my.localhost.example.com/",
]
REFUSED = {
    "url": [
        None,
        7,
        "",
        "hook",
        "//hooks.example.com",
        "https://",
        "https:///hook",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://hooks.example.com/a b",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://hooks.example.com/\r\nHost: inner",
        "https://hooks.example.com:port/",
        "https://hooks.example.com:99999/",
        "https://①②⑦.0.0.1/",
        "https://[::1/",
        "https://" + "x" * 2000,
    ],
    "url_credentials": [
        "https://me@hooks.example.com/",
        "https://me:secret@hooks.example.com/",
        "https://hooks.example.com@127.0.0.1/",
    ],
    "url_not_https": ["http://93.184.216.34/", "http://hooks.example.com:443/"],
    "url_port": [
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:80/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:000/",
        "http://hooks.example.com:0/",
        "https://93.184.216.34:0/",
    ],
    "url_not_public": [
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0x1/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://100.100.100.200/",
        "https://168.63.129.16/",
        "https://192.0.0.192/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::]/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[2001:db8::1]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://shop.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://intranet/",
        "https://hooks.example.123/",
        "https://%31%32%37.0.0.1/",
        "https://-.example.com/",
    ],
}


@pytest.mark.parametrize("url", ACCEPTED)
def test_public_https_url_is_accepted_unchanged(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("code", "url"), [(code, url) for code, urls in REFUSED.items() for url in urls]
)
def test_other_url_is_refused_with_the_reason(code: str, url: object) -> None:
    with pytest.raises(Invalid) as refusal:
        check_url(url)
    assert (refusal.value.code, refusal.value.field) == (code, "url")


def test_allowed_target_may_use_http_on_loopback(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_TARGETS = ["127.0.0.1:9001", "[::1]:9002", "receiver:80"]
    for url in ("http://127.0.0.1:9001/hook", "https://[::1]:9002/", "http://receiver/"):
        assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9002/",
        "http://127.0.0.1/",
        "http://127.1:9001/",
        "http://localhost:9001/",
        "http://me@127.0.0.1:9001/",
    ],
)
def test_allowed_target_allows_only_itself(settings: Any, url: str) -> None:
    settings.WEBHOOK_ALLOW_TARGETS = ["127.0.0.1:9001"]
    with pytest.raises(Invalid):
        check_url(url)


@pytest.mark.parametrize("text", ["8.8.8.8", "2a00:1450:4001:82a::200e", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", ["fe80::1%eth0", "2606:4700::1%eth0", "3fff::1", "192.88.99.1"])
def test_scoped_and_special_addresses_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))
