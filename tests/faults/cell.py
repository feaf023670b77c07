"""One cell: a fault struck a write; let the dust settle, and see that nothing is lost or untrue."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.test import override_settings

from assistants.definition import Definition, changed_fields, stored_otherwise
from assistants.gateway import GatewayError
from assistants.models import Assistant, Connection, Outcome, Revision
from assistants.services.editing.drafts import definition_of
from assistants.services.errors import Missing
from assistants.services.ledger.reading import live_definition, newest_outcome
from assistants.services.ledger.verify import verify
from assistants.services.remote.settle import check_remote, settle_all
from assistants.services.syncing.jobs import sync
from tests.conftest import Cast
from tests.faults.catalogue import NEIGHBOUR, PATIENCE, Fault
from tests.faults.paths import PATHS, Attempt, draft_of, fresh
from tests.upstream import Upstream

SENT = frozenset(Outcome.Status.values)


@dataclass
class Cell:
    """What came of it, in words for the table, and what should not have."""

    said: str
    later: str = ""
    version: int = 0
    draft: str = ""
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = self.said if self.later in ("", self.said) else f"{self.said} > {self.later}"
        return f"{words}, v{self.version}, {self.draft}"


def play(*, path: str, fault: Fault, cast: Cast, connection: Connection, remote: Upstream) -> Cell:
    """Let `fault` strike the write of `path`, settle everything, and look at all that is left."""
    neighbour = remote.add(**NEIGHBOUR)
    kept = dict(neighbour)
    group = PATHS[path].group
    attempt = PATHS[path].prepare(cast, connection, remote)
    before = attempt.assistant.revisions.count()
    remote.requests.clear()
    remote.carried_out.clear()
    for spec in fault.reads:
        remote.fail_next("GET", spec)
    if fault.write is not None:
        remote.fail_next(attempt.method, fault.write)
    remote.blind = fault.blind

    patience = PATIENCE if fault.hangs else settings.GATEWAY_READ_TIMEOUT
    with override_settings(GATEWAY_READ_TIMEOUT=patience):
        said = _send(attempt)
    expected_at_once, expected = fault.expected(group)
    found = list(_at_once(attempt, said, expected_at_once))
    found += says(cast, attempt.assistant, _told_of(attempt, said))
    writes = [asked for asked in remote.requests if is_write(*asked)]

    remote.faults.clear()
    remote.blind = remote.gone = False
    check_remote(assistant=fresh(attempt.assistant))
    found += _still_open(attempt, remote, said)
    remote.land()
    check_remote(assistant=fresh(attempt.assistant))
    with override_settings(LATE_LANDING_SECONDS=0):
        settle_all()
        check_remote(assistant=fresh(attempt.assistant))
        sync(connections=[connection])

    assistant = fresh(attempt.assistant)
    revisions = list(assistant.revisions.order_by("number"))[before:]
    found += _looked_again(assistant)
    found += _history(assistant, revisions, _expected_kinds(attempt, group, fault, said))
    found += _truth(attempt, assistant, revisions, remote)
    found += _text(attempt, assistant)
    found += _alone(assistant, connection)
    if len(writes) != (said in SENT):
        found.append(f"{len(writes)} writes were sent")
    if remote.assistants.get(NEIGHBOUR["id"]) != kept:
        found.append("the neighbour was changed")
    outcome = newest_outcome(revisions[0]) if revisions and said in SENT else None
    later = outcome.status if outcome else said
    if later != expected:
        found.append(f"in the end {later}, not {expected}")
    found += says(cast, assistant, later)
    return Cell(
        said=said,
        later=later,
        version=assistant.live_version,
        draft="draft" if draft_of(attempt) else "no draft",
        problems=tuple(found),
    )


def is_write(method: str, path: str, body: object) -> bool:
    """Whether this may change an assistant; a gateway that follows redirects may also send DELETE
    to the list, which does not."""
    return method == "POST" or (method == "DELETE" and not path.endswith("/assistants"))


def _send(attempt: Attempt) -> str:
    """Return the status, or in capitals the error with which nothing was sent."""
    try:
        return str(attempt.send().status)
    except GatewayError as error:
        return error.kind.upper()
    except Missing:
        return "MISSING"


def _at_once(attempt: Attempt, said: str, expected: str) -> Iterator[str]:
    """What must hold the moment a person is answered."""
    assistant = fresh(attempt.assistant)
    if said != expected:
        yield f"answered {said}, not {expected}"
    if assistant.slot_id is not None:
        yield "the slot was not freed"
    if said == "unconfirmed" and assistant.trouble != "unconfirmed":
        yield f"in doubt, and marked {assistant.trouble!r}"
    draft = draft_of(attempt)
    if attempt.owner and said != "applied" and (not draft or draft.definition != attempt.wanted):
        yield "the draft was gone before the write had taken effect"


def _told_of(attempt: Attempt, said: str) -> str:
    """Return what pages tell: of an attempt that was not begun, what is in doubt since before."""
    newest = attempt.assistant.revisions.order_by("-number").first()
    outcome = newest_outcome(newest) if newest and said.isupper() else None
    return outcome.status if outcome and outcome.status == "unconfirmed" else said


def _still_open(attempt: Attempt, remote: Upstream, said: str) -> Iterator[str]:
    """Looking while a write may still arrive, and finding nothing of it, settles nothing."""
    assistant = fresh(attempt.assistant)
    trouble = assistant.trouble
    if said == "unconfirmed" and not remote.carried_out and assistant.state != "missing":
        if trouble != "unconfirmed":
            yield f"marked {trouble!r} though it may still arrive"
        if assistant.doubt_look_at is None:
            yield "in doubt, and nobody looks for it again"


UNTRUE = ("is unchanged", "was not delivered", "was not ", "Not delivered", "Nothing was")
"""What no page may say of a change that has arrived, or may still do so."""


def says(cast: Cast, assistant: Assistant, status: str) -> Iterator[str]:
    """What the assistant's page says about a change with this status is true."""
    address = f"/w/{cast.workspace.slug}/assistants/{assistant.pk}/history/"
    page = cast.client("publisher").get(address).content.decode()
    banner = page.partition('id="delivery"')[2].partition('role="search"')[0]
    is_unsure, denies = "not certain" in banner, [words for words in UNTRUE if words in banner]
    if is_unsure != (status == "unconfirmed"):
        yield f"{status}, and the page says {'not ' if not is_unsure else ''}that it is not certain"
    if denies and status in ("applied", "unconfirmed"):
        yield f"{status}, and the page says {denies}"
    if status in ("not_delivered", "rejected") and not denies and assistant.state != "missing":
        yield f"{status}, and the page does not say so"


