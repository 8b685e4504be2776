"""Statements that may break a rule, each with its reason.

An exception is for a rule, and for statements made by a function of the product or on behalf of somebody who
sees several stores. None is for a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django.conf import settings

from customers.api.views import DialectViewSet
from stores.admin.tenancy import Scope
from tests.distribution.grammar import READ, Fault

ALL_TABLES = frozenset[str]()


@dataclass(frozen=True)
class Permission:
    """`where` says whether a running function is the one meant, whatever it has called."""

    rule: str
    where: Callable[[FrameType], bool]
    reason: str
    tables: frozenset[str] = ALL_TABLES

    def covers(self, fault: Fault, frames: list[FrameType]) -> bool:
        if fault.rule != self.rule or (self.tables and fault.table not in self.tables):
            return False
        return any(self.where(frame) for frame in frames)


def function(name: str) -> Callable[[FrameType], bool]:
    """Return the test for `folder/module.py:function`, or for all functions of `folder/module.py`."""
    module, _, wanted = name.partition(":")
    path = str(settings.BASE_DIR / module)

    def is_it(frame: FrameType) -> bool:
        code = frame.f_code
        return code.co_filename == path and (not wanted or code.co_qualname == wanted)

    return is_it


def serves_administrator(frame: FrameType) -> bool:
    view: Any = frame.f_locals.get("self")
    return isinstance(view, DialectViewSet) and view.store is None


def serves_several_stores(frame: FrameType) -> bool:
    scope = getattr(frame.f_locals.get("request"), "store_scope", None)
    return isinstance(scope, Scope) and scope.has_several


# Operators' commands, which prove or change the whole book.
WHOLE_BOOK = {
    "orders/management/commands/verify_ledger.py": "It proves the balances of all stores.",
    "orders/verification/balances.py": "As verify_ledger, which calls it.",
    "orders/verification/allocations.py": "As verify_ledger, which calls it.",
    "orders/verification/account_rows.py": "As verify_ledger, which calls it.",
    "orders/verification/statements.py": "As verify_ledger, which calls it.",
    "orders/verification/numbers.py": "As verify_ledger, which calls it.",
    "orders/verification/order_lines.py": "As verify_ledger, which calls it.",
    "customers/management/commands/verify_outbox.py": "It proves the events of all stores.",
    "stores/webhooks/verifying.py": "As verify_outbox, which calls it.",
    "customers/management/commands/geocode_customers.py": "Without --store it is about all stores.",
    "customers/imports/management/printing.py": "An id of an import says nothing of the store.",
    "customers/services/stored_forms.py": "A migration reads the rows of all stores.",
    "customers/services/filling.py": "A migration reads the rows of all stores.",
    "customers/services/filling_words.py": "A migration reads the rows of all stores.",
    "customers/privacy/services/verifying.py": "As verify_privacy, which calls it.",
    "customers/privacy/management/commands/verify_privacy.py": "It checks erasures of all stores.",
}
EXCEPTIONS = [
    *(Permission(READ, function(module), reason) for module, reason in WHOLE_BOOK.items()),
    Permission(
        READ,
        serves_administrator,
        "An administrator's key lists and finds customers of all stores; an id says nothing of the store.",
    ),
    Permission(
        READ,
        serves_several_stores,
        "A superuser's pages and exports are of all stores; an id says nothing of the store.",
    ),
    Permission(
        READ,
        function("customers/services/customers.py:claim_login"),
        "An e-mail that logs in to the portal is unique over all stores.",
        frozenset({"customers_customer"}),
    ),
    Permission(
        READ,
        function("stores/models/base.py:TenantQuerySet.of_one_store"),
        "It asks for the store of a row that an administrator names by its id, so that the rest can name it.",
    ),
    Permission(
        READ,
        function("customers/exports/rows.py"),
        "Whoever works in several stores exports customers of all of them.",
        frozenset(
            {
                "customers_customer",
                "customers_address",
                "customers_contact",
                "customers_customertag",
                "customers_tag",
            }
        ),
    ),
    Permission(
        READ,
        function("customers/models/estimates.py:explain"),
        "It is planned, not run; where the plan is of several machines, it is asked again with the store.",
        frozenset({"customers_customer"}),
    ),
    Permission(
        READ,
        function("stores/housekeeping.py:forget_former_secrets"),
        "Every ten minutes it asks which stores have something to forget.",
        frozenset({"stores_webhookendpoint"}),
    ),
    Permission(
        READ,
        function("customers/privacy/services/making_exports.py:waiting_stores"),
        "A worker serves all stores, and asks once which of them wait for a file.",
        frozenset({"privacy_dataexport"}),
    ),
    Permission(
        READ,
        function("customers/privacy/services/data_exports.py:delete_expired_files"),
        "Every ten minutes it asks which stores have a file that expired.",
        frozenset({"privacy_dataexport"}),
    ),
    *(
        Permission(
            READ,
            function(f"orders/services/mailing.py:{name}"),
            "A worker serves all stores, and asks once which of them have something to send.",
            frozenset({"orders_letter", "orders_lettersettings"}),
        )
        for name in ("waiting_stores", "give_up_broken", "remind_by_itself")
    ),
    Permission(
        READ,
        function("customers/privacy/services/background.py:stores_with_rules"),
        "A worker serves all stores, and asks once which have rules of retention.",
        frozenset({"privacy_retentionrule"}),
    ),
    Permission(
        READ,
        function("orders/services/revenue_thirds.py:refresh_stale"),
        "A worker measures the stores in turn, and asks once which it has not measured lately.",
        frozenset({"orders_revenuethirds"}),
    ),
    Permission(
        READ,
        function("customers/matching/services/background.py:compare_waiting"),
        "A worker compares the customers of all stores in turn, and asks once which have some waiting.",
        frozenset({"customers_matchprofile"}),
    ),
    Permission(
        READ,
        function("customers/matching/services/background.py:scan_due"),
        "A worker scans the stores in turn, and asks once when each was scanned.",
        frozenset({"matching_matchscan"}),
    ),
    Permission(
        READ,
        function("customers/imports/services/working.py:work_on_all"),
        "A worker serves the imports of all stores, and asks once which have something to do.",
        frozenset({"imports_importjob"}),
    ),
    Permission(
        READ,
        function("customers/api/remote/background.py:fetch_waiting"),
        "A worker fetches for all stores, and asks once for which servers.",
        frozenset({"imports_importjob", "imports_importsource"}),
    ),
    Permission(
        READ,
        function("stores/webhooks/claims.py:claim"),
        "A worker serves the endpoints of all stores in turn, and asks once which have something due.",
        frozenset({"stores_webhookendpoint", "stores_webhookdelivery"}),
    ),
]


def is_excepted(fault: Fault, frames: list[FrameType]) -> bool:
    return any(one.covers(fault, frames) for one in EXCEPTIONS)
