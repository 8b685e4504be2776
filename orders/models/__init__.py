from orders.models.allocation import Allocation, Credit
from orders.models.credit_check import CreditCheck
from orders.models.credit_note import CreditNote, CreditNoteLine, CreditNoteSequence
from orders.models.daily import DailySales
from orders.models.letter import Letter
from orders.models.letter_settings import LetterSettings
from orders.models.letter_text import LetterText
from orders.models.line import OrderLine
from orders.models.order import Order, OrderSequence
from orders.models.payment import Payment
from orders.models.payment_method import PaymentMethod
from orders.models.report import Report
from orders.models.revenue_thirds import RevenueThirds

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
