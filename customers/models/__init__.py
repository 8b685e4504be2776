from customers.models.address import Address
from customers.models.bulk_change import BulkChange
from customers.models.bulk_run import BulkRun
from customers.models.consent import ConsentChange
from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.customer_tag import CustomerTag
from customers.models.customer_words import CustomerWords
from customers.models.deleted import DeletedCustomer
from customers.models.depots_and_zones import DeliveryZone, Depot
from customers.models.ledger import Charge, LedgerEntry
from customers.models.login import LoginEmail
from customers.models.match_key import MatchKey
from customers.models.match_profile import MatchProfile
from customers.models.tag import Tag

__all__ = [
    "Address",
    "BulkChange",
    "BulkRun",
    "Charge",
    "ConsentChange",
    "Contact",
    "Customer",
    "CustomerTag",
    "CustomerWords",
    "DeletedCustomer",
    "DeliveryZone",
    "Depot",
    "LedgerEntry",
    "LoginEmail",
    "MatchKey",
    "MatchProfile",
    "Tag",
]
