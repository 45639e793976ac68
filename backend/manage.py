#!/usr/bin/env python
"""Which command did the operator type? Django's, and those of `*/management/commands/`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ImportError:
        sys.exit("❌ Django is not installed in this Python. Run ./setup.sh, then use backend/.venv/bin/python.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
