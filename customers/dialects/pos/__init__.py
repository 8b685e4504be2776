"""The customers API of restaurant points of sale, as tills and their loyalty and delivery apps speak it.

Quirks: scopes per field; filters in two spellings; stubs that `include` turns into objects; tags,
addresses, delivery zones and both kinds of account transactions are resources beside customers, and all of
them answer under `/v5` too.
"""
