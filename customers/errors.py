"""Refusals of the book, which every app shares."""

from __future__ import annotations

from stores.errors import Conflict, DomainError, Invalid, NotFound, Stale, refusal_of

__all__ = ["Conflict", "DomainError", "Invalid", "NotFound", "Stale", "refusal_of"]
