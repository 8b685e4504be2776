"""The customers API of a bakery back office, for its ordering apps.

Quirks: an address is a text or an object, and is geocoded before it is saved; lists use cursors; the date of
creation has three names.
"""
