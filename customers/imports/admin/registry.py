"""Register the pages of imports."""

from customers.imports.admin import imports

__all__ = ["imports"]
