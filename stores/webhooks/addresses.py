"""Which internet addresses a webhook may be sent to: those of the public internet and no others."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

GLOBAL_UNICAST = ip_network("2000::/3")  # all of IPv6 that has been given to the public so far
# what `ipaddress` of some Python 3.11 takes for global, after the IANA special-purpose registries
SPECIAL = [
    ip_network(block)
    for block in (
        "100.64.0.0/10",  # carrier-grade NAT, and the metadata service of a cloud
        "168.63.129.16/32",  # the platform's own service in another one
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo, ORCHID and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
]


def is_public(address: Address) -> bool:
    """Whether anybody on the internet may be behind it; an IPv4 address mapped into IPv6 counts as itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None or address not in GLOBAL_UNICAST:
            return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in block for block in SPECIAL if block.version == address.version)


def parse_ip_literal(host: str) -> Address | None:
    """The address that a host spells out in any way a resolver takes (`2130706433`, `0x7f.1`), or None."""
    text = host.removeprefix("[").removesuffix("]").removesuffix(".")
    try:
        return ip_address(text)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(text))
    except (OSError, UnicodeError):
        return None
