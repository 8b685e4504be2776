"""The work of each kind of rule."""

from __future__ import annotations

from customers.privacy.models.retention_rule import Retained
from customers.privacy.services.retention.customers import CUSTOMERS
from customers.privacy.services.retention.events import EVENTS
from customers.privacy.services.retention.imports import IMPORTS
from customers.privacy.services.retention.records import ATTEMPTS, EXPORTS
from customers.privacy.services.retention.work import Work

WORK: dict[str, Work] = {
    Retained.CUSTOMERS: CUSTOMERS,
    Retained.EVENTS: EVENTS,
    Retained.ATTEMPTS: ATTEMPTS,
    Retained.IMPORTS: IMPORTS,
    Retained.EXPORTS: EXPORTS,
}
