"""Letters on paper: PDF with names in any script."""
