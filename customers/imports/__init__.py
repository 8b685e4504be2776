"""Import customers from files and from other servers: check, run, take back."""
