"""`manage.py verify_history`: see `help`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.models import Workspace
from assistants.models import Assistant, ErasedRow, Erasure
from assistants.models.trust.roots import SignedRoot
from assistants.services.ledger.verify import erasure_faults
from assistants.services.trust.checking import check_workspace
from assistants.services.trust.root_files import NoRootFile, RootFile, read_root


class Command(BaseCommand):
    help = (
        "Recompute the digests of every history and of how its changes passed the approval policy,"
        " and compare them with the signed roots. Prints"
        " JSON: what was checked, from how many entries a text was erased, and the problems found."
        " Exit code 0 when the history is unchanged but for recorded erasures, 1 when it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", nargs="?", help="address of the workspace; default: all")
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="a signed root of this workspace that was downloaded earlier",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        against = _read(options["against"])
        slug = options["workspace"] or (against and against.said["workspace"])
        workspaces = Workspace.objects.order_by("pk")
        if slug:
            workspaces = workspaces.filter(slug=slug)
            if not workspaces:
                raise CommandError(f"There is no workspace {slug}.")
        problems = [
            problem for workspace in workspaces for problem in check_workspace(workspace, against)
        ]
        problems += erasure_faults()
        checked = {
            "assistants": Assistant.objects.filter(workspace__in=workspaces).count(),
            "roots": SignedRoot.objects.filter(workspace__in=workspaces).count(),
            "erased": ErasedRow.objects.filter(erasure__kind=Erasure.Kind.ERASE).count(),
        }
        self.stdout.write(json.dumps({**checked, "problems": problems}))
        if problems:
            raise SystemExit(1)


def _read(path: Path | None) -> RootFile | None:
    if path is None:
        return None
    try:
        return read_root(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoRootFile) as error:
        raise CommandError(f"Cannot use {path}: {error}") from error
