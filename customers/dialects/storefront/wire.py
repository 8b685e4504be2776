from customers.api.dialect import Dialect


class Storefront(Dialect):
    name = "storefront"
    prefixes = ("/storefront",)


dialect = Storefront()
