"""Writing the rows of an exported history, line by line, as they were.

Beside `ledger.record`, this is the only writer of revisions: it adds none to a history that exists.
"""

from datetime import UTC, datetime

from django.utils import timezone

from assistants.models import (
    REMOVAL_KINDS,
    Assistant,
    Clearance,
    Connection,
    Erasure,
    Outcome,
    Revision,
    State,
    Status,
    text,
)
from assistants.models.trust.imports import HistoryImport, ImportedHistory
from assistants.services.approving.clearances import left_of_clearance
from assistants.services.erasing.acts import begin_erasure, end_erasure, name_row
from assistants.services.ledger.digests import left_digest
from assistants.services.trust.verifier import JsonLine

REVISION_COLUMNS = ("number", "kind", "values", "texts", "changes", "note", "trace_id", "digest")
OUTCOME_COLUMNS = (
    "status", "version", "values", "texts", "differences", "error", "message", "code", "param",
    "request_id", "digest",
)  # fmt: skip

CLEARANCE_COLUMNS = ("kind", "approvers", "reason", "is_own", "fields", "digest")


class HistoryWriter:
    """Writes one assistant after the other; the file was verified before."""

    def __init__(self, imported: HistoryImport, connections: dict[str, Connection]) -> None:
        self.imported, self.connections = imported, connections
        self._assistant: Assistant | None = None
        self._revisions: dict[int, Revision] = {}
        self._erasure: Erasure | None = None
        self._live: Outcome | None = None
        self._pending: Revision | None = None

    def write(self, line: JsonLine) -> None:
        """Write what a line says."""
        match line["type"]:
            case "assistant":
                self._finish()
                self._begin(line)
            case "text":
                digest, encoded = text.encode_text(line["value"])
                text.keep_texts({digest: encoded})
            case "revision":
                self._add_revision(line)
            case "outcome":
                self._add_outcome(line)
            case "clearance":
                self._add_clearance(line)
            case "end":
                self._finish()

    def _begin(self, line: JsonLine) -> None:
        self._revisions, self._erasure, self._live = {}, None, None
        self._assistant = Assistant.objects.create(
            workspace=self.imported.workspace,
            connection=self.connections[line["connection"]],
            remote_id=line["remote_id"],
            name=line["name"],
            last_number=line["revisions"],
            last_digest=line["newest"],
        )
        ImportedHistory.objects.create(
            assistant=self._assistant, history_import=self.imported, revisions=line["revisions"]
        )

    def _add_revision(self, line: JsonLine) -> None:
        revision = Revision(
            assistant=self._assistant,
            workspace=self.imported.workspace,
            base=self._revisions.get(line["base"]),
            author_name=line["author"],
            drafter_name=line["drafter"],
            created_at=_time(line),
            previous_digest=line["previous"],
            digest_format=_digest_format(line),
            **{name: line[name] for name in REVISION_COLUMNS},
        )
        revision.save(force_insert=True)
        self._keep_erased(revision, line)
        self._revisions[revision.number] = self._pending = revision

    def _add_outcome(self, line: JsonLine) -> None:
        outcome = Outcome(
            revision=self._revisions[line["revision"]],
            assistant=self._assistant,
            created_at=_time(line),
            digest_format=_digest_format(line),
            **{name: line[name] for name in OUTCOME_COLUMNS},
        )
        outcome.save(force_insert=True)
        self._keep_erased(outcome, line)
        if self._pending and outcome.revision_id == self._pending.pk:
            self._pending = None
        if outcome.status == Status.APPLIED and outcome.version:
            self._live = outcome

    def _add_clearance(self, line: JsonLine) -> None:
        clearance = Clearance(
            revision=self._revisions[line["revision"]],
            user_name=line["user"],
            is_return=line.get("is_return", False),
            created_at=_time(line),
            **{name: line[name] for name in CLEARANCE_COLUMNS},
        )
        clearance.save(force_insert=True)
        self._keep_erased(clearance, line)

    def _keep_erased(self, row: Revision | Outcome | Clearance, line: JsonLine) -> None:
        """Record that a text was erased from a row, with the digests that the erasure kept."""
        if not line.get("kept"):
            return
        self._erasure = self._erasure or begin_erasure(
            Erasure.Kind.ERASE,
            user=None,
            name=self.imported.name,
            reason="Erased before the history was imported",
        )
        if isinstance(row, Clearance):
            left = left_of_clearance(row)
        else:
            left = left_digest(row, row.definition if row.values is not None else None)
        name_row(self._erasure, row._meta.db_table, row.pk, kept=line["kept"], left=left)

    def _finish(self) -> None:
        """Say what is known of the assistant. Nothing is live before its remote was read."""
        assistant = self._assistant
        if assistant is None:
            return
        if self._erasure:
            end_erasure(self._erasure)
        if self._live:
            live, definition = self._live.revision, self._live.definition
            assistant.live, assistant.live_version = live, self._live.version or 0
            assistant.live_digest = definition.digest
            assistant.describe(definition)
            is_removal = live.kind in REMOVAL_KINDS
            assistant.state = State.DELETED if is_removal else State.MISSING
            assistant.changed_by, assistant.changed_at = live.author_name, self._live.created_at
        if self._pending:  # as if its process had died: the next reading of the remote settles it
            assistant.slot, assistant.slot_until = self._pending, timezone.now()
        assistant.save()
        self._pending = None


def _time(line: JsonLine) -> datetime:
    return datetime.fromisoformat(line["at"]).astimezone(UTC)


def _digest_format(line: JsonLine) -> int | None:
    return None if line["format"] == 1 else int(line["format"])
