"""The back office: its site, and what it shows of customers."""
