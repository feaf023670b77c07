"""The five ways of writing, each as what is there before and what one process then does."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from admin_ui.accounts.models import Member
from assistants.definition import Definition
from assistants.models import Assistant, Connection, Revision
from assistants.registry.models import StoredAssistant
from assistants.services.connections.client import REGISTRY
from assistants.services.editing.drafts import draft_of, new_assistant, save_draft
from assistants.services.editing.restore import restore_as_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.settle import settle_all
from tests.crash.steps import Died, Steps, die, watched
from tests.upstream import Upstream

START = {
    "name": "Support",
    "model": "gpt-5",
    "instructions": "Be kind.\n" + "Be patient.\n" * 150,  # long enough to be kept as a text
    "metadata": {"team": "support"},
}
_numbers = count(1)


@dataclass
class Place:
    """A connection, who writes through it, and a way to see what its remote really holds."""

    author: Member
    connection: Connection
    upstream: Upstream | None = None
    """The loopback server behind the connection; None for the registry."""

    @property
    def name(self) -> str:
        return "registry" if self.connection.profile == REGISTRY else "gateway"

    def held(self) -> dict[str, Definition]:
        """Return what the remote holds, by id, asking neither our client nor our history."""
        if self.upstream is not None:
            rows = list(self.upstream.assistants.items())
            return {key: Definition.parse(row) for key, row in rows}
        stored = StoredAssistant.objects.filter(workspace=self.author.workspace, deleted=False)
        return {row.public_id: Definition.parse(row.content) for row in stored}

    def clear(self) -> None:
        """Empty the remote, so that what it holds afterwards is of one run."""
        if self.upstream is not None:
            self.upstream.assistants.clear()
            self.upstream.requests.clear()
            self.upstream.headers.clear()
        else:
            here = StoredAssistant.objects.filter(workspace=self.author.workspace)
            here.filter(deleted=False).update(deleted=True)


@dataclass
class Case:
    """One assistant and what is to become of it; `wanted` is None where it is to go."""

    place: Place
    assistant: Assistant
    wanted: Definition | None
    revision: Revision | None = None

    def fresh(self) -> Assistant:
        return Assistant.objects.select_related("connection", "live", "slot").get(
            pk=self.assistant.pk
        )


@dataclass(frozen=True)
class Path:
    name: str
    prepare: Callable[[Place], Case]
    act: Callable[[Case], None]


def definition(**fields: object) -> Definition:
    return Definition.parse(START).replace(**{"name": f"Support {next(_numbers)}", **fields})


def drafted(place: Place, wanted: Definition) -> Case:
    made = new_assistant(author=place.author, connection=place.connection, definition=wanted)
    return Case(place, made, wanted)


def publish_draft(case: Case) -> None:
    """Publish the draft of the author as it stands, as the review page does."""
    assistant = case.fresh()
    draft = draft_of(user=case.place.author.user, assistant=assistant)
    assert draft is not None
    publish(
        author=case.place.author,
        assistant=assistant,
        wanted=draft.definition,
        base=draft.base,
        kind=draft.kind,
    )


def live(place: Place) -> Case:
    case = drafted(place, definition())
    publish_draft(case)
    return case


def edited(place: Place) -> Case:
    return edit(live(place), "Be brief.")


def edit(case: Case, line: str) -> Case:
    """Draft a further line of the instructions."""
    assistant = case.fresh()
    before = live_definition(assistant)
    case.wanted = before.replace(instructions=f"{before.value('instructions')}\n{line}")
    save_draft(
        author=case.place.author,
        assistant=assistant,
        definition=case.wanted,
        base=assistant.live,
    )
    return case


def to_restore(place: Place) -> Case:
    case = live(place)
    first = case.fresh().live
    assert first is not None
    publish_draft(edit(case, "Never mind."))
    return Case(place, case.assistant, first.definition, first)


def restore_and_publish(case: Case) -> None:
    assert case.revision is not None
    restore_as_draft(author=case.place.author, assistant=case.fresh(), revision=case.revision)
    publish_draft(case)


def to_delete(place: Place) -> Case:
    case = live(place)
    case.wanted = None
    return case


def delete_it(case: Case) -> None:
    delete_assistant(author=case.place.author, assistant=case.fresh())


def to_recreate(place: Place) -> Case:
    case = live(place)
    delete_it(case)
    return case


def recreate_it(case: Case) -> None:
    recreate_assistant(author=case.place.author, assistant=case.fresh())


def to_publish_anew(place: Place) -> Case:
    return edit(to_recreate(place), "Come back.")


PATHS = (
    Path("publish", edited, publish_draft),
    Path("restore", to_restore, restore_and_publish),
    Path("create", lambda place: drafted(place, definition()), publish_draft),
    Path("delete", to_delete, delete_it),
    Path("recreate", to_recreate, recreate_it),
    Path("publish one that is gone", to_publish_anew, publish_draft),
)


def left_by(path: Path, step: str) -> Path:
    """Return the path of settling what a process left that died at `step` of another path."""

    def prepare(place: Place) -> Case:
        case = path.prepare(place)
        try:
            with watched(Steps(on=step, act=die)):
                path.act(case)
        except Died:
            return case
        raise AssertionError(f"{path.name} has no step {step!r}")

    return Path(f"settle {path.name}, {step}", prepare, lambda _: _settle())


def _settle() -> None:
    settle_all(now=True)


SETTLING = tuple(
    left_by(path, f"{moment} call {'DELETE' if path.name == 'delete' else 'POST'}")
    for path in PATHS
    if path.name in ("publish", "create", "delete")
    for moment in ("before", "after")
)
