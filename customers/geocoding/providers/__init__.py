"""Who can be asked where an address is.

A provider is a module with `SECONDS_BETWEEN_REQUESTS`, what its public server permits, and
`locate(query, seconds)`: a Location, or None when it knows no such place, or any exception when
it cannot say.
"""
