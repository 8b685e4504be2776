from customers.merging.models.merge import Merge
from customers.merging.models.moved_row import MovedRow, Table

__all__ = ["Merge", "MovedRow", "Table"]
