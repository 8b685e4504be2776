"""Read the tables that other systems write, row by row, and refuse what is no table."""

from customers.imports.reading.opening import FORMATS, open_table, rewind
from customers.imports.reading.table import Table, TableRow, Unreadable

__all__ = ["FORMATS", "Table", "TableRow", "Unreadable", "open_table", "rewind"]
