from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from admin_ui.installation.fitness import refuse_unfit


class Command(migrate.Command):
    """Django's command, which also refuses to fill an empty database in place of a lost one."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        refuse_unfit(connections[options["database"]])
        return super().execute(*args, **options)

    def get_check_kwargs(self, options: Any) -> Any:
        """Leave out checks of the database: they ask for what this command is about to do."""
        return {**super().get_check_kwargs(options), "databases": None}
