from customers.tasks.models.assignment import Assignment
from customers.tasks.models.note import Note

__all__ = ["Assignment", "Note"]
