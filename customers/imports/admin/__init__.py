"""The back office of imports: file, columns, check, run, result."""
