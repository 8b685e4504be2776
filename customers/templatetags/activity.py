"""What pages of events show of the customers and changes behind them."""

from __future__ import annotations

from django import template

from customers.admin.activity import customer_of, sentence
from stores.models import Event

register = template.Library()
register.filter("event_sentence", sentence)


@register.simple_tag
def event_customer(event: Event) -> dict[str, str] | None:
    """Return name and page of the customer that an event is about, if there is one."""
    return customer_of(event)
