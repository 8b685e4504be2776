"""Reads settings from environment variables. The error for an invalid one names it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BOOLEANS = {"true": True, "yes": True, "on": True, "1": True}
BOOLEANS |= {"false": False, "no": False, "off": False, "0": False, "": False}
RATE = re.compile(r"[1-9][0-9]{0,8}/(s|sec|m|min|h|hour)")
HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
ORIGIN = re.compile(r"https?://((\*\.)?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\])(:[1-9][0-9]{0,4})?")
PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
TARGET = re.compile(r"[^/@\s]+:[1-9][0-9]{0,4}")
MAX_INTEGER = 2**31 - 1  # what PostgreSQL and the C library take
ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Environment(environ.Env):  # type: ignore[misc]  # the library has no type hints
    """Strict readers of variables. Each raises ImproperlyConfigured for an invalid value."""

    @classmethod
    def read_env(cls, *args: Any, **kwargs: Any) -> None:
        try:
            super().read_env(*args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f".env cannot be read: {error}") from None

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} cannot be read: {error}") from None

    @classmethod
    def parse_value(cls, value: str, cast: Any) -> Any:
        """Parse more strictly than the library, which reads `HTTPS=ture` as false and `1,5` as a fraction."""
        if cast is bool:
            return parse_bool(value)
        if cast is float:
            return float(value)
        if cast is list:
            return split_list(value)
        if isinstance(cast, list):
            return [cast[0](item) for item in split_list(value)]
        return super().parse_value(value, cast)

    def database(self, name: str, default: str = "") -> dict[str, Any]:
        try:
            database: dict[str, Any] = self.db_url(name, default=default)
        except ValueError:  # its text would quote the password
            database = {}
        if database.get("ENGINE") not in ENGINES or self.str(name, default=default).endswith("://"):
            raise ImproperlyConfigured(
                f"{name} is postgres://user:password@host:5432/name or sqlite:///file."
            )
        return database

    def email(self, name: str, sender: str) -> dict[str, Any]:
        """Return Django's settings for e-mail. Without a mail server the worker prints letters."""
        try:
            settings: dict[str, Any] = self.email_url(name, default="consolemail://")
        except (KeyError, ValueError):  # its text would quote the password
            raise ImproperlyConfigured(
                f"{name} is smtp://user:password@host:25, smtp+tls://…:587, smtp+ssl://…:465 or consolemail://."
            ) from None
        address = self.str(sender, default="clientele@localhost")
        return settings | {"EMAIL_TIMEOUT": 20, "DEFAULT_FROM_EMAIL": address}

    def whole(self, name: str, default: int, low: int = 0) -> int:
        number: int = self.int(name, default=default)
        if not low <= number <= MAX_INTEGER:
            raise ImproperlyConfigured(f"{name} is a whole number from {low} to {MAX_INTEGER}.")
        return number

    def seconds(self, name: str, default: float) -> float:
        number: float = self.float(name, default=default)
        if not 0 <= number <= MAX_INTEGER:  # refuses nan too
            raise ImproperlyConfigured(f"{name} is seconds, 0 or more.")
        return number

    def targets(self, name: str) -> list[str]:
        targets: list[str] = self.list(name, default=[])
        if not all(TARGET.fullmatch(target) for target in targets):
            raise ImproperlyConfigured(f"{name} is host:port, with commas between them.")
        return targets

    def hosts(self, name: str, default: list[str]) -> list[str]:
        hosts: list[str] = self.list(name, default=default)
        if not all(HOST.fullmatch(host) for host in hosts):
            raise ImproperlyConfigured(
                f"{name} is names of hosts with commas between them, without https:// or ports."
            )
        return hosts

    def origins(self, name: str) -> list[str]:
        origins: list[str] = self.list(name, default=[])
        if not all(ORIGIN.fullmatch(origin) for origin in origins):
            raise ImproperlyConfigured(
                f"{name} is origins such as https://book.example.com, with commas between them and no path."
            )
        return origins

    def domain(self, name: str) -> str | None:
        text: str = self.str(name, default="")
        if "://" in text or re.search(r"\s", text):
            raise ImproperlyConfigured(
                f"{name} is a host, optionally with a port or a path, without https://."
            )
        return text or None

    def path_prefix(self, name: str) -> str | None:
        text: str = self.str(name, default="")
        if text and not PREFIX.fullmatch(text):
            raise ImproperlyConfigured(
                f"{name} is a path such as /clientele, without a / at the end."
            )
        return text or None

    def redis(self, name: str) -> str:
        text: str = self.str(name, default="")
        if text and not is_redis(text):
            raise ImproperlyConfigured(f"{name} is redis://host:6379/0, or rediss:// with TLS.")
        return text

    def rate(self, name: str, default: str) -> str:
        text: str = self.str(name, default=default)
        if not RATE.fullmatch(text):
            raise ImproperlyConfigured(
                f"{name} is a number a /sec, /min or /hour, such as 600/min."
            )
        return text

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        text: str = self.str(name, default=default)
        if text not in choices:
            raise ImproperlyConfigured(f"{name} is one of {', '.join(choices)}.")
        return text


def is_redis(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("redis", "rediss", "unix") and parts.port != 0
    except ValueError:  # the port is no number, or too large
        return False


def split_list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def parse_bool(text: str) -> bool:
    try:
        return BOOLEANS[text.strip().lower()]
    except KeyError:
        raise ValueError("it is true or false") from None
