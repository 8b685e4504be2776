"""Compare a response with a golden file, and rewrite the file."""

from __future__ import annotations

import re
from typing import Any

KINDS = {
    "<uuid>": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    "<hex id>": re.compile(r"(cust|cont|so)_[0-9a-f]{32}\Z"),
    "<time>": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{3})?Z?\Z"),
    "<text>": re.compile(r".+\Z", re.DOTALL),
}
# differ from run to run, so a rewritten file never holds the values themselves
NEW_KINDS = ("<uuid>", "<hex id>", "<time>")
ABSENT = object()  # stands for a value that a file does not have


def difference(wanted: Any, seen: Any, at: str = "body") -> str:
    """Return the first difference between a response and the story, else ""."""
    if isinstance(wanted, str) and wanted.startswith("<"):
        return "" if is_kind(wanted, seen) else f"{at}: {wanted} wanted, {seen!r} seen"
    if isinstance(wanted, dict) and isinstance(seen, dict):
        if wanted.keys() != seen.keys():
            return f"{at}: keys {sorted(wanted.keys() ^ seen.keys())} on one side only"
        return next((d for k in wanted if (d := difference(wanted[k], seen[k], f"{at}.{k}"))), "")
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        pairs = enumerate(zip(wanted, seen, strict=True))
        return next((d for i, (w, s) in pairs if (d := difference(w, s, f"{at}[{i}]"))), "")
    same = wanted == seen and isinstance(wanted, bool) == isinstance(seen, bool)
    return "" if same else f"{at}: {wanted!r} wanted, {seen!r} seen"


def is_kind(kind: str, seen: Any) -> bool:
    if kind == "<anything>":
        return True
    if kind in ("<integer>", "<number>"):
        types = (int,) if kind == "<integer>" else (int, float)
        return isinstance(seen, types) and not isinstance(seen, bool)
    return isinstance(seen, str) and bool(KINDS[kind].match(seen))


def fill(thing: Any, names: dict[str, Any]) -> Any:
    """Replace `{name}` by remembered values; a text of only `{name}` takes the value's type."""
    if isinstance(thing, dict):
        return {key: fill(value, names) for key, value in thing.items()}
    if isinstance(thing, list):
        return [fill(value, names) for value in thing]
    if not isinstance(thing, str):
        return thing
    if thing[1:-1] in names and thing == f"{{{thing[1:-1]}}}":
        return names[thing[1:-1]]
    for name, value in names.items():
        thing = thing.replace(f"{{{name}}}", str(value))
    return thing


def rewritten(wanted: Any, seen: Any, names: dict[str, Any]) -> Any:
    """Return the file's new value: the old one while it matches, else the actual one."""
    if wanted is not ABSENT and not difference(fill(wanted, names), seen):
        return wanted
    if isinstance(seen, dict):
        old = wanted if isinstance(wanted, dict) else {}
        keys = [*(key for key in old if key in seen), *(key for key in seen if key not in old)]
        return {key: rewritten(old.get(key, ABSENT), seen[key], names) for key in keys}
    if isinstance(seen, list):
        old = wanted if isinstance(wanted, list) else []
        missing = [ABSENT] * (len(seen) - len(old))
        return [rewritten(*pair, names) for pair in zip([*old, *missing], seen, strict=False)]
    return stand_in(seen, names)


def stand_in(seen: Any, names: dict[str, Any]) -> Any:
    """Return the name of a remembered id, the kind of a value that varies, or the value."""
    if not isinstance(seen, str):
        return seen
    remembered = [f"{{{name}}}" for name, value in names.items() if value == seen]
    kinds = [kind for kind in NEW_KINDS if is_kind(kind, seen)]
    return next(iter([*remembered, *kinds]), seen)
