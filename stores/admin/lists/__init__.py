"""Lists of the back office: their rows, columns, filters and saved views."""
