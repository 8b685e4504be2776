"""Reports about the money of one store: rows and their sums, for pages and files.

Days and months are those of the store's time zone. Amounts of different currencies are never added: a
report has a line of sums for each.
"""