def _looked_again(assistant: Assistant) -> Iterator[str]:
    """Looking once more finds nothing new, and nothing is left to settle but a create in doubt."""
    number = assistant.last_number
    again = check_remote(assistant=fresh(assistant))
    if again.found not in ("same", "gone") or fresh(assistant).last_number != number:
        yield f"looking again found it {again.found}"
    if assistant.slot_id is not None:
        yield "a slot is left"
    if assistant.trouble == "unconfirmed" and assistant.state == "live":
        yield "still in doubt, with a remote that can be read"


def _expected_kinds(attempt: Attempt, group: str, fault: Fault, said: str) -> list[str]:
    """Return the revisions there must be: one for the attempt, and what really came from outside.

    Nothing vanishes from outside that was deleted here, or was not known to be there.
    """
    own = [attempt.kind] if said in SENT else []
    unseen = group == "delete" or (group == "create" and said != "applied")
    if fault.write is not None:
        return own + ([] if unseen else list(fault.kinds))
    return own + ([] if own else list(fault.kinds))


def _history(assistant: Assistant, revisions: list[Revision], expected: list[str]) -> Iterator[str]:
    """One revision for the attempt, none made up, versions without a gap, an unbroken chain."""
    kinds = [row.kind for row in revisions]
    if kinds != expected:
        yield f"the history holds {kinds}, not {expected}"
    if any(newest_outcome(row) is None for row in revisions):
        yield "a revision is still pending"
    versions = [
        row.version
        for row in Outcome.objects.filter(assistant=assistant, version__isnull=False).order_by("pk")
    ]
    if versions != list(range(1, assistant.live_version + 1)):
        yield f"versions are {versions}, live is {assistant.live_version}"
    yield from verify(assistant=assistant)


