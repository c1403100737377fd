#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, connection

    # One command needs one connection, and learns at once where there is none; a pool tries for 20 seconds.
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    settings.DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if connection.connection is not None:  # it was reached; what went wrong is another matter
            raise
        reason = str(error).strip().partition("\n")[0]
        sys.exit(
            f"The database cannot be reached, so nothing was done: {reason}\n"
            "Say in DATABASE_URL where it is; for the data of `make run`, use: make manage "
            f"ARGS={' '.join(sys.argv[1:])!r}"
        )


if __name__ == "__main__":
    main()
