"""The internet addresses that a webhook may be sent to: public ones only."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

GLOBAL_UNICAST = ip_network("2000::/3")  # the only part of IPv6 that is public so far
# From IANA's special-purpose registries: blocks that `ipaddress` of some Python 3.11 calls global.
SPECIAL = [
    ip_network(block)
    for block in (
        "100.64.0.0/10",  # carrier-grade NAT, and the metadata service of a cloud
        "168.63.129.16/32",  # the platform service of another cloud
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo, ORCHID and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
]


def is_public(address: Address) -> bool:
    """Tell whether the address is public; an IPv4 address mapped into IPv6 counts as IPv4."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None or address not in GLOBAL_UNICAST:
            return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in block for block in SPECIAL if block.version == address.version)


def parse_ip_literal(host: str) -> Address | None:
    """Parse an address in any form that a resolver accepts (`2130706433`, `0x7f.1`), or return None."""
    text = host.removeprefix("[").removesuffix("]").removesuffix(".")
    try:
        return ip_address(text)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(text))
    except (OSError, UnicodeError):
        return None
