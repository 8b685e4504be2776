#!/usr/bin/env python3
"""Clientele's command line. `quickstart` and `test` set up what they need first."""

import os
import sys

from config import bootstrap


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    bootstrap.prepare(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command == "test":
        sys.exit(run_tests(sys.argv[2:]))
    run_command(sys.argv)


def run_command(arguments: "list[str]") -> None:
    """Run a command of Django. Errors that an operator can fix are printed as one line, without a traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import Error

    try:
        execute_from_command_line(arguments)
        sys.stdout.flush()  # here, where a closed pipe is handled, and not at exit
    except (ImproperlyConfigured, Error) as error:
        message = remedy(error)
        if message is None or "--traceback" in arguments:
            raise
        bootstrap.stop(message)
    except KeyboardInterrupt:
        sys.exit(130)  # the status that shells use
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def remedy(error: Exception) -> "str | None":
    """Return what is wrong with the settings or the database, or None for a bug."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, OperationalError

    from stores.database.connections import is_missing_table_or_column

    text = " ".join(str(error).split())
    if isinstance(error, ImproperlyConfigured):
        return text
    undefined = getattr(error.__cause__, "sqlstate", None) in ("42P01", "42703")
    if undefined or is_missing_table_or_column(error):
        return f"The book is not migrated: python3 manage.py migrate ({text})"
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return f"The database of DATABASE_URL cannot be used: {text}"
    return None


def run_tests(arguments: "list[str]") -> int:
    """Run pytest in the project's root and return its exit status."""
    import pytest

    os.chdir(bootstrap.ROOT)
    return pytest.main(arguments)


if __name__ == "__main__":
    main()
