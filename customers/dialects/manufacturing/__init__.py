"""The customers API of manufacturers of kitchens and cabinets, for their portals and offices.

Quirks: a manufacturer is a store, and an administrator's key enters every one; ids are integers; an error lists
all its messages; bodies may have trailing commas; addresses have no ids, list the street last, and must agree
with ISO 3166; lists are searched by criteria in five spellings.
"""
