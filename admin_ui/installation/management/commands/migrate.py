from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from admin_ui.installation.fitness import Unfit, require_fit


class Command(migrate.Command):
    """Django's command, which also refuses to fill an empty database in place of a lost one."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            require_fit(connections[options["database"]])
        except Unfit as error:
            raise CommandError(str(error)) from error
        return super().execute(*args, **options)

    def get_check_kwargs(self, options: Any) -> Any:
        """Leave out checks of the database: they ask for what this command is about to do."""
        return {**super().get_check_kwargs(options), "databases": None}
