"""Create, check, run and take back imports."""
