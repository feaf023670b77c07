"""Writing made-up assistants: in bulk, yet row for row as the services would have written them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from assistants.definition import Definition
from assistants.demo import content
from assistants.demo.remote import store_on_registry
from assistants.diff import summarise
from assistants.models import Assistant, Connection, Outcome, Revision, text
from assistants.services.ledger import search_index
from assistants.services.ledger.digests import NEWEST_FORMAT, outcome_digest, revision_digest

CHUNK = 1000
DAYS_OF_HISTORY = 365
SeededRow = TypeVar("SeededRow", bound=Model)


@dataclass
class Planned:
    """One assistant on its way into the database."""

    row: Assistant
    random: Random
    first: Definition
    later: list[dict[str, Any]] = field(default_factory=list)
    """Changes it must take on, in this order; after them, small random ones."""
    live: Definition | None = None
    stored: tuple[dict[str, Any], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    """What `text.split` makes of what is live: its short values, and the digests of long ones."""


def seed(
    *, workspace: Workspace, connection: Connection, assistants: int, revisions: int, big: bool
) -> dict[str, int]:
    """Add made-up assistants to a registry connection, with `revisions` revisions between them.

    Each assistant gets at least one. With `big`, the first gets a tenth of all revisions, 10,000
    characters of instructions and five functions, and the second holds 250,000 characters, in four
    versions: then three words changed, then one in twenty, then all of them.
    What is there already stays, and counts: a second call with the same numbers adds nothing.
    Returns how many of each were added.
    """
    there = Assistant.objects.filter(connection=connection, remote_id__startswith=DEMO_IDS).count()
    if there >= assistants:
        return {"assistants": 0, "revisions": 0}
    with transaction.atomic():
        plans = _plan(workspace, connection, range(there, assistants), big)
        schedule = _schedule(plans, max(revisions, len(plans)), big and not there)
        for chunk in _chunks(_history(plans, schedule)):
            _write(chunk)
        _write_assistants(plans, connection)
    return {"assistants": len(plans), "revisions": len(schedule)}


DEMO_IDS = "asst_demo"


def _plan(
    workspace: Workspace, connection: Connection, positions: Sequence[int], big: bool
) -> list[Planned]:
    keys = _reserve(Assistant, len(positions))
    plans = []
    for key, position in zip(keys, positions, strict=True):
        random = Random(f"{workspace.slug} {position}")  # noqa: S311
        row = Assistant(
            pk=key,
            workspace=workspace,
            connection=connection,
            remote_id=f"{DEMO_IDS}{workspace.pk:06d}{position:014d}",
            state=Assistant.State.LIVE,
        )
        if big and position == 0:
            first = content.definition(random, position, length=10_000, functions=5)
        elif big and position == 1:
            first = content.definition(random, position, length=250_000, functions=5)
        else:
            first = content.definition(random, position)
        plans.append(Planned(row=row, random=random, first=first))
        if big and position == 1:
            plans[-1].later = _long_texts(random, first)
    return plans


def _long_texts(random: Random, first: Definition) -> list[dict[str, Any]]:
    old = str(first.value("instructions"))
    few = content.reworded(random, old, 3)
    many = content.reworded(random, few, len(few.split(" ")) // 20)
    rewritten = content.instructions(random, len(old))
    return [{"instructions": new[: len(old)].rstrip()} for new in (few, many, rewritten)]


def _schedule(plans: Sequence[Planned], revisions: int, big: bool) -> list[tuple[datetime, int]]:
    """Return when which plan gets a revision, over the past year, oldest first."""
    random = Random(len(plans))  # noqa: S311
    counts = [1 + len(plan.later) for plan in plans]
    if big:
        counts[0] = max(1, revisions // 10)
    others = range(2, len(plans)) if big and len(plans) > 2 else range(len(plans))
    for position in random.choices(others, k=max(0, revisions - sum(counts))):
        counts[position] += 1
    now = timezone.now()
    moments = (
        (now - timedelta(days=DAYS_OF_HISTORY * random.random()), position)
        for position, count in enumerate(counts)
        for _ in range(count)
    )
    return sorted(moments)


def _history(
    plans: Sequence[Planned], schedule: Sequence[tuple[datetime, int]]
) -> Iterator[tuple[Revision, Outcome, dict[str, str]]]:
    """Make the revisions in order of time, each with its outcome and its long texts."""
    keys = _reserve(Revision, len(schedule))
    for key, (moment, position) in zip(keys, schedule, strict=True):
        plan = plans[position]
        new, edited, changes = _next(plan)
        bodies = _split(plan, new, edited)
        revision = _revision(key, plan, moment)
        (revision.values, revision.texts), revision.changes = plan.stored, changes
        _seal(plan.row, revision, new)
        plan.live = new
        yield revision, _outcome(plan.row, revision), bodies


def _next(plan: Planned) -> tuple[Definition, Definition, list[dict[str, Any]]]:
    """Return the next definition, what of it is new, and the summary of what it changes."""
    old = plan.live
    if old is None:
        return plan.first, plan.first, summarise(None, plan.first)
    edit = plan.later.pop(0) if plan.later else content.edited_definition(plan.random, old)
    # Reading and summing up the one changed field is quicker, and comes to the same.
    edited, held = Definition.parse(edit), old.content()
    before = Definition.stored({field: held[field] for field in edit if field in held})
    kept = {field: value for field, value in held.items() if field not in edit}
    return Definition.stored({**kept, **edited.content()}), edited, summarise(before, edited)


def _split(plan: Planned, new: Definition, edited: Definition) -> dict[str, str]:
    """Let `plan.stored` follow to `new`, which differs in the fields of `edited` or lacks some.

    Returns the long values of `edited` by digest.
    """
    values, texts, bodies = text.split(edited)
    old_values, old_texts = plan.stored
    kept = [name for name in new.fields() if name not in edited.content()]
    values |= {name: old_values[name] for name in kept if name in old_values}
    texts |= {name: old_texts[name] for name in kept if name in old_texts}
    plan.stored = (
        {name: values[name] for name in new.fields() if name in values},
        {name: texts[name] for name in new.fields() if name in texts},
    )
    return bodies


def _revision(key: int, plan: Planned, moment: datetime) -> Revision:
    row, random = plan.row, plan.random
    return Revision(
        pk=key,
        assistant_id=row.pk,
        workspace_id=row.workspace_id,
        number=row.last_number + 1,
        kind=Revision.Kind.EDIT if plan.live else Revision.Kind.CREATE,
        base_id=row.live_id,
        author_name=random.choice(content.AUTHORS),
        note=random.choice(content.DEMO_NOTES),
        trace_id=f"demo-{row.pk}-{row.last_number + 1}",
        created_at=moment,
        previous_digest=row.last_digest,
        digest_format=NEWEST_FORMAT,
    )


def _seal(row: Assistant, revision: Revision, new: Definition) -> None:
    """Chain the revision to the one before it, and let the assistant's row follow."""
    revision.digest = revision_digest(
        revision,
        definition=new,
        base_digest=row.last_digest,  # all of them took effect, so the last one is the base
    )
    row.live_id, row.live_digest, row.live_version = revision.pk, new.digest, revision.number
    row.last_number, row.last_digest = revision.number, revision.digest
    row.changed_at, row.changed_by = revision.created_at, revision.author_name
    if revision.number == 1:
        row.created_at = revision.created_at


