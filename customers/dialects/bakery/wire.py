from customers.api.dialect import Dialect


class Bakery(Dialect):
    name = "bakery"
    prefixes = ("/bakery",)


dialect = Bakery()
