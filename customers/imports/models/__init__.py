from customers.imports.models.chunk import ImportChunk
from customers.imports.models.job import ImportJob, State
from customers.imports.models.mapping import SavedMapping
from customers.imports.models.row import Action, ImportRow, Outcome
from customers.imports.models.source import ImportedId, ImportSource

__all__ = [
    "Action",
    "ImportChunk",
    "ImportJob",
    "ImportRow",
    "ImportSource",
    "ImportedId",
    "Outcome",
    "SavedMapping",
    "State",
]
