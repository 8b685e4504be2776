"""The strict reader of request bodies and query strings, for all dialects.

Refuses what two readers could understand differently or a database cannot store: duplicate keys, NaN,
numbers without an exact value, NUL, lone surrogates, deep nesting.
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
_MAX_PATH_LENGTH = 200  # the client chose the names, and error messages repeat them

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s\";]*)", re.IGNORECASE)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_UNSTORABLE_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'  # possessive: linear on any input, closed or not
_NO_BRACKETS = re.compile(rf"{_STRING}|[^\[\]{{}}\"]++", re.DOTALL)
_STRING_OR_COMMA = re.compile(
    # A comma right after an opening bracket or another comma is kept, so that the JSON is refused.
    rf"{_STRING}|[\[{{,:][ \t\r\n]*+,|,(?=[ \t\r\n]*+[\]}}])",
    re.DOTALL,
)


class RequestParseError(ValueError):
    """Raised when a request cannot be read.

    `code` is one of malformed, not_object, too_deep, duplicate_key, bad_number, bad_text, charset,
    encoding, too_large, query. `detail` is a sentence that repeats nothing the client sent. `path` names the
    invalid value (`name`, `addresses[0].city`), or is empty when no single value is to blame.
    """

    def __init__(self, code: str, detail: str, path: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.path = path


def read_json(
    raw: bytes, content_type: str = "", *, trailing_commas: bool = False
) -> dict[str, Any]:
    """Return the JSON object of a request body. Its declared media type is ignored, except for the charset.

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
    """Read JSON like `read_json`; an empty body is an empty object."""
    return read_json(raw, content_type, trailing_commas=trailing_commas) if raw.strip() else {}


def read_query(query: str | bytes) -> dict[str, list[str]]:
    """Return the parameters of a query string, in order, with all values of each name.

    A str has one character for each byte, as WSGI passes it. Raises RequestParseError.
    """
    raw = query if isinstance(query, bytes) else _wsgi_bytes(query)
    pairs = [part.partition(b"=") for part in raw.split(b"&") if part]
    if len(pairs) > MAX_PARAMETERS:
        raise RequestParseError("query", f"The query has more than {MAX_PARAMETERS} parameters.")
    parameters: dict[str, list[str]] = {}
    for raw_name, _, raw_value in pairs:
        name = _unquote(raw_name, "")
        parameters.setdefault(name, []).append(_unquote(raw_value, name))
    return parameters


def _wsgi_bytes(query: str) -> bytes:
    try:
        return query.encode("latin-1")
    except UnicodeEncodeError:
        return query.encode("utf-8", "surrogatepass")  # which `_unquote` then refuses


def _unquote(raw: bytes, path: str) -> str:
    """Return the text of a name, for which `path` is empty, or of the value of the parameter `path`."""
    code = "bad_text" if path else "query"
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise RequestParseError(code, "The query is not UTF-8.", path[:_MAX_PATH_LENGTH]) from None
    if "\0" in text:
        raise RequestParseError(
            code, "The query contains a NUL character.", path[:_MAX_PATH_LENGTH]
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
        reason = fault.msg.removesuffix(" at")
        position = f"line {fault.lineno} column {fault.colno}"
        raise RequestParseError(
            "malformed", f"The body is not JSON: {reason} at {position}."
        ) from None
    if hooks.suspicious or _UNSTORABLE_ESCAPE.search(text):
        _refuse_faults(value)
    if not isinstance(value, dict):
        raise RequestParseError("not_object", "The body must be a JSON object.")
    return value


def _check_depth(text: str) -> None:
    """Refuse deep nesting before parsing: the parser is recursive and would exhaust the stack."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    brackets = _NO_BRACKETS.sub("", text).replace("{", "[").replace("}", "]")
    for _ in range(MAX_DEPTH):  # each step removes the innermost pairs
        brackets = brackets.replace("[]", "")
    if "[]" in brackets or brackets.count("[") > MAX_DEPTH:
        raise RequestParseError("too_deep", f"The body nests deeper than {MAX_DEPTH} levels.")


class _Fault:
    """Replaces an invalid value while parsing; `_refuse_faults` then finds its path."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail


class _Hooks:
    """The callbacks of the parser for objects and numbers; `suspicious` says that one made a fault."""

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
            # No double is printed with so many digits; none has an exponent above 308.
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
    """Yield every key and value in document order, with its path. The path of a key is that of its object."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from _walk(item, (f"{path}.{key}" if path else key)[:_MAX_PATH_LENGTH])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}[{index}]"[:_MAX_PATH_LENGTH])
    else:
        yield path, value
