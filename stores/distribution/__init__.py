"""The book on a distributed PostgreSQL (Citus)."""
