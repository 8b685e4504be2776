"""E-mail addresses: the form under which one is unique, and the forms under which it is found."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

import idna

from customers.canonical.text import fold
from stores.names import INVISIBLE

EMAIL_LENGTH = 254  # RFC 5321, erratum 1690

_ATOM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")
_AT_SIGNS = "@﹫＠"
_JOINERS = (
    "\u200c\u200d"  # IDNA allows them where they change how letters are drawn, and refuses others
)


@dataclass(frozen=True, slots=True)
class EmailAddress:
    text: str
    """As sent, without invisible characters around it and in its domain."""
    key: str
    """The form under which it is unique, see `email_key`."""


def parse_email(text: str) -> EmailAddress:
    """Raises ValueError where the text is no e-mail address."""
    return EmailAddress(_clean(text), email_key(text))


def email_key(text: str) -> str:
    """The form under which an e-mail address is unique: NFKC, casefold, domain in punycode.

    Raises ValueError where the text is no e-mail address.
    """
    address = _clean(text)
    if len(address) > EMAIL_LENGTH:
        raise ValueError("e-mail address is too long")
    local, _, domain = unicodedata.normalize("NFKC", address).rpartition("@")
    key = f"{_local_key(local)}@{_domain_key(domain)}"
    if len(key) > EMAIL_LENGTH:
        raise ValueError("e-mail address is too long")
    return key


def email_spellings(text: str, key: str) -> list[str]:
    """Return the forms under which an address is found: folded, its key, and with its domain in letters."""
    forms = {fold(text): None, key: None, fold(key): None}
    if "xn--" in key:
        local, _, domain = key.rpartition("@")
        with suppress(UnicodeError):
            forms[fold(f"{local}@{idna.decode(domain)}")] = None
    return [form for form in forms if form]


def _clean(text: str) -> str:
    address = text.strip()
    if address.isascii():
        return address
    while address and INVISIBLE.match(address[0]):
        address = address[1:].lstrip()
    while address and INVISIBLE.match(address[-1]):
        address = address[:-1].rstrip()
    start = max(map(address.rfind, _AT_SIGNS)) + 1
    return address[:start] + INVISIBLE.sub(_keep_joiner, address[start:])


def _keep_joiner(invisible: re.Match[str]) -> str:
    return invisible[0] if invisible[0] in _JOINERS else ""


def _local_key(local: str) -> str:
    # Folding may undo a normalization and the other way round; the third round changes nothing.
    for _ in range(2):
        local = unicodedata.normalize("NFKC", local.casefold())
    if not local or local[0] == "." or local[-1] == "." or ".." in local:
        raise ValueError("not an e-mail address")
    if not all(_in_local_part(char) for char in local):
        raise ValueError("not an e-mail address")
    return local


def _in_local_part(char: str) -> bool:
    if char.isascii():
        return char in _ATOM
    return unicodedata.category(char)[0] not in "CZ" and not INVISIBLE.match(char)


def _domain_key(domain: str) -> str:
    # Case too is left to IDNA: casefold would make ß and ss one domain, and they are two.
    plain = domain.lower()
    if not plain.isascii() or "xn--" in plain:
        try:
            plain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
        except UnicodeError as fault:
            raise ValueError("not an e-mail address") from fault
    if not _DOMAIN.fullmatch(plain) or plain.rpartition(".")[2].isdigit():
        raise ValueError("not an e-mail address")
    return plain
