"""The customers API of a bakery back office, as its ordering apps speak it.

Quirks: a string or an object as address, geocoded on the way in; cursors; three places for one date.
"""
