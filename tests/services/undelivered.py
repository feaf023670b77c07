"""Short ways to a change that did not arrive, or that nobody knows whether it arrived."""

from typing import Any

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Outcome, Revision
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author
from assistants.services.publishing.publish import publish
from assistants.services.publishing.resend import resend
from assistants.services.publishing.slot import begin_change
from assistants.services.remote.closing import SendResult, close
from tests.conftest import Cast
from tests.services.conftest import START, fresh
from tests.upstream import FaultSpec, Upstream


def held(remote: Upstream, assistant: Assistant) -> dict[str, Any]:
    return remote.assistants[str(fresh(assistant).remote_id)]


def tried(
    cast: Cast, assistant: Assistant, remote: Upstream, fault: FaultSpec, **fields: Any
) -> Revision:
    """Publish Emil's draft with these fields, which ends as `fault` makes it end."""
    row = fresh(assistant)
    wanted = live_definition(row).replace(**fields)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    remote.fail_next("POST", fault)
    result = publish(
        author=cast.publisher,
        assistant=row,
        wanted=wanted,
        base=row.live,
        note="For the fair",
        drafter=cast.editor.user,
    )
    assert result.revision
    assert result.status in ("rejected", "not_delivered", "applied")
    remote.requests.clear()
    return result.revision


def take_slot(
    cast: Cast, assistant: Assistant, wanted: Definition, live: Definition | None = None
) -> Revision | None:
    """Let Pia begin a change, with what the caller has read, and stop there."""
    return begin_change(
        assistant=assistant,
        kind="edit",
        wanted=wanted,
        live=live or live_definition(assistant),
        author=Author.of(cast.publisher.user),
        drafter=None,
        note="",
    )


def in_doubt(cast: Cast, assistant: Assistant, **fields: Any) -> Revision:
    """A change of Emil's that nobody knows whether it arrived."""
    row = fresh(assistant)
    live = live_definition(row)
    wanted = live.replace(**fields)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    revision = begin_change(
        assistant=row,
        kind="edit",
        wanted=wanted,
        live=live,
        author=Author.of(cast.publisher.user),
        drafter=cast.editor.user,
        note="",
    )
    assert revision
    close(revision=revision, status="unconfirmed", error=None)
    return revision


def again(
    cast: Cast,
    assistant: Assistant,
    revision: Revision,
    who: str = "admin",
    *,
    over_doubt: bool = False,
) -> SendResult:
    return resend(
        author=getattr(cast, who),
        assistant=fresh(assistant),
        revision=revision,
        over_doubt=over_doubt,
    )


def statuses(revision: Revision | None) -> list[str]:
    return [row.status for row in Outcome.objects.filter(revision=revision).order_by("pk")]


def created_in_doubt(cast: Cast, connection: Connection, remote: Upstream) -> Assistant:
    """An assistant of Emil's: the gateway has made it, and another just like it is there too."""
    wanted = Definition.parse(START)
    assistant = new_assistant(author=cast.editor, connection=connection, definition=wanted)
    remote.add(**START)
    remote.fail_next("POST", FaultSpec(reset=True, applied=True))
    result = publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=wanted,
        base=None,
        drafter=cast.editor.user,
    )
    assert result.status == "unconfirmed"
    remote.requests.clear()
    return fresh(assistant)
