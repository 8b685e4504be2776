"""The customers API of manufacturers of kitchens and cabinets, as their portals and offices speak it.

Quirks: administrators' keys enter every manufacturer (a store); ids are integers; refusals list every
message there is; bodies carry trailing commas; addresses have no ids, list the street last, and must agree
with ISO 3166; lists are searched by criteria in five spellings.
"""
