#!/usr/bin/env python
"""Django's command line; `bin/manage` calls it with the portal's services running."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if not str(error).startswith("LAPOR_"):
            raise
        sys.exit(str(error))


if __name__ == "__main__":
    main()
