"""Canonical forms: what two spellings of one name, e-mail address or phone number have in common.

The book compares and searches by these forms only. They are computed here and nowhere else, and
never by SQL, whose lower() and collations differ from one engine to the next.
"""

from customers.canonical.emails import EmailAddress, email_key, email_spellings, parse_email
from customers.canonical.phones import (
    Phone,
    digits_pattern,
    phone_digits,
    phone_from_parts,
    phone_from_text,
    phone_search_keys,
    search_digits,
)
from customers.canonical.text import (
    SORT_KEY_LENGTH,
    fold,
    join_name,
    name_sort_key,
    searchable,
    spellings,
    split_name,
)
from stores.names import clean_name, is_visible

__all__ = [
    "SORT_KEY_LENGTH",
    "EmailAddress",
    "Phone",
    "clean_name",
    "digits_pattern",
    "email_key",
    "email_spellings",
    "fold",
    "is_visible",
    "join_name",
    "name_sort_key",
    "parse_email",
    "phone_digits",
    "phone_from_parts",
    "phone_from_text",
    "phone_search_keys",
    "search_digits",
    "searchable",
    "spellings",
    "split_name",
]
