"""Two customers side by side, with what differs marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from customers.models import Address, Customer, CustomerTag
from stores.admin.display import amount

NONE = format_html('<span class="quiet">{}</span>', "none")


@dataclass(frozen=True)
class Line:
    """A row of the comparison. `is_compared` is False where a difference says nothing."""

    label: str
    left: str
    right: str
    is_compared: bool = True

    @property
    def state(self) -> str:
        if not self.is_compared:
            return ""
        return "same" if self.left == self.right else "differs"

    @property
    def cells(self) -> tuple[SafeString, SafeString]:
        return marked(self.left, self.right), marked(self.right, self.left)


def lines(first: Customer, second: Customer) -> list[Line]:
    """Return the rows that have a value on one side at least."""
    left, right = facts(first), facts(second)
    compared = [Line(label, left[label], right[label]) for label in left]
    left, right = history(first), history(second)
    told = [Line(label, left[label], right[label], is_compared=False) for label in left]
    return [line for line in (*compared, *told) if line.left or line.right]


def facts(customer: Customer) -> dict[str, str]:
    born = customer.birth_date
    return {
        "Name": customer.name,
        "Company": customer.company,
        "Phone": customer.phone,
        "Mobile": customer.mobile,
        "E-mail": customer.email,
        "Addresses": joined(addresses(customer)),
        "Birthday": date_format(born, "DATE_FORMAT") if born else "",
        "Tax id": customer.tax_id,
        "Id elsewhere": customer.external_id[:100],
        "Marketing": "yes" if customer.marketing_opt_in else "no",
    }


def history(customer: Customer) -> dict[str, str]:
    last = customer.last_order_at
    currency = customer.store.currency
    return {
        "Tags": joined(tags(customer)),
        "Owes": amount(customer.account_balance, currency),
        "Spent": f"{amount(customer.total_spent, currency)}, {customer.order_count} orders",
        "Last order": date_format(localtime(last), "DATE_FORMAT") if last else "",
        "Since": date_format(localtime(customer.customer_since), "DATE_FORMAT"),
        "Came from": customer.get_source_display(),
    }


def joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def addresses(customer: Customer) -> list[str]:
    rows = Address.objects.for_store(customer.store_id).filter(customer=customer)
    return list(dict.fromkeys(str(row) for row in rows.order_by("position", "id")))


def tags(customer: Customer) -> list[str]:
    rows = CustomerTag.objects.for_store(customer.store_id).filter(customer=customer)
    return list(rows.order_by("id").values_list("tag__name", flat=True))


def marked(text: str, other: str) -> SafeString:
    """Return the text with the parts marked that the other text does not have."""
    if not text:
        return NONE
    if not other or text == other:
        return format_html("{}", text)
    blocks = SequenceMatcher(None, text, other, autojunk=False).get_opcodes()
    parts = [(text[start:end], kind == "equal") for kind, start, end, _, _ in blocks]
    return format_html_join("", "{}", ((part_of(part, is_equal),) for part, is_equal in parts))


def part_of(part: str, is_equal: bool) -> SafeString:
    return format_html("{}" if is_equal or not part else "<mark>{}</mark>", part)
