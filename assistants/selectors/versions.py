"""One revision, or one side of a comparison, with its whole definition."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Length
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from admin_ui.accounts.models import User, Workspace
from admin_ui.compiled import CompiledQuery
from admin_ui.display.isolation import isolated
from admin_ui.paging import is_number
from assistants.definition import Definition, StoredContent
from assistants.models import (
    GONE_STATES,
    REMOVAL_KINDS,
    Assistant,
    Kind,
    Outcome,
    Revision,
    Text,
    begun,
    brief_outcomes,
    without_texts,
)
from assistants.selectors.history import RevisionRow, revision_row
from assistants.selectors.one_assistant import get_assistant

BATCH_SIZE = 8_000_000
"""Characters of content that are read at once."""
UNPACKED = 4
"""How many times as large as it is stored a text is taken to be."""


@dataclass(frozen=True)
class Side:
    """A definition to compare: a version, what is live, or the person's draft."""

    reference: str
    label: str
    definition: Definition
    revision: Revision | None = None
    sent: Definition | None = None
    """What was sent, for a revision."""
    saved_at: datetime | None = None
    """When the draft was saved last, for a draft."""
    owner: Assistant | None = None
    """The assistant that it is of, where two are compared (`get_sides`)."""

    @property
    def place(self) -> str:
        """Its reference without the assistant: a version number, `live` or `draft`."""
        return self.reference.rpartition("@")[2]


def get_revision(assistant: Assistant, number: int) -> Revision:
    """Return the revision of `assistant` with that number. Raises `Http404`."""
    return get_object_or_404(
        without_texts(Revision.objects.all()), assistant=assistant, number=number
    )


def version_of(revision: Revision | None) -> int:
    """Return the version that a revision got; 0 if it took no effect."""
    if revision is None:
        return 0
    found = Outcome.objects.filter(revision=revision, version__isnull=False)
    return found.values_list("version", flat=True).first() or 0


class BothSides(NamedTuple):
    """What was sent, and what the remote held then: the same one, unless it is known to differ."""

    sent: Definition
    stored: Definition


@dataclass(frozen=True)
class RevisionDetail:
    """A revision with its outcome, what it holds and what it started from."""

    revision: Revision
    row: RevisionRow
    outcome: Outcome | None
    sides: BothSides
    base: Definition | None
    """What the remote held before, if it was there."""


def revision_detail(assistant: Assistant, number: int) -> RevisionDetail:
    """Return everything a page shows of one revision. Raises `Http404`."""
    rows = without_texts(Revision.objects.all()).select_related("base", "acceptance")
    rows = rows.defer(*(f"base__{name}" for name in Revision.HEAVY))
    revision = get_object_or_404(rows, assistant=assistant, number=number)
    outcome = brief_outcomes([revision]).get(revision.pk)
    contents = both_sides([revision, revision.base] if revision.base else [revision])
    return RevisionDetail(
        revision=revision,
        row=revision_row(revision, outcome, assistant),
        outcome=outcome,
        sides=contents[revision.pk],
        base=contents[revision.base.pk].stored if revision.base else None,
    )


def get_side(*, assistant: Assistant, reference: str, user: User) -> Side:
    """Return what `reference` names: a version number, `live` or `draft`. Raises `Http404`."""
    if reference == "draft":
        draft = assistant.drafts.filter(user=user).first()
        if draft is None:
            raise Http404
        return Side(reference, _("Your draft"), draft.shown, saved_at=draft.updated_at)
    if reference == "live":
        if assistant.live is None:
            raise Http404
        label = _("Live (v%(version)d)") % {"version": assistant.live_version}
        return _side(reference, label, assistant.live)
    if not is_number(reference):
        raise Http404
    outcome = get_object_or_404(_brief(assistant), version=int(reference))
    return _side(reference, f"v{outcome.version}", outcome.revision)


def get_sides(*, assistant: Assistant, references: Iterable[str], user: User) -> list[Side]:
    """Return what each of `references` names, as `get_side` does, with its owner.

    `<pk>@` before a reference names another assistant of the workspace; then the labels of all
    sides name their assistants. Raises `Http404`.
    """
    found = [_side_with_owner(assistant, reference, user) for reference in references]
    if all(owner.pk == assistant.pk for _side, owner in found):
        return [replace(side, owner=owner) for side, owner in found]
    text = _("%(version)s of %(name)s")
    return [
        replace(
            side,
            reference=side.reference if owner is assistant else f"{owner.pk}@{side.reference}",
            label=text % {"version": side.label, "name": isolated(str(owner))},
            owner=owner,
        )
        for side, owner in found
    ]


def _side_with_owner(assistant: Assistant, reference: str, user: User) -> tuple[Side, Assistant]:
    pk, _at, place = reference.rpartition("@")
    if pk and not is_number(pk):
        raise Http404
    owner = get_assistant(assistant.workspace, int(pk)) if pk else assistant
    return get_side(assistant=owner, reference=place, user=user), owner


def version_before_live(assistant: Assistant) -> Side | None:
    """Return the newest version before the live one that has a definition of its own.

    None if there is none, or if the assistant is not there to be changed.
    """
    if assistant.live is None or assistant.state in GONE_STATES:
        return None
    rows = _brief(assistant).filter(version__lt=assistant.live_version)
    rows = rows.exclude(revision__kind__in=(*REMOVAL_KINDS, Kind.DOCUMENTS))
    outcome = rows.order_by("-version").first()
    return _side(str(outcome.version), f"v{outcome.version}", outcome.revision) if outcome else None


