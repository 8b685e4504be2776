"""Addresses of a customer: set columns, edit one address, replace the list, geocode."""
