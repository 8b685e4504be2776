"""Adapt Django to the database engines: compiled reads and inserts, connections, batches, SQLite, replicas."""
