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
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def run_tests(arguments: "list[str]") -> int:
    """Runs pytest from the project's root, whose exit status it returns."""
    import pytest

    os.chdir(bootstrap.ROOT)
    return pytest.main(arguments)


if __name__ == "__main__":
    main()
