"""Keep the words that staff find a customer by. `Edit` calls this in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from customers.canonical import (
    email_key,
    email_spellings,
    fold,
    phone_from_text,
    phone_search_keys,
    searchable,
)
from customers.models import Customer, CustomerWords
from customers.reads import Row
from stores.models import Store

# Columns and children whose change may change the words.
IN_WORDS = frozenset(
    {
        "name",
        "company",
        "email",
        "phone",
        "phone_dial_code",
        "phone_number",
        "mobile",
        "fax",
        "cc_email",
        "tax_id",
        "external_id",
        "withdrawn_at",
        "addresses",
        "billing_address",
        "contacts",
    }
)


def save_words(customer: Customer, row: Row) -> None:
    """Store the words of a locked customer, given its whole row. A withdrawn one keeps none."""
    if row["withdrawn_at"] is not None:
        CustomerWords.objects.filter(store=customer.store_id, customer=row["id"]).delete()
        return
    words = words_of(customer.search_text, row, customer.store.country)
    CustomerWords.objects.save_words(customer.store_id, row["id"], words)


def save_words_of_new(store: Store, customers: Sequence[tuple[Customer, Row]]) -> None:
    """Store the words of customers that were just inserted, given their whole rows."""
    texts = [(row["id"], words_of(one.search_text, row, store.country)) for one, row in customers]
    CustomerWords.objects.save_words_of_many(store.pk, texts)


def words_of(search_text: str, row: Row, region: str) -> str:
    """Return all texts that staff find a customer by, one a line: first those that the APIs search, too.

    `region` is the country of the store. The row has the columns `fax`, `cc_email`, `tax_id`, `external_id`,
    and the rows of `contacts` and `addresses`.
    """
    lines = [search_text, *phone_lines(row["fax"], region), *email_lines(row["cc_email"])]
    lines += code_lines(row["tax_id"])
    lines += code_lines(row["external_id"])
    for contact in row["contacts"]:
        lines += text_lines(contact["name"])
        lines += email_lines(contact["email"])
        lines += phone_lines(contact["phone"], region)
    for address in row["addresses"]:
        recipient = f"{address['first_name']} {address['last_name']}"
        lines += text_lines(
            recipient, address["company"], address["line1"], address["line2"], address["city"]
        )
        lines += code_lines(address["postcode"])
        lines += phone_lines(address["phone"], region)
    return "\n".join(new_lines(lines))


def new_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that say something which none before them says."""
    former = ""
    for line in lines:
        if line and line not in former:
            former = f"{former}\n{line}"
            yield line


def text_lines(*texts: str) -> list[str]:
    return [searchable(text) for text in texts if text and not text.isspace()]


def code_lines(code: str) -> list[str]:
    """Return a code as it is written, and in one piece."""
    if not code:
        return []
    folded = fold(code)
    return [folded] if folded.isalnum() else [folded, "".join(filter(str.isalnum, folded))]


def email_lines(email: str) -> list[str]:
    if not email:
        return []
    try:
        return ["\t".join(email_spellings(email, email_key(email)))]
    except ValueError:
        return [searchable(email)]


def phone_lines(phone: str, region: str) -> list[str]:
    """Return the digits in every usual way to write them; nothing for what is no phone number."""
    if phone:
        with suppress(ValueError):
            return [phone_search_keys(phone_from_text(phone, region), region)]
    return []
