"""What clients send back as they were shown it.

A customer that one dialect made may lack what another one demands, or have what that one would not take. Its
clients read the whole object, change a value and send all of it; what they leave as it was stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson


def without_echoes(
    body: Mapping[str, Any], names: Iterable[str], shown: Mapping[str, Any]
) -> dict[str, Any]:
    """The body without those of these keys whose values are the ones that are shown."""
    echoed = {name for name in names if name in body and _is_same(body[name], shown.get(name, ...))}
    return {name: value for name, value in body.items() if name not in echoed}


def come_back(body: Mapping[str, Any], names: Iterable[str], shown: Mapping[str, Any]) -> bool:
    """Whether what is sent under these keys is as it is shown, and something else, too.

    A value that is sent by itself, or among new ones, is meant, also when it is the one that is shown.
    """
    echoed = {name for name, value in body.items() if _is_same(value, shown.get(name, ...))}
    return body.keys() & set(names) <= echoed and not echoed <= set(names)


def _is_same(sent: Any, shown: Any) -> bool:
    """Whether they are the same JSON: `1` is not `true`."""
    return shown is not ... and _json(sent) == _json(shown)


def _json(value: Any) -> bytes:
    """JSON of which there is one for each value: amounts are shown with two places, and sent with fewer."""
    read = orjson.loads(orjson.dumps(value, default=float))
    return orjson.dumps(read, option=orjson.OPT_SORT_KEYS)
