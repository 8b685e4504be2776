"""The page of a credit note, which prints as a letter, and its PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern

from orders.credit_notes.document import Document, document_of
from orders.letters.messages import settings_of
from orders.models import CreditNote, Order
from orders.statements.recipient import postal_lines
from stores.admin.base import ScopedAdmin

RIGHT = "orders.view_order"
TEMPLATE = "admin/orders/order/credit_note.html"


class CreditNotePages(ScopedAdmin):
    """Mixed into the admin of orders. `?number=` names one of the order's credit notes."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("credit-note", self.credit_note, RIGHT),
            self.button_path("credit-note-pdf", self.credit_note_pdf, RIGHT),
            *super().get_urls(),
        ]

    def credit_note(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        document = document_named(request, order)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Credit note {document.note}",
            "subtitle": str(order),
            "opts": self.opts,
            "original": order,
            "back": self.page_of(order),
            "document": document,
            "words_of_return": document.words_of_return,
            "recipient": postal_lines(order.customer),
            "settings": settings_of(order.store),
        }
        return TemplateResponse(request, TEMPLATE, context)

    def credit_note_pdf(self, request: HttpRequest, order: Order) -> HttpResponseBase:
        # Here, because fpdf2 takes a fifth of a second to load, and most processes write no PDF.
        from orders.credit_notes.pdf import pdf_of

        document = document_named(request, order)
        content = pdf_of(document, postal_lines(order.customer), settings_of(order.store))
        name = f"{document.note}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="application/pdf", headers=headers)


def document_named(request: HttpRequest, order: Order) -> Document:
    """Return the credit note of the order that the URL names. Raises Http404."""
    notes = CreditNote.objects.filter(store=order.store_id, order=order)
    note = notes.filter(number=request.GET.get("number", "")).first()
    if note is None:
        raise Http404
    return document_of(note, order)
