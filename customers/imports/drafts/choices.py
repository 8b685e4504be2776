"""Words for yes, no, genders and payment terms, in English, German, French and Spanish."""

from __future__ import annotations

import csv
import re

from customers.canonical import fold
from customers.imports.drafts.draft import CellError
from customers.models.choices import Gender
from customers.terms import PAYMENT_TERMS
from stores.currencies import parse_currency

YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "t",
        "on",
        "x",
        "ja",
        "wahr",
        "oui",
        "vrai",
        "o",
        "si",
        "s",
        "verdadero",
        "subscribed",
        "active",
        "aktiv",
        "actif",
        "activo",
    ]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "f",
        "off",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
        "unsubscribed",
        "inactive",
        "inaktiv",
        "cleaned",
        "not_subscribed",
        "redacted",
        "inactif",
        "inactivo",
    ]
)
UNKNOWN = frozenset({"unknown", "unbekannt", "inconnu", "desconocido", "pending", "never"})
MALE = frozenset(
    [
        "m",
        "male",
        "man",
        "mr",
        "herr",
        "mann",
        "h",
        "homme",
        "monsieur",
        "hombre",
        "masculino",
        "sr",
        "senor",
    ]
)
FEMALE = frozenset(
    [
        "f",
        "female",
        "woman",
        "ms",
        "mrs",
        "miss",
        "frau",
        "w",
        "weiblich",
        "femme",
        "mme",
        "madame",
        "mujer",
        "sra",
    ]
)
FIRM = frozenset(
    ["company", "firm", "business", "firma", "entreprise", "societe", "empresa", "organization"]
)
MAX_TAG = 100
BETWEEN_TAGS = re.compile(r'("(?:[^"]|"")*")| ::: |[;\r\n]')  # beside the comma, not within quotes
DAYS = re.compile(r"(?:net\s*)?([0-9]{1,3})\s*(?:days?|tage?|jours?|dias?|d)?(?:\s*(?:net|netto))?")
ON_RECEIPT = ("due on receipt", "upon receipt", "sofort", "a reception", "al contado")


def word(text: str) -> str:
    return fold(text).rstrip(".")


def read_yes_or_no(text: str) -> bool | None:
    """Return None for `unknown`. Raises CellError."""
    if word(text) in YES:
        return True
    if word(text) in NO:
        return False
    if word(text) in UNKNOWN:
        return None
    raise CellError("boolean")


def read_gender(text: str) -> int | None:
    """Return the number of a gender; None for any other word."""
    if word(text) in MALE or text == str(Gender.MALE.value):
        return Gender.MALE
    return Gender.FEMALE if word(text) in FEMALE or text == str(Gender.FEMALE.value) else None


def is_firm(text: str) -> bool:
    return word(text) in FIRM or word(text) in YES


def read_payment_terms(text: str) -> str:
    plain = word(text)
    if PAYMENT_TERMS.fullmatch(plain):
        return plain
    if any(name in plain for name in ON_RECEIPT):
        return "due_on_receipt"
    days = DAYS.fullmatch(plain)
    if days is None:
        raise CellError("payment_terms")
    return f"net_{int(days[1])}"


def read_currency(text: str) -> str:
    try:
        return parse_currency(text)
    except ValueError:
        raise CellError("currency") from None


def read_tags(text: str) -> list[str]:
    """Return the tags of a cell: separated by commas, semicolons or Google's sign, in quotes or not."""
    parts = next(
        csv.reader([BETWEEN_TAGS.sub(lambda match: match[1] or ",", text)], skipinitialspace=True),
        [],
    )
    # Google marks its own groups with a star: they say nothing of a customer.
    names = [" ".join(part.split()) for part in parts]
    names = [name for name in names if name and not name.startswith("*")]
    if any(not fold(name) for name in names):
        raise CellError("tag")
    if any(len(name) > MAX_TAG for name in names):
        raise CellError("too_long", most=MAX_TAG)
    return names