def _truth(
    attempt: Attempt, assistant: Assistant, revisions: list[Revision], remote: Upstream
) -> Iterator[str]:
    """What the history says is what the remote holds, and each outcome says what happened."""
    row = remote.assistants.get(str(assistant.remote_id))
    held = Definition.parse(row) if row else None
    if assistant.state == "live" and held != live_definition(assistant):
        changed = changed_fields(live_definition(assistant), held) if held else "all"
        yield f"live is not what the remote holds: {changed}"
    if assistant.state != "live" and held is not None:
        yield f"{assistant.state}, and the remote holds it"
    for revision in revisions:
        outcome = newest_outcome(revision)
        if outcome is None or revision.kind != attempt.kind:
            continue
        done = (row is None) if attempt.kind == "delete" else bool(remote.carried_out)
        if outcome.status == "not_delivered" and not set(remote.assistants) - {NEIGHBOUR["id"]}:
            done = False  # whatever it made vanished before anybody could see it
        if (outcome.status == "applied") != done and outcome.status != "unconfirmed":
            yield f"{outcome.status}, but the write {'took' if done else 'did not take'} effect"
        if outcome.status == "applied" and attempt.kind != "delete" and held is not None:
            otherwise = changed_fields(revision.definition, held)
            named = [difference["field"] for difference in outcome.differences]
            if named != otherwise:
                yield f"stored otherwise: {otherwise}, but named: {named}"
            marked = "differs" if stored_otherwise(revision.definition, held) else ""
            if assistant.trouble != marked:
                yield f"marked {assistant.trouble!r}, not {marked!r}"


def _text(attempt: Attempt, assistant: Assistant) -> Iterator[str]:
    """What people wrote is live or in their draft; a draft goes only when all of it is live."""
    live = live_definition(assistant) if assistant.live_id else Definition.parse({})
    draft = draft_of(attempt)
    if attempt.owner:
        written = set(changed_fields(attempt.before, attempt.wanted))
        all_live = written.isdisjoint(changed_fields(live, attempt.wanted))
        if draft is None and not all_live:
            yield "what was written is neither live nor in a draft"
        if draft is not None and not written.isdisjoint(
            changed_fields(draft.definition, attempt.wanted)
        ):
            yield "the draft is not what was written"
        if draft is not None and all_live:
            yield "a draft is left of what is live"
        if draft is not None and not written.issuperset(
            changed_fields(definition_of(draft.base), draft.definition)
        ):
            yield "the draft changes what nobody wrote"
    elif not any(row.definition == attempt.wanted for row in assistant.revisions.all()):
        yield "what was to come back is not in the history"
    for user, wanted in attempt.others.items():
        other = assistant.drafts.filter(user=user).first()
        if other is None or other.definition != wanted:
            yield "somebody else's draft is gone or changed"


def _alone(assistant: Assistant, connection: Connection) -> Iterator[str]:
    """Bringing everything in adds the neighbour alone, unless the create is said to be in doubt."""
    rows = Assistant.objects.filter(connection=connection).exclude(pk=assistant.pk)
    strangers = [row for row in rows if row.remote_id != NEIGHBOUR["id"]]
    if strangers and fresh(assistant).trouble != "unconfirmed":
        yield f"{len(strangers)} assistants more than there should be"
