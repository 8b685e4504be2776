"""How tests read and send the pages of the back office as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


class Controls(HTMLParser):
    """The names and values that a browser would send with a page's main form."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == self.form_id
        if not self.inside or "disabled" in found:
            return
        name = found.get("name") or ""
        if tag == "input" and name:
            self.take_input(name, found)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.values.setdefault(self.select, []).append(found.get("value") or "")
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = [""]

    def take_input(self, name: str, found: dict[str, Any]) -> None:
        kind = found.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        if kind not in ("submit", "button"):
            blank = "on" if kind == "checkbox" else ""
            self.values.setdefault(name, []).append(found.get("value") or blank)

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            # a browser takes away the first line break, and Django's templates put one there
            self.values[self.textarea][0] = self.values[self.textarea][0].lstrip("\r\n")
            self.textarea = ""
        elif tag == "form":
            self.inside = False


def controls(page: HttpResponse, form_id: str) -> dict[str, list[str]]:
    reader = Controls(form_id)
    reader.feed(page.content.decode())
    return reader.values


def open_page(client: Client, model: str, pk: int | None = None) -> HttpResponse:
    """The page of a row, or of a new one; `model` such as `customers_customer`."""
    name = f"admin:{model}_{'add' if pk is None else 'change'}"
    return client.get(reverse(name, args=[] if pk is None else [pk]))


def save(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Sends a page back with some of its controls changed, and follows to the next page.

    A value of None clears a box; names of inlines are theirs (`addresses-0-city`).
    """
    return submit(client, page, f"{page.wsgi_request.path.split('/')[3]}_form", changes)


def send(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Sends back the page that a button leads to."""
    return submit(client, page, "button_form", changes)


def submit(
    client: Client, page: HttpResponse, form_id: str, changes: dict[str, Any]
) -> HttpResponse:
    values: dict[str, Any] = controls(page, form_id)
    for name, value in changes.items():
        values[name] = [] if value is None else value
    return client.post(page.wsgi_request.get_full_path(), values, follow=True)


def messages_of(page: HttpResponse) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def errors_of(page: HttpResponse) -> str:
    """All errors of a page that was sent back, in one text."""
    return " ".join(str(error) for error in page.context["errors"])
