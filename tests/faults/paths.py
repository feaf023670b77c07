"""The ways of writing to a remote, each prepared so that one call sends one write."""

from collections.abc import Callable
from dataclasses import dataclass, field

from admin_ui.accounts.models import User
from assistants.definition import Definition
from assistants.models import Assistant, Connection, Draft
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.editing.restore import restore_as_draft
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.publishing.resend import resend
from assistants.services.remote.closing import SendResult
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.upstream import FaultSpec, Upstream

OLD = Definition.parse(
    {
        "name": "Support",
        "model": "gpt-4o",
        "instructions": "Be kind.\nBe brief.",
        "tools": [{"type": "code_interpreter"}],
        "metadata": {"team": "support", "tier": "gold"},
        "temperature": 0.5,
    }
)
NEW = OLD.replace(
    instructions="Be kind.\nBe thorough.",
    metadata={"team": "sales"},
    temperature=1.7,
    future_field={"on": True},
)


@dataclass
class Attempt:
    """A write that is ready to be sent, and what its person wrote."""

    assistant: Assistant
    kind: str
    send: Callable[[], SendResult]
    wanted: Definition
    before: Definition | None = None
    """What the person began from."""
    owner: User | None = None
    """Whose draft `wanted` is; None where it comes out of the history."""
    others: dict[int, Definition] = field(default_factory=dict)
    """What the drafts of everybody else hold, by user."""

    @property
    def method(self) -> str:
        return "DELETE" if self.kind == "delete" else "POST"


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def put(cast: Cast, connection: Connection, *contents: Definition) -> Assistant:
    """Publish an assistant, one version for each of `contents`."""
    assistant = new_assistant(author=cast.admin, connection=connection, definition=contents[0])
    for wanted in contents:
        result = publish(author=cast.admin, assistant=assistant, wanted=wanted, base=assistant.live)
        assert result.status == "applied"
        assistant = fresh(assistant)
    return assistant


def edit(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """An editor's draft is published by a publisher."""
    return _edit(cast, put(cast, connection, OLD), NEW)


def number_only(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """The same, with nothing changed but a number."""
    return _edit(cast, put(cast, connection, OLD), OLD.replace(temperature=1.7))


def metadata_only(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """The same, with nothing changed but one metadata key for another."""
    return _edit(cast, put(cast, connection, OLD), OLD.replace(metadata={"area": "sales"}))


def _edit(cast: Cast, assistant: Assistant, wanted: Definition) -> Attempt:
    base = assistant.live
    save_draft(author=cast.editor, assistant=assistant, definition=wanted, base=base)
    return Attempt(
        assistant=assistant,
        kind="edit",
        send=lambda: publish(
            author=cast.publisher,
            assistant=fresh(assistant),
            wanted=wanted,
            base=base,
            drafter=cast.editor.user,
        ),
        wanted=wanted,
        before=OLD,
        owner=cast.editor.user,
        others=_another_draft(cast, assistant),
    )


def go_back(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """An old version is restored as a draft, which is published."""
    assistant = put(cast, connection, NEW, OLD)
    first = assistant.revisions.get(number=1)
    draft = restore_as_draft(author=cast.publisher, assistant=assistant, revision=first)
    return Attempt(
        assistant=assistant,
        kind="restore",
        send=lambda: publish(
            author=cast.publisher,
            assistant=fresh(assistant),
            wanted=draft.definition,
            base=draft.base,
            kind=draft.kind,
        ),
        wanted=NEW,
        before=OLD,
        owner=cast.publisher.user,
        others=_another_draft(cast, assistant),
    )


def create(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """An editor's new assistant is published for the first time."""
    assistant = new_assistant(author=cast.editor, connection=connection, definition=NEW)
    return Attempt(
        assistant=assistant,
        kind="create",
        send=lambda: publish(
            author=cast.publisher,
            assistant=fresh(assistant),
            wanted=NEW,
            base=None,
            drafter=cast.editor.user,
        ),
        wanted=NEW,
        owner=cast.editor.user,
    )


def bring_back(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """A deleted assistant is created anew from its history."""
    assistant = put(cast, connection, NEW)
    assert delete_assistant(author=cast.admin, assistant=assistant).status == "applied"
    return Attempt(
        assistant=assistant,
        kind="recreate",
        send=lambda: recreate_assistant(author=cast.publisher, assistant=fresh(assistant)),
        wanted=NEW,
        others=_another_draft(cast, assistant),
    )


def publish_again(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """A draft of an assistant that vanished is published, which creates it anew."""
    assistant = put(cast, connection, OLD)
    attempt = _edit(cast, assistant, NEW)
    remote.assistants.pop(str(assistant.remote_id))
    assert check_remote(assistant=fresh(assistant)).found == "gone"
    attempt.kind = "recreate"
    return attempt


def remove(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """An assistant is deleted while somebody has a draft of it."""
    assistant = put(cast, connection, OLD)
    return Attempt(
        assistant=assistant,
        kind="delete",
        send=lambda: delete_assistant(author=cast.publisher, assistant=fresh(assistant)),
        wanted=OLD,
        others=_another_draft(cast, assistant),
    )


def send_again(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """A publish that nobody could confirm, and that never arrived, is sent again."""
    return _again(cast, remote, edit(cast, connection, remote))


def create_again(cast: Cast, connection: Connection, remote: Upstream) -> Attempt:
    """The same with a first publish."""
    return _again(cast, remote, create(cast, connection, remote))


def _again(cast: Cast, remote: Upstream, attempt: Attempt) -> Attempt:
    remote.fail_next("POST", FaultSpec(reset=True, blind=True))
    first = attempt.send()
    assert first.status == "unconfirmed"
    assert first.revision
    revision = first.revision
    remote.blind = False
    attempt.send = lambda: resend(
        author=cast.publisher,
        assistant=fresh(attempt.assistant),
        revision=revision,
        over_doubt=True,
    )
    return attempt


def _another_draft(cast: Cast, assistant: Assistant) -> dict[int, Definition]:
    wanted = OLD.replace(name="Another name")
    save_draft(author=cast.admin, assistant=assistant, definition=wanted, base=assistant.live)
    return {cast.admin.user.pk: wanted}


def draft_of(attempt: Attempt) -> Draft | None:
    return Draft.objects.filter(assistant=attempt.assistant, user=attempt.owner).first()


@dataclass(frozen=True)
class Path:
    """A way of writing; `group` names which of a fault's expectations hold for it."""

    group: str
    prepare: Callable[[Cast, Connection, Upstream], Attempt]


PATHS = {
    "publish": Path("edit", edit),
    "publish a number": Path("edit", number_only),
    "publish metadata": Path("edit", metadata_only),
    "restore": Path("edit", go_back),
    "create": Path("create", create),
    "recreate": Path("create", bring_back),
    "publish a lost one": Path("create", publish_again),
    "delete": Path("delete", remove),
    "send again": Path("edit", send_again),
    "create again": Path("create", create_again),
}
