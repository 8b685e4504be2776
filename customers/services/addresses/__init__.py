"""The addresses of a customer: columns, one address, the whole list, and where they are on the map."""
