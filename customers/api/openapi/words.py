"""The descriptions of a document: those of all dialects, and a dialect's own, from `words.toml`.

A field is described by its name, or by its component and name where that says something else.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

from customers.api.openapi.schemas import Schema

Sections = dict[str, dict[str, Any]]
COMMON = "customers.api.openapi"
FILE = "words.toml"
FILTER = re.compile(r"filter\[([^\]]+)\](?:\[(\w+)\])?\Z")


class Words:
    """The descriptions for the dialect of a package."""

    def __init__(self, package: str) -> None:
        common, own = read_sections(COMMON), read_sections(package)
        self.sections = {name: common.get(name, {}) | own.get(name, {}) for name in {*common, *own}}

    def find(self, section: str, *names: str) -> str:
        """Return the description under the first of these names that has one, else ""."""
        known = self.sections.get(section, {})
        return next((known[name] for name in names if name in known), "")

    def describe(self, spec: Schema) -> None:
        """Add descriptions to the fields and parameters of a document."""
        for name, schema in spec["components"].get("schemas", {}).items():
            self.describe_fields(name, schema)
        for operation in (one for path in spec["paths"].values() for one in path.values()):
            call = operation["operationId"]
            for parameter in operation.get("parameters", ()):
                parameter["description"] = self.of_parameter(parameter["name"], call)
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    self.describe_fields(call, content["schema"])

    def of_parameter(self, name: str, call: str) -> str:
        """Return the description of a parameter; `filter[name][like]` has that of the operator `like`."""
        if text := self.find("parameters", f"{call}.{name}", name):
            return text
        match = FILTER.match(name)
        return self.find("filters", match[2] or "eq").format(field=match[1]) if match else ""

    def describe_fields(self, component: str, schema: Schema) -> None:
        """Describe the fields of an object, also of those inside it."""
        if text := self.find("components", component):
            schema.setdefault("description", text)
        self.describe_inside(component, schema)

    def describe_inside(self, component: str, schema: Schema) -> None:
        for name, field in schema.get("properties", {}).items():
            if text := self.find("fields", f"{component}.{name}", name):
                field["description"] = text
            self.describe_inside(component, field)
        inner = [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())]
        for part in inner:
            if isinstance(part, dict):
                self.describe_inside(component, part)


def read_sections(package: str) -> Sections:
    """Return the sections of a package's file, none if it has no file."""
    path = files(package) / FILE
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