def _outcome(row: Assistant, revision: Revision) -> Outcome:
    outcome = Outcome(
        revision_id=revision.pk,
        assistant_id=row.pk,
        status=Outcome.Status.APPLIED,
        version=revision.number,
        created_at=revision.created_at + timedelta(milliseconds=300),
        digest_format=NEWEST_FORMAT,
    )
    outcome.digest = outcome_digest(outcome, revision_digest=revision.digest, stored=None)
    return outcome


def _write(chunk: Sequence[tuple[Revision, Outcome, dict[str, str]]]) -> None:
    text.keep_texts({digest: body for _, _, bodies in chunk for digest, body in bodies.items()})
    Revision.objects.bulk_create([revision for revision, _, _ in chunk])
    Outcome.objects.bulk_create([outcome for _, outcome, _ in chunk])


def _write_assistants(plans: Sequence[Planned], connection: Connection) -> None:
    definitions = [plan.live or plan.first for plan in plans]
    rows = [plan.row for plan in plans]
    sequences = store_on_registry(
        connection, [(row.remote_id or "", row.created_at) for row in rows], definitions
    )
    for row, definition, sequence in zip(rows, definitions, sequences, strict=True):
        row.describe(definition)
        row.remote_created_at = row.created_at.timestamp()
        row.etag = f'"{sequence}"'
        row.checked_at = timezone.now()
    Assistant.objects.bulk_create(rows, batch_size=CHUNK)
    search_index.index_all(zip(rows, definitions, strict=True))


def _reserve(model: type[SeededRow], count: int) -> range | list[int]:
    """Return keys for new rows, so that rows can name one another before they are written."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, count],
            )
            return [row[0] for row in cursor.fetchall()]
    last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return range(last + 1, last + 1 + count)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
