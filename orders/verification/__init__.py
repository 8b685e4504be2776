"""Proving the book from its own entries and orders, and setting right what may be.

The database adds up, a range of customers at a time, so that a million of them take little memory and no
statement takes long. What looks wrong is looked at again under the customer's lock, because the book may be
in use meanwhile.
"""
