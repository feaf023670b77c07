"""One revision, or one side of a comparison, with its whole definition."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from admin_ui.accounts.models import User
from assistants.definition import Definition
from assistants.models import Assistant, Outcome, Revision, text
from assistants.selectors.history import RevisionRow, latest_outcomes, revision_row
from assistants.selectors.paging import is_number


@dataclass(frozen=True)
class Side:
    """A definition to compare: a version, what is live, or the person's draft."""

    reference: str
    label: str
    definition: Definition
    revision: Revision | None = None


def get_revision(assistant: Assistant, number: int) -> Revision:
    """Return the revision of `assistant` with that number. Raises `Http404`."""
    return get_object_or_404(Revision, assistant=assistant, number=number)


@dataclass(frozen=True)
class RevisionDetail:
    """A revision with what became of it, what it holds and what it started from."""

    revision: Revision
    row: RevisionRow
    outcome: Outcome | None
    definition: Definition
    base: Definition | None


def revision_detail(assistant: Assistant, number: int) -> RevisionDetail:
    """Return everything a page shows of one revision. Raises `Http404`."""
    rows = Revision.objects.select_related("base")
    revision = get_object_or_404(rows, assistant=assistant, number=number)
    outcome = latest_outcomes([revision]).get(revision.pk)
    contents = definitions([revision, revision.base] if revision.base else [revision])
    return RevisionDetail(
        revision=revision,
        row=revision_row(revision, outcome, assistant),
        outcome=outcome,
        definition=contents[revision.pk],
        base=contents[revision.base.pk] if revision.base else None,
    )


def get_side(*, assistant: Assistant, reference: str, user: User) -> Side:
    """Return what `reference` names: a version number, `live` or `draft`. Raises `Http404`."""
    if reference == "draft":
        draft = assistant.drafts.filter(user=user).first()
        if draft is None:
            raise Http404
        return Side(reference, _("Your draft"), draft.definition)
    if reference == "live":
        if assistant.live is None:
            raise Http404
        label = _("Live (v%(version)d)") % {"version": assistant.live_version}
        contents = definitions([assistant.live])
        return Side(reference, label, contents[assistant.live.pk], assistant.live)
    if not is_number(reference):
        raise Http404
    outcomes = Outcome.objects.select_related("revision")
    outcome = get_object_or_404(outcomes, assistant=assistant, version=int(reference))
    revision = outcome.revision
    return Side(reference, f"v{outcome.version}", definitions([revision])[revision.pk], revision)


def definitions(revisions: Iterable[Revision]) -> dict[int, Definition]:
    """Return what the remote held after each revision, by its primary key; what was sent where
    that is not known to differ. Two queries, however many there are."""
    contents = {row.pk: (row.values, row.texts) for row in revisions}
    stored = Outcome.objects.filter(revision__in=contents, values__isnull=False).order_by("pk")
    for outcome in stored:
        contents[outcome.revision_id] = (outcome.values, outcome.texts or {})
    found = text.fetch(digest for _, texts in contents.values() for digest in texts.values())
    return {pk: text.join(values, texts, found) for pk, (values, texts) in contents.items()}