def _brief(assistant: Assistant) -> QuerySet[Outcome]:
    """Return the outcomes of an assistant with their revisions, without what may be of any size."""
    rows = Outcome.objects.filter(assistant=assistant).select_related("revision__acceptance")
    return rows.defer(*Outcome.HEAVY, *(f"revision__{name}" for name in Revision.HEAVY))


def _side(reference: str, label: str, revision: Revision) -> Side:
    sides = both_sides([revision])[revision.pk]
    return Side(reference, label, sides.stored, revision, sides.sent)


def both_sides(revisions: Iterable[Revision]) -> dict[int, BothSides]:
    """Return both sides of each revision, by its primary key. Three queries, however many.

    What is far over the limits is read only when somebody asks for it (`models.begun`).
    """
    pks = [row.pk for row in revisions]
    sent = {pk: (values, texts) for pk, values, texts in _SENT(*pks)} if pks else {}
    kept = _STORED(*sent) if sent else []
    stored = {pk: (values, texts or {}) for pk, values, texts in kept}
    parts = (*sent.values(), *stored.values())
    found = begun.fetch_beginnings(digest for _, texts in parts for digest in texts.values())
    sides = {}
    for pk, (values, texts) in sent.items():
        definition = begun.join_beginnings(values, texts, found)
        held = begun.join_beginnings(*stored[pk], found) if pk in stored else definition
        sides[pk] = BothSides(definition, held)
    return sides


def _sent_in(*pks: int) -> QuerySet[Revision, tuple[int, str, dict[str, str]]]:
    rows = Revision.objects.filter(pk__in=pks)
    return rows.values_list("pk", begun.as_text("values"), "texts")


def _stored_after(*pks: int) -> QuerySet[Outcome, tuple[int, str, dict[str, str] | None]]:
    rows = Outcome.objects.filter(revision__in=pks, values__isnull=False).order_by("pk")
    return rows.values_list("revision_id", begun.as_text("values"), "texts")


_SENT = CompiledQuery(_sent_in)
_STORED = CompiledQuery(_stored_after)


def held_after(revision: Revision) -> Definition:
    """Return what the remote held after `revision`, which may be other than what was sent."""
    return both_sides([revision])[revision.pk].stored


def live_tools(workspace: Workspace, pk: int) -> Any:
    """Return the tools of an assistant of `workspace` that are live; no other long value is read.

    An empty list if it was never published, or they are over the limits. Raises `Http404`.
    """
    rows = Assistant.objects.only("live_id")
    assistant = get_object_or_404(rows, workspace=workspace, pk=pk)
    if assistant.live_id is None:
        return []
    held = Outcome.objects.filter(revision=assistant.live_id, values__isnull=False).order_by("-pk")
    sent = Revision.objects.filter(pk=assistant.live_id)
    content = begun.as_text("values")
    found = held.values_list(content, "texts").first() or sent.values_list(content, "texts").first()
    if found is None:
        return []
    values, texts = found[0], {key: at for key, at in (found[1] or {}).items() if key == "tools"}
    tools = begun.join_beginnings(values, texts, begun.fetch_beginnings(texts.values())).content()
    return [] if isinstance(tools, StoredContent) else tools.get("tools", [])


def shown_definition(assistant: Assistant) -> Definition:
    """Return what is live, or the newest draft of an assistant that was never published."""
    if assistant.live is not None:
        return live_side(assistant, assistant.live)
    draft = assistant.drafts.order_by("-updated_at").first()
    return draft.shown if draft else Definition.parse({})


def live_side(assistant: Assistant, revision: Revision) -> Definition:
    """Return what the remote held after `revision`, which is live as a rule."""
    held = held_after(revision)
    is_long = isinstance(held.content(), StoredContent)
    is_live = revision.pk == assistant.live_id
    return held.known_by(assistant.live_digest) if is_long and is_live else held


def batches(revisions: Sequence[Revision]) -> Iterator[list[Revision]]:
    """Split revisions into runs whose content can be read at once: one, unless they hold much.

    Three queries, and none of them reads any content.
    """
    pks = [row.pk for row in revisions]
    stored = Outcome.objects.filter(revision__in=pks, values__isnull=False)
    rows = [
        *Revision.objects.filter(pk__in=pks).values_list("pk", "texts", Length("values")),
        *stored.values_list("revision_id", "texts", Length("values")),
    ]
    digests = {digest for _pk, texts, _size in rows for digest in (texts or {}).values()}
    whole = Coalesce("base__base__body", "base__body", "body")
    packed = dict(Text.objects.filter(pk__in=digests).values_list("pk", Length(whole)))
    weights: Counter[int] = Counter()
    for pk, texts, size in rows:
        weights[pk] += size + UNPACKED * sum(packed[digest] for digest in (texts or {}).values())
    batch: list[Revision] = []
    weight = 0
    for revision in revisions:
        weight += weights[revision.pk]
        if batch and weight > BATCH_SIZE:
            yield batch
            batch, weight = [], weights[revision.pk]
        batch.append(revision)
    if batch:
        yield batch
