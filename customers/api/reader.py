"""The strict reader in front of every dialect: request bodies and query strings.

What two readers could understand differently, or a database could not keep, is refused here:
duplicate keys, NaN, numbers beyond an exact value, NUL, lone surrogates, bottomless nesting.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote_to_bytes

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 18
MAX_PARAMETERS = 200
_MAX_PATH_LENGTH = 200  # names are the client's own, and go back into answers

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]*)", re.IGNORECASE)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_UNSTORABLE_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'  # possessive: linear on any input, closed or not
_NO_BRACKETS = re.compile(rf"{_STRING}|[^\[\]{{}}\"]++", re.DOTALL)
_STRING_OR_COMMA = re.compile(
    # A comma right after an opener or another comma ends nothing, and stays to be refused.
    rf"{_STRING}|[\[{{,:][ \t\r\n]*+,|,(?=[ \t\r\n]*+[\]}}])",
    re.DOTALL,
)


class RequestParseError(ValueError):
    """Why a request cannot be read.

    `code` is one of malformed, not_object, too_deep, duplicate_key, bad_number, bad_text, charset,
    encoding, too_large; `detail` is a sentence without anything the client sent; `path` names the offending
    value (`name`, `addresses[0].city`), or is empty where no single value is at fault.
    """

    def __init__(self, code: str, detail: str, path: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.path = path


def read_json(
    raw: bytes, content_type: str = "", *, trailing_commas: bool = False
) -> dict[str, Any]:
    """The JSON object of a request body, whatever media type it is declared as.

    Integers become int, other numbers Decimal. Raises RequestParseError and nothing else.
    With `trailing_commas`, a body that is not JSON is read once more without them.
    """
    text = _decode(raw, content_type)
    try:
        return _read(text)
    except RequestParseError as fault:
        if not trailing_commas or fault.code != "malformed":
            raise
    return _read(_STRING_OR_COMMA.sub(lambda m: "" if m[0] == "," else m[0], text))


def read_optional_json(
    raw: bytes, content_type: str = "", *, trailing_commas: bool = False
) -> dict[str, Any]:
    """`read_json` for endpoints that may be called without a body, which reads as no keys."""
    return read_json(raw, content_type, trailing_commas=trailing_commas) if raw.strip() else {}


def read_query(query: str | bytes) -> dict[str, list[str]]:
    """Parameters of a query string, in order, with all values of each name.

    A str is taken as WSGI hands it over, one character a byte. Raises RequestParseError.
    """
    raw = query if isinstance(query, bytes) else _wsgi_bytes(query)
    pairs = [part.partition(b"=") for part in raw.split(b"&") if part]
    if len(pairs) > MAX_PARAMETERS:
        raise RequestParseError(
            "malformed", f"The query has more than {MAX_PARAMETERS} parameters."
        )
    found: dict[str, list[str]] = {}
    for raw_name, _, raw_value in pairs:
        name = _unquote(raw_name, "")
        found.setdefault(name, []).append(_unquote(raw_value, name))
    return found


def _wsgi_bytes(query: str) -> bytes:
    try:
        return query.encode("latin-1")
    except UnicodeEncodeError:
        return query.encode("utf-8", "surrogatepass")  # refused by the strict decoding to come


def _unquote(raw: bytes, path: str) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise RequestParseError(
            "bad_text", "The query is not UTF-8.", path[:_MAX_PATH_LENGTH]
        ) from None
    if "\0" in text:
        raise RequestParseError(
            "bad_text", "The query contains a NUL character.", path[:_MAX_PATH_LENGTH]
        )
    return text


def _decode(raw: bytes, content_type: str) -> str:
    if len(raw) > MAX_BYTES:
        raise RequestParseError("too_large", f"The body is larger than {MAX_BYTES} bytes.")
    charset = _CHARSET.search(content_type)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise RequestParseError("charset", "The body must be UTF-8.")
    try:
        # RFC 8259 lets a reader ignore a byte order mark, and some clients send one.
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestParseError("malformed", "The body is not UTF-8.") from None


def _read(text: str) -> dict[str, Any]:
    _check_depth(text)
    hooks = _Hooks()
    try:
        value = json.loads(
            text,
            object_pairs_hook=hooks.read_object,
            parse_int=hooks.read_integer,
            parse_float=hooks.read_fraction,
            parse_constant=hooks.read_constant,
        )
    except json.JSONDecodeError as fault:
        what = fault.msg.removesuffix(" at")
        where = f"line {fault.lineno} column {fault.colno}"
        raise RequestParseError("malformed", f"The body is not JSON: {what} at {where}.") from None
    if hooks.suspicious or _UNSTORABLE_ESCAPE.search(text):
        _refuse_faults(value)
    if not isinstance(value, dict):
        raise RequestParseError("not_object", "The body must be a JSON object.")
    return value


def _check_depth(text: str) -> None:
    """Before parsing, so that no nesting reaches the parser's own recursion."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    brackets = _NO_BRACKETS.sub("", text).replace("{", "[").replace("}", "]")
    for _ in range(MAX_DEPTH):  # each turn takes the innermost pairs out
        brackets = brackets.replace("[]", "")
    if "[]" in brackets or brackets.count("[") > MAX_DEPTH:
        raise RequestParseError("too_deep", f"The body nests deeper than {MAX_DEPTH} levels.")


class _Fault:
    """Stands in the parsed value for one that is refused, until the walk knows its path."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail


class _Hooks:
    """What the parser calls for objects and numbers; remembers whether a fault was put in."""

    def __init__(self) -> None:
        self.suspicious = False

    def fault(self, code: str, detail: str) -> _Fault:
        self.suspicious = True
        return _Fault(code, detail)

    def read_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        value = {}
        for key, item in pairs:
            repeated = key in value
            value[key] = self.fault("duplicate_key", "A key is there twice.") if repeated else item
        return value

    def read_integer(self, digits: str) -> int | _Fault:
        if len(digits) - digits.startswith("-") > MAX_INTEGER_DIGITS:
            return self.fault("bad_number", f"An integer has over {MAX_INTEGER_DIGITS} digits.")
        return int(digits)

    def read_fraction(self, text: str) -> Decimal | _Fault:
        try:
            # Longer than any exact double that people print, and beyond a double's exponent.
            number = Decimal(text) if len(text) <= 100 else None
        except InvalidOperation:
            number = None
        if number is None or abs(number.adjusted()) > 308:
            return self.fault("bad_number", "A number is too large or too precise.")
        return number

    def read_constant(self, _name: str) -> _Fault:
        return self.fault("bad_number", "NaN and Infinity are not JSON numbers.")


def _refuse_faults(value: Any) -> None:
    for path, item in _walk(value, ""):
        if isinstance(item, _Fault):
            raise RequestParseError(item.code, item.detail, path)
        if isinstance(item, str) and _UNSTORABLE.search(item):
            detail = "A text contains a NUL character or a lone surrogate."
            raise RequestParseError("bad_text", detail, path)


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every key and value in document order; a key goes by the path of its object."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from _walk(item, (f"{path}.{key}" if path else key)[:_MAX_PATH_LENGTH])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}[{index}]"[:_MAX_PATH_LENGTH])
    else:
        yield path, value
