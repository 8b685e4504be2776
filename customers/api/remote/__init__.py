"""Read another server that speaks one of the dialects: politely, and however often it takes."""
