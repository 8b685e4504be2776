"""The environment of a test run, set before the settings read it; loaded by `-p tests.environment`.

What the shell says wins, so `DATABASE_URL=postgres://… pytest` runs the same tests on PostgreSQL. A `.env`
file has no say in what is named here.
"""

import os

DEFAULTS = {
    "SECRET_KEY": "only-for-tests-and-long-enough-for-everything",
    "DATABASE_URL": "sqlite://:memory:",
    "DEBUG": "false",
    "HTTPS": "false",
    "REPLICA_URL": "",
    "REDIS_URL": "",
    "GEOCODER": "offline",
    "RATE_LIMIT": "600/min",
    "LOG_LEVEL": "WARNING",
}

for _name, _value in DEFAULTS.items():
    os.environ.setdefault(_name, _value)
