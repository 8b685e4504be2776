from customers.privacy.models.data_export import DataExport
from customers.privacy.models.erased_mark import ErasedMark
from customers.privacy.models.erasure import Erasure
from customers.privacy.models.receipt import ErasureReceipt
from customers.privacy.models.request import PrivacyRequest
from customers.privacy.models.retention_rule import RetentionRule
from customers.privacy.models.retention_run import RetentionRun

__all__ = [
    "DataExport",
    "ErasedMark",
    "Erasure",
    "ErasureReceipt",
    "PrivacyRequest",
    "RetentionRule",
    "RetentionRun",
]
