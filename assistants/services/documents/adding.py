"""Uploading a file, and making a vector store. No assistant uses them yet, so nothing is live."""

import time
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.conf import settings

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.serving.writers import in_any_case
from assistants.definition import Problem
from assistants.gateway import GatewayError, Offer, Unsure, Upload
from assistants.models import Connection
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for
from assistants.services.connections.offers import keep_one, read_again_soon
from assistants.services.connections.saving import check_allowed
from assistants.services.documents.kinds import BEGINNING, content_type_of, is_what_it_says
from assistants.services.errors import Invalid, NoTarget
from assistants.services.ledger.record import new_trace_id, plain
from assistants.services.ledger.verbs import check_verb

LONGEST_FILE_NAME = 200
LONGEST_STORE_NAME = 200


@dataclass(frozen=True)
class NewFile:
    """A file that a person has chosen: `size` in bytes, `name` without a folder."""

    content: IO[bytes]
    name: str
    size: int


def upload_file(*, author: Member, connection: Connection, file: NewFile) -> Offer:
    """Upload a file over `connection`, and return it as stored there.

    Takes at most `GATEWAY_UPLOAD_DEADLINE` seconds. Raises `NotAllowed`; `Invalid` (codes
    `required`, `too_large`, `wrong_type`, `not_as_named`); `NotNow`; `NoTarget` for the registry;
    `GatewayError`. After an `Unsure` one, the file may be there.
    """
    _check(author, connection)
    name = plain(PurePath(file.name.replace("\\", "/")).name)[-LONGEST_FILE_NAME:]
    kind = content_type_of(name)
    most = settings.UPLOAD_MB * 1024 * 1024
    code = "required" if not name or not file.size else "wrong_type" if kind is None else ""
    code = code or ("too_large" if file.size > most else "")
    code = code or ("" if _is_as_named(file, name) else "not_as_named")
    if code:
        raise Invalid([_problem("file", code)])
    body = Upload(file.content, name, file.size, kind or "")
    with admission.admitted(connection, admission.UPLOAD):
        deadline = time.monotonic() + settings.GATEWAY_UPLOAD_DEADLINE
        trace_id, about = new_trace_id(), {"name": name, "size": file.size}
        try:
            found = gateway_for(connection).documents.upload(
                body, trace_id=trace_id, deadline=deadline
            )
        except GatewayError as error:
            _failed(EventKind.FILE_ADDED, connection, error, about)
            raise
        admission.count_answer(connection)
    _added(EventKind.FILE_ADDED, connection, found, about)
    keep_one(connection, "files", found)
    return found


def make_store(*, author: Member, connection: Connection, name: str) -> Offer:
    """Make an empty vector store over `connection`, and return it as stored there.

    Raises what `upload_file` raises; `Invalid` has the codes `required` and `too_long`.
    """
    _check(author, connection)
    name = plain(name).strip()
    if code := "required" if not name else "too_long" if len(name) > LONGEST_STORE_NAME else "":
        raise Invalid([_problem("name", code)])
    with admission.admitted(connection, admission.ACT):
        try:
            found = gateway_for(connection).documents.make_store(
                name, trace_id=new_trace_id(), deadline=admission.deadline()
            )
        except GatewayError as error:
            _failed(EventKind.STORE_MADE, connection, error, {"name": name})
            raise
        admission.count_answer(connection)
    _added(EventKind.STORE_MADE, connection, found, {"name": name})
    keep_one(connection, "vector_stores", found)
    return found


def _is_as_named(file: NewFile, name: str) -> bool:
    beginning = file.content.read(BEGINNING)
    file.content.seek(0)
    return is_what_it_says(name, beginning)


def _problem(field: str, code: str) -> Problem:
    return Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")


def _check(author: Member, connection: Connection) -> None:
    check_verb(author, Action.ADD_FILES, note=None)
    check_allowed(author, connection, Action.ADD_FILES)
    if connection.is_in_process:
        raise NoTarget


def _added(kind: EventKind, connection: Connection, found: Offer, about: dict[str, object]) -> None:
    details = {"connection": connection.name, "id": found.id, **about}
    with in_any_case():
        record(kind, workspace=connection.workspace, about=str(about["name"]), details=details)


def _failed(
    kind: EventKind, connection: Connection, error: GatewayError, about: dict[str, object]
) -> None:
    """Count the failure; record an attempt that may have had an effect."""
    admission.count_failure(connection, error)
    if not isinstance(error, Unsure):
        return
    details = {"connection": connection.name, "unconfirmed": True, **about}
    with in_any_case():
        record(kind, workspace=connection.workspace, about=str(about["name"]), details=details)
    read_again_soon(connection, "files" if kind == EventKind.FILE_ADDED else "vector_stores")
