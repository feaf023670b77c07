"""Assistants that several people write to at once, and what must hold of them in the end."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.contrib.auth import get_user_model

from assistants.models import Assistant, Outcome, Revision
from assistants.services.ledger.reading import live_definition
from bench.soak.people import Person, holds, instructions, metadata
from tests.crash.paths import Place, definition, drafted, publish_draft
from tests.crash.truth import applied, disagreements


def published(place: Place, people: int) -> Assistant:
    """Publish an assistant in which each of so many people finds a line of their own."""
    wanted = definition(instructions=instructions(people), metadata=metadata(people))
    case = drafted(place, wanted)
    publish_draft(case)
    return case.fresh()


def broken_promises(row: Assistant, place: Place, people: Iterable[Person]) -> Iterator[str]:
    """Yield what a page promised and the history, the remote or a draft does not hold."""
    yield from disagreements(row, place.held())
    yield from _two_at_once(row)
    everything = applied(row)
    live = live_definition(row)
    for person in people:
        told = [mark for assistant, mark in person.accepted if assistant == row.pk]
        mine = [revision for revision in everything if _author(revision) == person.number]
        written = [revision.note for revision in mine]
        if [mark for mark in written if mark in told] != told:
            yield f"client {person.number} was told {told}, the history has {written}"
        for revision in mine:
            if not holds(revision.definition.value("instructions"), person.number, revision.note):
                yield f"the text of {revision.note} is not in its revision"
        if mine and not holds(live.value("instructions"), person.number, mine[-1].note):
            yield f"the line {mine[-1].note} of client {person.number} is no longer live"
        pairs = live.value("metadata")
        if mine and pairs[f"client-{person.number}"] != mine[-1].note:
            yield f"the pair {mine[-1].note} of client {person.number} is no longer live"
        saved = [mark for assistant, mark in person.saved if assistant == row.pk]
        tried = [mark for assistant, mark in person.tried if assistant == row.pk]
        # The answer to a later save may have been lost with the server, but not its text.
        newest = set(tried[tried.index(saved[-1]) :]) if saved else set()
        if newest and newest.isdisjoint([*written, *_drafted(row, person)]):
            yield f"the draft {saved[-1]} of client {person.number} is gone"


def _two_at_once(row: Assistant) -> Iterator[str]:
    """Yield where a revision was begun before the one in front of it had come to its end."""
    ends: dict[int, Outcome] = {}
    for outcome in Outcome.objects.filter(assistant=row).order_by("pk"):
        ends.setdefault(outcome.revision_id, outcome)
    for first, second in pairwise(row.revisions.order_by("number")):
        if first.pk not in ends or second.created_at < ends[first.pk].created_at:
            yield f"revision {second.number} was begun while {first.number} was pending"


def _author(revision: Revision) -> int | None:
    name = revision.author_name.removeprefix("Client ")
    return int(name) if name.isdecimal() else None


def _drafted(row: Assistant, person: Person) -> list[str]:
    """Return the marks in the draft of a person."""
    user = get_user_model().objects.get(name=f"Client {person.number}")
    drafts = row.drafts.filter(user=user)
    return [draft.definition.value("metadata")[f"client-{person.number}"] for draft in drafts]
