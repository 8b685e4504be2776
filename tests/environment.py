"""Set the environment of a test run before the settings read it; loaded by `-p tests.environment`.

The shell's variables win, so `DATABASE_URL=postgres://… pytest` runs the same tests on PostgreSQL. A `.env`
file does not change the variables set here.
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
