"""Reading an exported history into an empty workspace, with equal digests.

The file is verified as a whole before anything is written. Then everything is written in one
transaction. No assistant is live afterwards: it counts as missing until its remote was read.
"""

import json
from collections.abc import Callable, Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import transaction

from admin_ui.accounts.models import Workspace
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.models import Assistant, Connection
from assistants.models.trust.imports import HistoryImport
from assistants.services.trust.history_writer import HistoryWriter
from assistants.services.trust.sealing import sign_history
from assistants.services.trust.signing import fingerprint, is_signed
from assistants.services.trust.verifier import ExportCheck, JsonLine

OpenLines = Callable[[], Iterable[str]]
"""Opens the file anew and gives its lines."""


class NotImported(Exception):
    """Why a history was not imported, as a sentence for the person who runs the command."""


def import_history(
    *, workspace: Workspace, lines: OpenLines, by: str, connection: Connection | None = None
) -> dict[str, int]:
    """Read a history into `workspace`, and return how many rows of each kind it has.

    Each assistant gets the connection of the same name, or `connection`. Raises `NotImported`.
    """
    if Assistant.objects.filter(workspace=workspace).exists():
        raise NotImported(f"The workspace {workspace.slug} has assistants; it must be empty.")
    check, names, source = _verified(lines)
    places = _connections(workspace, names, connection)
    newest = check.roots[-1]
    with transaction.atomic():
        imported = HistoryImport.objects.create(
            workspace=workspace,
            name=by[:200],
            source=source[:100],
            statement=newest["statement"],
            signature=newest["signature"],
            public_key=newest["public_key"],
        )
        writer = HistoryWriter(imported, places)
        for line in map(json.loads, lines()):
            writer.write(line)
        said = json.loads(newest["statement"])
        details = {"root": said["number"], "digest": said["root"]}
        record(
            EventKind.HISTORY_IMPORTED,
            workspace=workspace,
            actor_name=by,
            about=source,
            details=details,
        )
    sign_history(workspace)
    return check.counts


def _verified(lines: OpenLines) -> tuple[ExportCheck, set[str], str]:
    check, names, source = ExportCheck(), set(), ""
    for line in map(json.loads, lines()):
        if line["type"] == "end":
            line["counts"].setdefault("clearance", 0)  # the first format has none
        check.read(line)
        if line["type"] == "assistant":
            names.add(line["connection"])
        elif line["type"] == "history":
            source = line["workspace"]
    if not check.is_ended:
        check.expect(False, "end", "it is missing")
    check.check_roots()
    if not check.roots:
        check.expect(False, "roots", "there is none, so nothing says that this is the history")
    elif not _is_signed(check.roots[-1]):
        check.expect(False, "newest root", "its signature is wrong")
    if check.problems:
        raise NotImported("\n".join(check.problems))
    return check, names, source


def _is_signed(root: JsonLine) -> bool:
    key = load_pem_public_key(root["public_key"].encode())
    if not isinstance(key, Ed25519PublicKey):
        return False
    is_its_own = fingerprint(key) == json.loads(root["statement"])["key"]
    return is_its_own and is_signed(root["statement"].encode(), root["signature"], key)


def _connections(
    workspace: Workspace, names: set[str], connection: Connection | None
) -> dict[str, Connection]:
    if connection is not None:
        return dict.fromkeys(names, connection)
    found = {row.name: row for row in Connection.objects.filter(workspace=workspace)}
    if missing := sorted(names - found.keys()):
        raise NotImported(
            f"The workspace has no connection named {', '.join(missing)}. Add it, or name another"
            " one with --connection."
        )
    return found
