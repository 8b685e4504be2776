from customers.tasks.models.assignment import Assignment

__all__ = ["Assignment"]
