"""Say what two customers are compared by: the profile of a customer, and the keys under which it is found.

Everything here is a function of plain values. Services store the results, `customers.matching` compares them.
"""

from customers.match_keys.former import keys_of_all, profiles_of
from customers.match_keys.keys import keys_of
from customers.match_keys.profiles import Place, Profile, profile_of

__all__ = ["Place", "Profile", "keys_of", "keys_of_all", "profile_of", "profiles_of"]
