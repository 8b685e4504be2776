"""Collects what a dialect says about its calls."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any

from customers.api.dialect import Dialect
from customers.api.openapi.error_responses import all_bodies, responses
from customers.api.openapi.operations import Operation
from customers.api.openapi.samples import Samples
from customers.api.openapi.schemas import Schema
from customers.api.openapi.words import Words
from customers.api.views import DialectViewSet


class DialectDescription:
    """A dialect with the operations of its `openapi` module, its words and its samples."""

    def __init__(self, package: str) -> None:
        module = import_module(package)
        self.dialect: Dialect = import_module(f"{package}.wire").dialect
        self.patterns = import_module(f"{package}.urls").urlpatterns
        self.introduction = (module.__doc__ or "").strip()
        described = find_spec(f"{package}.openapi") and import_module(f"{package}.openapi")
        self.operations = getattr(described, "OPERATIONS", {})
        self.webhooks: Schema = getattr(described, "WEBHOOKS", {})
        self.webhook_examples: list[Any] = getattr(described, "WEBHOOK_EXAMPLES", [])
        self.words, self.samples = Words(package), Samples(package)
        all_operations = chain.from_iterable(one.values() for one in self.operations.values())
        self.all_operations: list[Operation] = list(all_operations)
        self.problems = [problem for one in self.all_operations for problem in one.problems]
        self.error_responses = responses(self.dialect, self.problems)

    def operation(self, view: DialectViewSet) -> Operation:
        operation: Operation = self.operations.get(type(view), {}).get(view.action, Operation())
        return operation

    def shows_versions(self, view: DialectViewSet) -> bool:
        """True for a resource whose answers have ETags, so that creates answer one, too."""
        one: Operation = self.operations.get(type(view), {}).get("retrieve", Operation())
        return one.versioned

    def examples(self) -> list[Any]:
        """Return examples of all that answers, refusals and webhooks contain."""
        answers = [answer for operation in self.all_operations for answer in operation.answers]
        return [*answers, *self.webhook_examples, *all_bodies(self.dialect, self.problems)]
