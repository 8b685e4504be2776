"""Read and submit the pages of the back office as a browser does."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import Customer

CUSTOMER_LIST = reverse("admin:customers_customer_changelist")


class Controls(HTMLParser):
    """Parser that collects the names and values a browser sends with a form."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.inside = attributes.get("id") == self.form_id
        if not self.inside or "disabled" in attributes:
            return
        name = attributes.get("name") or ""
        if tag == "input" and name:
            self.take_input(name, attributes)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.values.setdefault(self.select, []).append(attributes.get("value") or "")
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = [""]

    def take_input(self, name: str, attributes: dict[str, Any]) -> None:
        kind = attributes.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in attributes:
            return
        if kind not in ("submit", "button"):
            blank = "on" if kind == "checkbox" else ""
            self.values.setdefault(name, []).append(attributes.get("value") or blank)

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            # a browser drops the first line break, which Django's templates add
            self.values[self.textarea][0] = self.values[self.textarea][0].lstrip("\r\n")
            self.textarea = ""
        elif tag == "form":
            self.inside = False


def controls(page: HttpResponse, form_id: str) -> dict[str, list[str]]:
    reader = Controls(form_id)
    reader.feed(page.content.decode())
    return reader.values


def read_customer(client: Client, pk: int) -> HttpResponse:
    """Open the page of a customer for reading."""
    return client.get(reverse("admin:customers_customer_change", args=[pk]))


def open_page(client: Client, model: str, pk: int | None = None) -> HttpResponse:
    """Open the form of a row, or of a new one; `model` is like `customers_customer`."""
    name = f"admin:{model}_{'add' if pk is None else 'change'}"
    url = reverse(name, args=[] if pk is None else [pk])
    has_reading_page = model in ("customers_customer", "orders_order") and pk is not None
    return client.get(f"{url}?edit=all" if has_reading_page else url)


def save(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Submit a page with some controls changed, and follow the redirect.

    None clears a checkbox; fields of inlines have Django's names (`addresses-0-city`).
    """
    return submit(client, page, f"{page.wsgi_request.path.split('/')[3]}_form", changes)


def send(client: Client, page: HttpResponse, **changes: Any) -> HttpResponse:
    """Submit the form of a button's page."""
    return submit(client, page, "button_form", changes)


def submit(
    client: Client, page: HttpResponse, form_id: str, changes: dict[str, Any]
) -> HttpResponse:
    values: dict[str, Any] = controls(page, form_id)
    for name, value in changes.items():
        values[name] = [] if value is None else value
    return client.post(action_of(page, form_id), values, follow=True)


def act(
    client: Client, action: str, *chosen: Customer, path: str = CUSTOMER_LIST, **data: Any
) -> HttpResponse:
    """Run an action of the list on the chosen customers."""
    pks = [customer.pk for customer in chosen]
    data |= {"action": action, "_selected_action": pks, "index": 0}
    return client.post(path, data, follow=True)


def action_of(page: HttpResponse, form_id: str) -> str:
    """Return the URL that a form is sent to: its action, or else the page's own."""
    [attributes] = re.findall(rf'<form ([^>]*id="{form_id}"[^>]*)>', page.content.decode())
    action = re.search(r'action="([^"]*)"', attributes)
    return urljoin(page.wsgi_request.get_full_path(), unescape(action[1]) if action else "")


def messages_of(page: HttpResponse) -> list[str]:
    """Return the messages of a page, without the buttons in them."""
    texts = [str(message) for message in page.context["messages"]]
    return [re.sub(r"\s*<button.*?</button>", "", text) for text in texts]


def errors_of(page: HttpResponse) -> str:
    """Return all errors of a submitted page as one text."""
    return " ".join(str(error) for error in page.context["errors"])
