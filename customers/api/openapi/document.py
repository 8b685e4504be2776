"""The OpenAPI 3.1 document of a dialect."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from django.conf import settings

from customers.api.openapi.description import DialectDescription
from customers.api.openapi.generator import DialectGenerator
from customers.api.openapi.inference import component_schemas
from customers.api.openapi.response_headers import HEADERS
from customers.api.openapi.schemas import Schema
from customers.api.openapi.versions import as_openapi_31


@cache
def document(package: str) -> Schema:
    """Return the document of a registered dialect, by the name of its package."""
    about = DialectDescription(package)
    spec: Schema = DialectGenerator(about).get_schema(public=True)
    components = spec["components"]
    schemas = components.get("schemas", {}) | component_schemas(about.examples())
    accept_what_is_shown(schemas)
    spec["components"] = components | {"schemas": schemas, "headers": HEADERS}
    about.words.describe(spec)
    about.samples.illustrate(spec)
    spec |= introduction(about, spec)
    return as_openapi_31(spec)  # type: ignore[no-any-return]


def introduction(about: DialectDescription, spec: Schema) -> Schema:
    """Return the parts that are about the whole document."""
    info = {
        "title": f"Clientele: {about.dialect.title}",
        "version": release(),
        "description": about.introduction,
        "contact": {"name": "The operator of this server"},
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    roots = ("", *about.dialect.other_roots)
    servers = [{"url": root or "/", "description": "This server"} for root in roots]
    paths = [*spec["paths"].values(), *about.webhooks.values()]
    operations = [operation for path in paths for operation in path.values()]
    names = dict.fromkeys(tag for operation in operations for tag in operation["tags"])
    tags = [{"name": name, "description": about.words.find("tags", name)} for name in names]
    webhooks = {"webhooks": about.webhooks} if about.webhooks else {}
    return {"openapi": "3.1.0", "info": info, "servers": servers, "tags": tags, **webhooks}


def accept_what_is_shown(schemas: dict[str, Schema]) -> None:
    """Allow null in a change wherever answers show it: a value that is sent back unchanged is not refused."""
    for name, schema in schemas.items():
        shown = schemas.get(re.sub("(Change|Input)$", "", name), schema).get("properties", {})
        for key, value in schema.get("properties", {}).items():
            if shown.get(key, {}).get("nullable"):
                value["nullable"] = True


@cache
def release() -> str:
    """Return the release of the server, which is that of its APIs."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    version: str = project["project"]["version"]
    return version
