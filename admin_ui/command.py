"""The command `assistants-admin`, which a wheel installs."""

import os
import sys

USAGE = """\
assistants-admin serve          start the dashboard and print its address
assistants-admin work           run tasks in the background
assistants-admin manage …       any other command; "manage help" lists them

Settings come from the environment and from the file .env of the current folder. Unless DATA_DIR
names another folder, everything is kept in the folder data below the current one."""


def main() -> None:
    """Run one of the three commands with its arguments; anything else prints how to call it."""
    command, *arguments = sys.argv[1:] or ["help"]
    if command == "manage":
        arguments = arguments or ["help"]
    elif command in ("serve", "work"):
        arguments = [command, *arguments]
    else:
        asked = command in ("help", "--help", "-h")
        (sys.stdout if asked else sys.stderr).write(f"{USAGE}\n")
        sys.exit(0 if asked else 2)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admin_ui.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["assistants-admin manage", *arguments])
