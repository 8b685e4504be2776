"""Personal data in the tables of customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from customers.matching.models import DuplicatePair
from customers.models import (
    Address,
    BulkChange,
    Charge,
    ConsentChange,
    Contact,
    Customer,
    CustomerTag,
    CustomerWords,
    LedgerEntry,
    LoginEmail,
    MatchProfile,
)
from customers.privacy.personal_data.tables import (
    CODE,
    COMPUTED,
    MONEY,
    STAFF,
    PersonalTable,
    RowsBy,
    rows_of,
)


def erased_name(customer: Customer, former: Any = None) -> str:
    """Return the name of a customer after its erasure. It follows from the id alone."""
    return f"Erased customer {customer.uid.hex[-8:]}"


class PairRows:
    """The pairs that a customer is in, whichever of the two it is."""

    def __call__(self, customer: Customer) -> QuerySet[Any]:
        return DuplicatePair.objects.of_customer(customer.store_id, customer.pk)

    def among(self, customers: Sequence[Customer]) -> QuerySet[Any]:
        keys = [customer.pk for customer in customers]
        either = Q(first__in=keys) | Q(second__in=keys)
        return DuplicatePair.objects.filter(either, store=customers[0].store_id)


CUSTOMER = PersonalTable(
    Customer,
    "Customer",
    RowsBy(Customer, "id", lambda customer: customer.pk),
    erased={
        "name": erased_name,
        "first_name": "",
        "last_name": "",
        "company": "",
        "email": "",
        "email_key": "",
        "phone": "",
        "phone_dial_code": None,
        "phone_number": "",
        "phone_e164": "",
        "mobile": "",
        "fax": "",
        "website": "",
        "cc_email": "",
        "gender": None,
        "birth_date": None,
        "tax_id": "",
        "notes": "",
        "external_id": "",
        "is_blacklisted": False,
        "blacklist_reason": "",
        "hold_reason": None,
        "preferred_shipping": "",
        "default_depot_id": None,
        "marketing_opt_in": False,
    },
    kept={
        "source": CODE,
        "payment_terms": CODE,
        "currency": CODE,
        "search_text": COMPUTED,
        "name_key": COMPUTED,
    },
)
CUSTOMER_TABLES = (
    CUSTOMER,
    PersonalTable(Address, "Addresses", rows_of(Address), deletes_rows=True),
    PersonalTable(Contact, "Contacts", rows_of(Contact), deletes_rows=True, belongs_to_others=True),
    PersonalTable(LoginEmail, "Logins to the portal", rows_of(LoginEmail), deletes_rows=True),
    PersonalTable(
        CustomerTag, "Tags", rows_of(CustomerTag), deletes_rows=True, exported={"tag": "tag__name"}
    ),
    PersonalTable(
        ConsentChange,
        "Consent to marketing",
        rows_of(ConsentChange),
        erased={"evidence": {}},
        kept={
            "channel": CODE,
            "state": CODE,
            "source": CODE,
            "wording": "What the shop asked, in its own words; it proves what was consented to.",
            "wording_version": CODE,
            "actor_name": STAFF,
        },
    ),
    PersonalTable(
        LedgerEntry,
        "Entries of the account",
        rows_of(LedgerEntry),
        erased={"notes": ""},
        kept={
            "account": CODE,
            "reason": CODE,
            "due_on": MONEY,
            "paid_on": MONEY,
            "method": MONEY,
            "actor_name": STAFF,
        },
    ),
    PersonalTable(
        CustomerWords,
        "Words that staff find it by",
        rows_of(CustomerWords),
        kept={"words": COMPUTED},
    ),
    PersonalTable(
        MatchProfile,
        "What duplicates are found by",
        rows_of(MatchProfile),
        kept={"text": COMPUTED, "former": COMPUTED},
    ),
    PersonalTable(
        DuplicatePair,
        "Pairs with customers who look alike",
        PairRows(),
        deletes_rows=True,
    ),
    PersonalTable(
        BulkChange,
        "Changes of many customers at once",
        rows_of(BulkChange),
        deletes_rows=True,
        exported={"kind": "run__kind", "tag": "run__tag_name", "at": "run__created_at"},
    ),
    PersonalTable(Charge, "Charges", rows_of(Charge), kept={"due_on": MONEY, "settled_on": MONEY}),
)
