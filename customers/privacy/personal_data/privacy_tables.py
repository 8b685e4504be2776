"""Personal data in the tables of privacy itself."""

from __future__ import annotations

from customers.privacy.models import DataExport, Erasure, PrivacyRequest
from customers.privacy.personal_data.tables import CODE, STAFF, PersonalTable, rows_of

PRIVACY_TABLES = (
    PersonalTable(
        PrivacyRequest,
        "Privacy requests",
        rows_of(PrivacyRequest),
        erased={"note": "", "decision": ""},
        kept={
            "kind": CODE,
            "state": CODE,
            "received_on": "Proves that the request was answered in time.",
            "due_on": "Proves that the request was answered in time.",
            "identity_checked_by": STAFF,
            "actor_name": STAFF,
        },
    ),
    PersonalTable(DataExport, "Exports of this data", rows_of(DataExport), deletes_rows=True),
    PersonalTable(
        Erasure, "Erasures", rows_of(Erasure), kept={"counts": "Numbers.", "actor_name": STAFF}
    ),
)
