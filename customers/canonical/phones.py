"""Phone numbers: in the words of every dialect, and found however they are typed."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneNumberFormat, ValidationResult

from stores.names import INVISIBLE

_PHONE_LENGTH = 100
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extn?|x|#)[\s.:=]*\d{1,8}$", re.IGNORECASE)
_EXTENSION_MARK = re.compile("[xX#]")
_NUMBER = re.compile(r"[+＋\d\s()（）\[\]./\-－‐-―−·]+")
_NEGATIVE = re.compile(r"[\s(（+＋]*[\-－‐-―−]")
_PLUS = ("+", "＋")
# White space of any kind; the ideographic one belongs to full-width digits and stays with them.
_SPACE = re.compile("[^\\S\u3000]")
_DIGIT_ROWS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
_TRUNK_IN_BRACKETS = re.compile(r"(?<=\d)[\s.\-‐-―]*\(0\)")
# A dial code and, possibly, the trunk prefix that is dialled within the country.
_TRUNK = re.compile(r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3})[018]")
# International prefixes of most of the world, Australia and North America. National numbers that begin like one
# are shorter, and are found without it as well.
_DIALLED_ABROAD = re.compile(r"(?:0011|011|00)(?=[1-9][0-9]{8})")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in the three forms that the dialects use."""

    text: str
    """As sent, see `_clean`; a point of sale's number in international form."""
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
    text = _clean(text)
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
    number = _clean(number)
    _require_number(number)
    if dial_code is None:
        return Phone(number, None, number, "")
    # Behind a plus stands a dial code of its own.
    has_own = number.lstrip("( ").startswith(_PLUS)
    digits = phone_digits(number) if has_own else f"{dial_code}{phone_digits(number)}"
    parsed = _parse(f"+{digits}", "")
    possible = parsed and phonenumbers.is_possible_number_with_reason(parsed)
    e164 = _international(parsed) if parsed and possible == ValidationResult.IS_POSSIBLE else ""
    return Phone(f"+{e164 or digits}", dial_code, number, e164)


def phone_search_keys(phone: Phone, region: str) -> str:
    """Digit forms of a number, of which digits typed in any usual way are a substring.

    The number as it stands, its international and its national form, separated by spaces. `region`
    (ISO 3166 code or "") reads a number that has no E.164 form.
    """
    digits = phone_digits(phone.text)
    # Also what a search for the very text looks for: in "+39 (0)2 1234567" it leaves out a zero that counts.
    forms = {phone_digits(phone.number), *map(search_digits, (phone.number, phone.text))}
    parsed = _parse(f"+{phone.e164}" if phone.e164 else _clean(phone.text), region)
    if parsed is None:
        forms.add(digits)
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

    Neither what is dialled before a dial code nor an extension is among them: search keys have none. A whole
    number with its dial code loses a zero behind it, which is dialled only within the country.
    """
    query = unicodedata.normalize("NFKC", _clean(query))
    query = _without_extension(query) if len(query) <= _PHONE_LENGTH else query
    if not _NUMBER.fullmatch(query):
        return ""
    digits = _digits(_TRUNK_IN_BRACKETS.sub("", query))
    if abroad := _DIALLED_ABROAD.match(digits):
        digits = _without_trunk(digits[abroad.end() :])
    elif query.lstrip("( ").startswith("+"):
        digits = _without_trunk(digits)
    return digits if len(digits) >= 3 else ""


def _without_trunk(digits: str) -> str:
    if not _TRUNK.match(digits) or len(digits) > _PHONE_LENGTH:
        return digits
    parsed = _parse(f"+{digits}", "")
    return _international(parsed) if parsed and phonenumbers.is_possible_number(parsed) else digits


def _clean(text: str) -> str:
    """The trimmed number without what nobody sees and with plain spaces, as if it was typed and not pasted."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _SPACE.sub(" ", INVISIBLE.sub("", text).replace("\u2011", "-")).strip()


def digits_pattern(digits: str) -> str:
    """A regular expression, for both engines, of the numbers with these digits however they are written."""
    between = f"[^{''.join(_DIGIT_ROWS)}]*"
    written = [f"[{''.join(row[int(digit)] for row in _DIGIT_ROWS)}]" for digit in digits]
    extension = "([ ,;]*(extension|extn?|x|#)[ .:=]*[0-9]{1,8})?"
    return f"^{between}{between.join(written)}{between}{extension}$"


def _require_number(text: str) -> None:
    if len(text) > _PHONE_LENGTH:
        raise ValueError("phone number is too long")
    plain = _without_extension(text)
    if not _NUMBER.fullmatch(plain) or _NEGATIVE.match(plain) or not _digits(plain):
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
    return _digits(_without_extension(number))


def _without_extension(number: str) -> str:
    return _EXTENSION.sub("", number) if _EXTENSION_MARK.search(number) else number


def _digits(text: str) -> str:
    digits = filter(str.isdecimal, text)
    return "".join(digits if text.isascii() else (str(unicodedata.decimal(c)) for c in digits))
