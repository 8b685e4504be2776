"""What each column of a file means: which field of a customer it fills."""

from customers.imports.columns.choosing import Mapping, choose
from customers.imports.columns.headers import header_hash
from customers.imports.columns.targets import IGNORED, NOTE, is_target, target_names

__all__ = ["IGNORED", "NOTE", "Mapping", "choose", "header_hash", "is_target", "target_names"]
