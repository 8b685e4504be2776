"""The examples of the contracts, as reviewed files: `tests/golden/<dialect>/<story>.json`.

A story is a list of requests with the answers that the contract prints. Answers are compared key by key;
`<uuid>`, `<hex id>`, `<integer>`, `<number>`, `<time>`, `<text>`, `<anything>` stand for a value of that kind,
`{name}` for one remembered from an earlier answer, or for `store`, `store_pk`, the `key` and `in_30_days`,
the due day of an order of today.

`pytest --rewrite-golden` writes the present answers to the files; review the diff.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customers.dialects import registered_dialects
from stores.models import ApiKey, Store
from tests.conformance.conftest import dig
from tests.conformance.golden import difference, fill, rewritten

STORIES = sorted((Path(__file__).parent.parent / "golden").glob("*/*.json"))


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
def test_examples_of_the_contracts(db, path, pytestconfig):
    story = json.loads(path.read_text())
    place = {"country": "AU", "currency": "AUD", "timezone": "Australia/Sydney"}
    store = Store.objects.create(name="Golden", **place | story.get("store", {}))
    _, key = ApiKey.issue(store=store, name="Golden")
    dialect = next(one for one in registered_dialects() if one.name == path.parent.name)
    header = "X-GC-API-KEY" if "X-GC-API-KEY" in dialect.key_headers else "Authorization"
    names: dict[str, Any] = {"store": str(store.uid), "store_pk": store.pk, "key": key}
    names["in_30_days"] = str(datetime.now(store.tzinfo).date() + timedelta(days=30))
    check = rewrite if pytestconfig.getoption("rewrite_golden") else check_step
    for number, step in enumerate(story["steps"], 1):
        answer = send(step["request"], key, header, names)
        seen = json.loads(answer.content) if answer.content else None
        check(step.get("answer", {}), answer.status_code, seen, names, f"step {number}")
        for name, where in step.get("remember", {}).items():
            names[name] = dig(seen, where)
    if check is rewrite:
        path.write_text(json.dumps(story, indent=2) + "\n")


def check_step(
    wanted: dict[str, Any], status: int, seen: Any, names: dict[str, Any], at: str
) -> None:
    if "status" in wanted:
        assert status == wanted["status"], f"{at}: {seen!r}"
    if "body" in wanted:
        first_difference = difference(fill(wanted["body"], names), seen)
        assert not first_difference, f"{at}: {first_difference}"


def rewrite(wanted: dict[str, Any], status: int, seen: Any, names: dict[str, Any], at: str) -> None:
    """Rewrite the parts of a response that a step names; leave out all others."""
    if "status" in wanted:
        wanted["status"] = status
    if "body" in wanted:
        wanted["body"] = rewritten(wanted["body"], seen, names)


def test_every_dialect_has_stories():
    assert {path.parent.name for path in STORIES} == {
        dialect.name for dialect in registered_dialects()
    }
