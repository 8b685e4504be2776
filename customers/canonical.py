"""Canonical forms: what two spellings of one name, e-mail address or phone number have in common.

The book compares and searches by these forms only. They are computed here and nowhere else, and
never by SQL, whose lower() and collations differ from one engine to the next.
"""

import re
import unicodedata
from dataclasses import dataclass

import idna
import phonenumbers
from phonenumbers import CountryCodeSource, PhoneNumberFormat, ValidationResult

EMAIL_LENGTH = 254  # RFC 5321, erratum 1690

# --- Text -------------------------------------------------------------------------------------

# Accents, Hebrew points and Arabic vowel signs. Marks of other scripts carry the word itself.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
)
# Letters that Unicode does not decompose, and characters nobody sees.
_PLAIN = str.maketrans(
    dict(zip("łøđðħŧŋıȷ", "loddhtnij", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)


def fold(text: str) -> str:
    """Text as search and keys see it: no case, no accents, single spaces; folding twice is once."""
    if text.isascii():
        return " ".join(text.casefold().split())
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", bare)).translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def split_name(display: str) -> tuple[str, str]:
    """First and last name of a trimmed display name: what is before and after its first space."""
    first, _, last = display.partition(" ")
    return first, last


def join_name(first: str, last: str) -> str:
    """The display name of two parts; gives back exactly what `split_name` was given."""
    return f"{first} {last}" if first and last else first or last


# --- E-mail -----------------------------------------------------------------------------------

_ATOM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    text: str
    """As sent."""
    key: str
    """The form under which it is unique, see `email_key`."""


def parse_email(text: str) -> EmailAddress:
    """Raises ValueError where the text is no e-mail address."""
    return EmailAddress(text, email_key(text))


def email_key(text: str) -> str:
    """The form under which an e-mail address is unique: NFKC, casefold, domain in punycode.

    Raises ValueError where the text is no e-mail address.
    """
    address = text.strip()
    if len(address) > EMAIL_LENGTH:
        raise ValueError("e-mail address is too long")
    local, _, domain = unicodedata.normalize("NFKC", address).rpartition("@")
    key = f"{_local_key(local)}@{_domain_key(domain)}"
    if len(key) > EMAIL_LENGTH:
        raise ValueError("e-mail address is too long")
    return key


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
    return char in _ATOM if char.isascii() else unicodedata.category(char)[0] not in "CZ"


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


# --- Phones -----------------------------------------------------------------------------------

_PHONE_LENGTH = 100
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extn?|x|#)[\s.:=]*\d{1,8}$", re.IGNORECASE)
_NUMBER = re.compile(r"[+＋\d\s()（）\[\]./\-－‐-―−·]+")
_TRUNK_IN_BRACKETS = re.compile(r"(?<=\d)\s*\(0\)")
# What most of the world, Australia and North America dial before a dial code; national numbers that begin so
# are shorter, and found without it as well.
_DIALLED_ABROAD = re.compile(r"(?:0011|011|00)(?=[1-9][0-9]{8})")


@dataclass(frozen=True, slots=True)
class Phone:
    """One number in the three ways the dialects write it."""

    text: str
    """As sent; a point of sale's number in international form."""
    dial_code: int | None
    """Country calling code, None where the number could not be placed."""
    number: str
    """What goes with the dial code: national digits, or the national number as sent."""
    e164: str
    """Digits without plus; empty where the number cannot be dialled from everywhere."""


def phone_from_text(text: str, region: str) -> Phone:
    """A number written in one string, national ones as dialled in `region` (ISO 3166 code or "").

    Raises ValueError where it is no phone number at all; one that libphonenumber only believes to
    be wrong is kept, because the published samples are such numbers themselves.
    """
    text = text.strip()
    _require_number(text)
    parsed = _parse(text, region)
    if parsed is None:
        return Phone(text, None, text, "")
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    e164 = _international(parsed) if reason == ValidationResult.IS_POSSIBLE else ""
    if parsed.country_code_source != CountryCodeSource.FROM_DEFAULT_COUNTRY:
        national = phonenumbers.national_significant_number(parsed)
        return Phone(text, parsed.country_code, national, e164)
    if not e164 and reason != ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return Phone(text, None, text, "")
    return Phone(text, parsed.country_code, text, e164)


def phone_from_parts(dial_code: int | None, number: str) -> Phone:
    """A point of sale's number: the dial code and the national number, which is kept as sent.

    Raises ValueError where `number` is no phone number at all.
    """
    number = number.strip()
    _require_number(number)
    if dial_code is None:
        return Phone(number, None, number, "")
    digits = phone_digits(number)
    if not number.lstrip("( ").startswith(("+", "＋")):  # then its own dial code stands in it
        digits = f"{dial_code}{digits}"
    parsed = _parse(f"+{digits}", "")
    possible = parsed and phonenumbers.is_possible_number_with_reason(parsed)
    e164 = _international(parsed) if parsed and possible == ValidationResult.IS_POSSIBLE else ""
    return Phone(f"+{e164 or digits}", dial_code, number, e164)


def phone_search_keys(phone: Phone, region: str) -> str:
    """Digit forms of a number, of which digits typed in any usual way are a substring.

    The number as it stands, its international and its national form, separated by spaces. `region`
    (ISO 3166 code or "") reads a number that has no E.164 form.
    """
    forms = {phone_digits(phone.number)}
    parsed = _parse(f"+{phone.e164}" if phone.e164 else phone.text, region)
    if parsed is None:
        forms.add(phone_digits(phone.text))
    else:
        parsed.extension = None
        national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
        forms |= {_international(parsed), _digits(national)}
    kept: list[str] = []
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        if not any(form in longer for longer in kept):
            kept.append(form)
    return " ".join(kept)


def search_digits(query: str) -> str:
    """The digits of a query that looks like at least three digits of a phone number, else "".

    Neither what is dialled before a dial code nor an extension is among them: search keys have none.
    """
    query = unicodedata.normalize("NFKC", query)
    query = _EXTENSION.sub("", query) if len(query) <= _PHONE_LENGTH else query
    query = _TRUNK_IN_BRACKETS.sub("", query) if "+" in query else query
    digits = _digits(query) if _NUMBER.fullmatch(query) else ""
    abroad = _DIALLED_ABROAD.match(digits)
    digits = digits[abroad.end() :] if abroad else digits
    return digits if len(digits) >= 3 else ""


def _require_number(text: str) -> None:
    if len(text) > _PHONE_LENGTH:
        raise ValueError("phone number is too long")
    plain = _EXTENSION.sub("", text)
    if not _NUMBER.fullmatch(plain) or not _digits(plain):
        raise ValueError("not a phone number")


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region or None, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None


def _international(parsed: phonenumbers.PhoneNumber) -> str:
    return f"{parsed.country_code}{phonenumbers.national_significant_number(parsed)}"


def phone_digits(number: str) -> str:
    """The digits of a number as it stands, without its extension."""
    return _digits(_EXTENSION.sub("", number))


def _digits(text: str) -> str:
    return "".join(c if c.isascii() else str(unicodedata.decimal(c)) for c in text if c.isdecimal())
