"""What the database engines need: compiled reads and inserts, connections, batches, SQLite, replicas."""
