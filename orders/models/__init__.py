from orders.models.allocation import Allocation
from orders.models.credit import Credit
from orders.models.credit_check import CreditCheck
from orders.models.credit_note import CreditNote
from orders.models.credit_note_line import CreditNoteLine
from orders.models.daily import DailySales
from orders.models.letter import Letter
from orders.models.letter_settings import LetterSettings
from orders.models.letter_text import LetterText
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.payment_method import PaymentMethod
from orders.models.report import Report
from orders.models.revenue_thirds import RevenueThirds
from orders.models.year_sequence import CreditNoteSequence, OrderSequence

__all__ = [
    "Allocation",
    "Credit",
    "CreditCheck",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteSequence",
    "DailySales",
    "Letter",
    "LetterSettings",
    "LetterText",
    "Order",
    "OrderLine",
    "OrderSequence",
    "Payment",
    "PaymentMethod",
    "Report",
    "RevenueThirds",
]
