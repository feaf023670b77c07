"""Filters of the three lists, each with hits and without one."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from admin_ui.accounts.models import User
from assistants.models import Assistant, Connection, Draft, Revision
from bench.data import NEWCOMER
from bench.pages import Page, Visitor
from bench.report import Row

MOST_MS = 20.0
FEW = 3
"""Assistants with a state, a trouble, a model, or a draft and a restored version of the owner's."""
RARE_MODEL = "model-of-a-few"
State, Kind = Assistant.State, Revision.Kind
OTHER_STATES = (State.DRAFT, State.MISSING, State.DELETED)


def filters(visitor: Visitor) -> Iterator[Row]:
    author = Revision.objects.filter(assistant=visitor.long_history).earliest("pk").author_name
    yield from visitor.compare_all(without_hits(visitor))
    yield from visitor.compare_all(many_hits(visitor, author))
    with_few(visitor)
    yield from visitor.compare_all(few_hits(visitor))


def filtered(visitor: Visitor, hits: str, name: str, value: object) -> Page:
    """Return the list of assistants that this filter leaves."""
    what = f"status {value}" if name == "status" else name
    return Page(
        f"list by {what}, {hits}",
        f"assistants/?{name}={quote(str(value))}",
        f"/assistants/{visitor.workspace.pk}/",
        most_ms=MOST_MS,
    )


def history(visitor: Visitor, hits: str, name: str, value: object) -> Page:
    """Return the history of the first assistant that this filter leaves."""
    assistant = visitor.long_history
    return Page(
        f"history of {assistant.last_number:,} by {name}, {hits}",
        f"assistants/{assistant.pk}/history/{query(name, value)}",
        f"/history/{assistant.pk}/",
        most_ms=MOST_MS,
    )


def changes(visitor: Visitor, hits: str, name: str, value: object) -> Page:
    """Return the changes that this filter leaves."""
    return Page(
        f"changes by {name}, {hits}",
        f"changes/{query(name, value)}",
        f"/changes/{visitor.workspace.pk}/",
        most_ms=MOST_MS,
    )


def query(name: str, value: object) -> str:
    return f"?{name.split(maxsplit=1)[0]}={quote(str(value))}"


def without_hits(visitor: Visitor) -> Iterator[Page]:
    unused = Connection.objects.filter(workspace=visitor.workspace, assistants=None).earliest("pk")
    yield filtered(visitor, "none", "model", "model-of-nobody")
    yield filtered(visitor, "none", "connection", unused.pk)
    for status in (*OTHER_STATES, "trouble", "mine"):
        yield filtered(visitor, "none", "status", str(status))
    newcomer = User.objects.get(email=NEWCOMER)
    for page in (history, changes):
        yield page(visitor, "none", "person", newcomer.pk)
        yield page(visitor, "none", "person without account", "Nobody")
        yield page(visitor, "none", "kind", str(Kind.MISSING))


def many_hits(visitor: Visitor, author: str) -> Iterator[Page]:
    assistant = visitor.long_text
    yield filtered(visitor, "many", "model", assistant.model)
    yield filtered(visitor, "many", "connection", assistant.connection_id)
    yield filtered(visitor, "many", "status", str(State.LIVE))
    for page in (history, changes):
        yield page(visitor, "many", "person without account", author)
        yield page(visitor, "many", "kind", str(Kind.EDIT))


def with_few(visitor: Visitor) -> None:
    """Give the longest unchanged assistants, at the end of the list, what is looked for."""
    spared = [visitor.long_history.pk, visitor.long_text.pk]
    rows = Assistant.objects.filter(workspace=visitor.workspace, state=State.LIVE)
    oldest = iter(rows.exclude(pk__in=spared).order_by("changed_at", "pk"))

    def change(**values: object) -> None:
        pks = [row.pk for row in islice(oldest, FEW)]
        Assistant.objects.filter(pk__in=pks).update(**values)

    for state in OTHER_STATES:
        change(state=state)
    change(trouble=Assistant.Trouble.OUTSIDE)
    change(model=RARE_MODEL)
    for row in islice(oldest, FEW):
        Draft.objects.create(assistant=row, user=visitor.owner, base_id=row.live_id, content={})
        restore(visitor.owner, row)


def restore(owner: User, assistant: Assistant) -> None:
    """Add a revision by the owner, of a kind that no other has, before all others."""
    live = assistant.live
    if live is None:
        raise RuntimeError(f"{assistant} is not live")
    Revision.objects.create(
        pk=Revision.objects.earliest("pk").pk - 1,
        assistant=assistant,
        workspace_id=live.workspace_id,
        number=assistant.last_number + 1,
        kind=Kind.RESTORE,
        values=live.values,
        texts=live.texts,
        base=live,
        author=owner,
        author_name=str(owner),
        trace_id=f"bench-{assistant.pk}",
        digest=live.digest,
    )


def few_hits(visitor: Visitor) -> Iterator[Page]:
    yield filtered(visitor, "few", "model", RARE_MODEL)
    for status in (*OTHER_STATES, "trouble", "mine"):
        yield filtered(visitor, "few", "status", str(status))
    yield history(visitor, "few", "kind", str(Kind.CREATE))
    yield changes(visitor, "few", "kind", str(Kind.RESTORE))
    yield changes(visitor, "few", "person", visitor.owner.pk)
