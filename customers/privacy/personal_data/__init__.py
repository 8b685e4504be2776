"""Where personal data of customers is: every table, what an export shows of it, and what an erasure leaves.

`PERSONAL_TABLES` are the tables with rows about a customer, `COPIES` the tables that only repeat such data, and
`NOT_PERSONAL` the text columns that hold none, each with the reason. A test holds the three against all models.
"""

from customers.privacy.personal_data.copies import ANSWER_COPIES, delete_answers, drop_messages
from customers.privacy.personal_data.customer_tables import CUSTOMER, CUSTOMER_TABLES
from customers.privacy.personal_data.event_tables import EVENT_TABLES
from customers.privacy.personal_data.import_tables import (
    IMPORT_COPIES,
    IMPORT_TABLES,
    erase_imports,
)
from customers.privacy.personal_data.merge_tables import MERGE_TABLES
from customers.privacy.personal_data.not_personal import NOT_PERSONAL
from customers.privacy.personal_data.order_tables import ORDER_TABLES
from customers.privacy.personal_data.privacy_tables import PRIVACY_TABLES
from customers.privacy.personal_data.tables import (
    CopyTable,
    EraseCopies,
    Person,
    PersonalTable,
    must_be_classified,
)
from customers.privacy.personal_data.task_tables import TASK_TABLES

# An erasure goes through them in this order. Events come last: they repeat the rows of the others.
PERSONAL_TABLES: tuple[PersonalTable, ...] = (
    *CUSTOMER_TABLES,
    *MERGE_TABLES,
    *ORDER_TABLES,
    *PRIVACY_TABLES,
    *IMPORT_TABLES,
    *TASK_TABLES,
    *EVENT_TABLES,
)
COPIES: tuple[CopyTable, ...] = (*IMPORT_COPIES, *ANSWER_COPIES)
ERASE_COPIES: tuple[EraseCopies, ...] = (erase_imports, delete_answers, drop_messages)

__all__ = [
    "COPIES",
    "CUSTOMER",
    "ERASE_COPIES",
    "NOT_PERSONAL",
    "PERSONAL_TABLES",
    "CopyTable",
    "Person",
    "PersonalTable",
    "must_be_classified",
]
