"""A credit note as a PDF, with names in any script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orders.credit_notes.document import Document
from orders.models import LetterSettings
from orders.paper.days import long_day
from orders.paper.paper import Paper

COLUMNS = ("Product", "Quantity", "Price", "Amount")


def pdf_of(document: Document, recipient: Sequence[str], settings: LetterSettings) -> bytes:
    """Return the PDF of a credit note; `recipient` is the address, a line each."""
    order, note = document.order, document.note
    title = f"Credit note {note.number}"
    names = (line.name for line in document.lines)
    paper = Paper(title, order.store, order.currency, recipient, settings, names)
    placed = f"For order {order.number} of {long_day(document.placed_on)}"
    paper.head(
        title, (placed, f"Customer {order.customer_id}, {long_day(document.day)}"), recipient
    )
    total = ("Credited", "", "", paper.number(document.amount))
    paper.write_table(COLUMNS, (90, 24, 32, 32), 1, list(rows(document, paper)), total)
    paper.ln(4)
    if document.owed:
        paper.write_sum("Taken off what was owed", document.owed)
    if document.returned:
        paper.write_sum(document.words_of_return, document.returned)
    return bytes(paper.output())


def rows(document: Document, paper: Paper) -> Iterator[Sequence[str]]:
    for line in document.lines:
        quantity = f"{line.quantity.normalize():f}"
        yield (line.name, quantity, paper.number(line.price), paper.number(line.amount))
    if not document.lines:
        yield (document.words_of_goods, "", "", paper.number(document.shares.goods))
    for label, amount in document.parts():
        yield (label, "", "", paper.number(amount))
