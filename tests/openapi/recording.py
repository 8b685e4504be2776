"""Records real calls of a dialect, those of its golden stories, as the examples of its document."""

from __future__ import annotations

import json
import re
from typing import Any

from customers import dialects
from customers.api.reader import read_json
from stores.models import ApiKey, Store
from tests.conformance.conftest import dig
from tests.conformance.golden import fill
from tests.conformance.test_golden import send

# what differs from run to run
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
HEX = re.compile(r"(?<=_)[0-9a-f]{12}7[0-9a-f]{19}\Z")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
CURSOR = re.compile(r"eyJ[A-Za-z0-9_-]{20,}")
# of a call of another server, which the tests have not
TEST_RESULT = {"delivered": True, "statusCode": 204, "error": None, "durationMs": 87}
BY_HAND = {"storefront": {"test_webhook": {"response": {**TEST_RESULT, "item": TEST_RESULT}}}}
INTEGER_IDS = ("id", "manufacturer_id", "next", "default_depot_id")
FIRST_INTEGER = {"id": 1041, "manufacturer_id": 7}
MAX_ROWS = 2  # of a list
SHORT_LISTS = ("data", "items")


class Recorder:
    """The calls of one dialect by operation: the first that succeeded, with what was sent."""

    def __init__(self, name: str) -> None:
        self.dialect = next(one for one in dialects.registered_dialects() if one.name == name)
        self.resolver = dialects.resolver_of(self.dialect)
        self.calls: dict[str, dict[str, Any]] = dict(BY_HAND.get(name, {}))
        self._integers: list[tuple[str, int]] = []  # of the present story
        self._known: dict[Any, Any] = {}  # a value that varies -> the one that stands for it

    def play(self, story: dict[str, Any]) -> None:
        self._integers.clear()
        place = {"country": "AU", "currency": "AUD", "timezone": "Australia/Sydney"}
        store = Store.objects.create(name="Oak & Pine", **place | story.get("store", {}))
        issued, key = ApiKey.issue(store=store, name="Till 1")
        self._known[issued.key_id] = "k7Qm2xV9tR4b"
        has_own_header = "X-GC-API-KEY" in self.dialect.key_headers
        header = "X-GC-API-KEY" if has_own_header else "Authorization"
        names: dict[str, Any] = {"store": str(store.uid), "store_pk": store.pk, "key": key}
        for step in story["steps"]:
            request = step["request"]
            answer = send(request, key, header, names)
            body = json.loads(answer.content) if answer.content else None
            names |= {name: dig(body, where) for name, where in step.get("remember", {}).items()}
            if answer.status_code < 300:
                self.record(fill(request, names), body)

    def record(self, request: dict[str, Any], body: Any) -> None:
        if dialects.dialect_of(request["path"].partition("?")[0]) is not self.dialect:
            return  # a story may prepare its store through another dialect
        if "raw" in request:
            request["body"] = read_json(request["raw"].encode(), trailing_commas=True)
        call = self.calls.setdefault(self.operation_of(request), {})
        if call and ("request" in call or "body" not in request):
            return
        call.clear()  # a call with a body shows more
        if "body" in request:
            call["request"] = self.steady(request["body"])
        if body is not None:
            call["response"] = self.steady(body)

    def operation_of(self, request: dict[str, Any]) -> str:
        """Return the operation's id in the document: its action and resource."""
        callback = self.resolver.resolve(request["path"].partition("?")[0]).func
        action = callback.actions[request["method"].lower()]
        resource = callback.cls.__name__.removesuffix("ViewSet")
        return f"{action}_{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', resource).lower()}"

    def steady(self, value: Any, key: str = "") -> Any:
        """Return the value with what varies replaced, and with few rows."""
        if isinstance(value, dict):
            return {name: self.steady(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            rows = value[:MAX_ROWS] if key in SHORT_LISTS else value
            return [self.steady(item) for item in rows]
        if key in INTEGER_IDS and isinstance(value, int) and not isinstance(value, bool):
            return self.integer(key, value)
        return self.steady_text(value) if isinstance(value, str) else value

    def steady_text(self, text: str) -> str:
        if text in self._known:
            return str(self._known[text])
        text = text.replace("http://testserver", "https://book.example.com")
        text = UUID.sub(lambda match: self.uuid(match[0].replace("-", ""), "-"), text)
        text = HEX.sub(lambda match: self.uuid(match[0], ""), text)
        text = SECRET.sub("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", text)
        return CURSOR.sub("eyJiIjoiNWY0ZGNjM2I1YWE3NjVkNiJ9", text)

    def uuid(self, digits: str, dash: str) -> str:
        found: str = self.stand_in(
            digits, lambda number: f"019cb0d2f7a07000800000000000{number:04x}"
        )
        return dash.join([found[:8], found[8:12], found[12:16], found[16:20], found[20:]])

    def integer(self, key: str, value: int) -> int:
        """Return the stand-in of an id in this story. On SQLite, the next story has the same ids again."""
        kind = "manufacturer_id" if key == "manufacturer_id" else "id"
        same_kind = [number for known, number in self._integers if known == kind]
        if value not in same_kind:
            self._integers.append((kind, value))
            same_kind.append(value)
        return FIRST_INTEGER[kind] + same_kind.index(value)

    def stand_in(self, value: Any, make: Any) -> Any:
        if value not in self._known:
            self._known[value] = make(len(self._known) + 1)
        return self._known[value]
