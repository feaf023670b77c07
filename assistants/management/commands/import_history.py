"""`manage.py import_history`: see `help`."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.models import Workspace
from admin_ui.audit.record import ACTOR_COMMAND_LINE
from assistants.models import Connection
from assistants.services.trust.imports import NotImported, import_history


class Command(BaseCommand):
    help = (
        "Read an exported history into an empty workspace. The file is verified first. Nothing is"
        " live until a sync has read the remotes. Prints the counts as JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the zip of Export all, or its history.jsonl")
        parser.add_argument("workspace", help="address of the empty workspace")
        parser.add_argument(
            "--connection", metavar="NAME", help="for all assistants; default: those of their names"
        )
        parser.add_argument("--by", default=ACTOR_COMMAND_LINE, help="who imports it")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']}.")
        connection = None
        if name := options["connection"]:
            connection = Connection.objects.filter(workspace=workspace, name=name).first()
            if connection is None:
                raise CommandError(f"The workspace has no connection named {name}.")
        try:
            counts = import_history(
                workspace=workspace,
                lines=lambda: lines_in(options["file"]),
                by=options["by"],
                connection=connection,
            )
        except (NotImported, OSError, BadZipFile, KeyError, ValueError) as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        self.stdout.write(json.dumps(counts))


def lines_in(path: Path) -> Iterator[str]:
    """Yield the lines of a history, from the zip of an export or from the file itself."""
    if path.suffix != ".zip":
        with path.open(encoding="utf-8") as file:
            yield from file
        return
    with ZipFile(path) as archive:
        name = next((each for each in archive.namelist() if each.endswith("history.jsonl")), "")
        with archive.open(name) as member:
            yield from io.TextIOWrapper(member, encoding="utf-8")
