"""The documents' own examples, kept as reviewed files: `tests/golden/<dialect>/<story>.json`.

A story is a list of requests with the answers that the document prints. Answers are compared key by key;
`<uuid>`, `<hex id>`, `<integer>`, `<number>`, `<time>`, `<text>`, `<anything>` stand for a value of that kind,
`{name}` for one remembered from an earlier answer, or for `store`, `store_pk` and the `key`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customers.dialects import registered
from stores.models import ApiKey, Store
from tests.conformance.conftest import dig

STORIES = sorted((Path(__file__).parent.parent / "golden").glob("*/*.json"))
KINDS = {
    "<uuid>": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    "<hex id>": re.compile(r"(cust|cont|so)_[0-9a-f]{32}\Z"),
    "<time>": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{3})?Z?\Z"),
    "<text>": re.compile(r".+\Z", re.DOTALL),
}


def difference(wanted: Any, seen: Any, at: str = "body") -> str:
    """The first place where an answer is not what the story says; "" where there is none."""
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
    """Puts remembered values where `{name}` stands; a text that is nothing else takes their type."""
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


def send(request: dict[str, Any], key: str, header: str, names: dict[str, Any]):
    raw = request.get("raw")
    body = (
        fill(raw, names)
        if raw
        else json.dumps(fill(request["body"], names))
        if "body" in request
        else ""
    )
    credentials = {header: key if header != "Authorization" else f"Bearer {key}"}
    return Client().generic(
        request["method"],
        fill(request["path"], names),
        body.encode(),
        content_type="application/json",
        headers={**credentials, **fill(request.get("headers", {}), names)},
    )


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_documents_examples(db, path):
    story = json.loads(path.read_text())
    place = {"country": "AU", "currency": "AUD", "timezone": "Australia/Sydney"}
    store = Store.objects.create(name="Golden", **place | story.get("store", {}))
    _, key = ApiKey.issue(store=store, name="Golden")
    dialect = next(one for one in registered() if one.name == path.parent.name)
    header = "X-GC-API-KEY" if "X-GC-API-KEY" in dialect.key_headers else "Authorization"
    names: dict[str, Any] = {"store": str(store.uid), "store_pk": store.pk, "key": key}
    for number, step in enumerate(story["steps"], 1):
        answer = send(step["request"], key, header, names)
        seen = json.loads(answer.content) if answer.content else None
        wanted = step.get("answer", {})
        if "status" in wanted:
            assert answer.status_code == wanted["status"], f"step {number}: {answer.content!r}"
        if "body" in wanted:
            found = difference(fill(wanted["body"], names), seen)
            assert not found, f"step {number}: {found}"
        for name, where in step.get("remember", {}).items():
            names[name] = dig(seen, where)


def test_every_dialect_has_its_stories():
    assert {path.parent.name for path in STORIES} == {dialect.name for dialect in registered()}
