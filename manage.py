#!/usr/bin/env python3
"""Clientele's command line. `quickstart` and `test` set up what they need first; see config/bootstrap.py."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
