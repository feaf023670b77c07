"""The first steps on Home, until a draft of the person has been published or they close them."""

from typing import NamedTuple

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, can
from admin_ui.compiled import CompiledQuery
from assistants.models import Assistant, Revision
from assistants.selectors.addresses import AssistantPages


class Step(NamedTuple):
    text: str
    url: str
    """Where it is done; "" where it is done by somebody else."""
    action: str
    is_done: bool = False


def steps_of(
    member: Member,
    assistant: Assistant | None,
    drafted: AssistantPages | None,
    *,
    has_sent: bool,
) -> list[Step]:
    """Return what `member` does first, by their role; [] when that is behind them, or their rights
    are narrowed.

    `assistant` is the one to try it on, and `drafted` the pages of what they have a draft of.
    `has_sent` says that a change request of theirs is open. Takes one query at most.
    """
    if assistant is None or member.user.hides_steps or member.is_narrowed:
        return []
    pages = AssistantPages.of(assistant)
    if not can(member, Action.EDIT_DRAFT):
        return _reading(assistant, pages)
    if has_published(member.user):
        return []
    pages, begun = drafted or pages, drafted is not None
    steps = [
        Step(_("Open an assistant. You cannot break anything."), pages.edit, _("Open"), begun),
        Step(_("Change a sentence in its instructions."), pages.edit, _("Edit"), begun),
        Step(
            _("Review your change against the live version."), pages.review, _("Review"), has_sent
        ),
    ]
    if can(member, Action.PUBLISH):
        text = _("Publish it. The earlier version stays in the history.")
        return [*steps, Step(text, pages.review, _("Publish"))]
    text = _("Submit it for review. A publisher publishes it.")
    return [*steps, Step(text, pages.review, _("Submit"), has_sent)]


def _reading(assistant: Assistant, pages: AssistantPages) -> list[Step]:
    steps = [
        Step(_("Open an assistant and read its instructions."), pages.detail, _("Open")),
        Step(_("See who changed it, when and why."), pages.history, _("History")),
    ]
    if (version := assistant.live_version) > 1:
        compared = pages.compare(version - 1, version)
        steps.append(Step(_("Compare two versions word by word."), compared, _("Compare")))
    return [*steps, Step(_("Copy the code that applications use."), pages.code, _("Use in code"))]


def has_published(user: User) -> bool:
    """Return whether something that `user` wrote or published took effect, in any workspace."""
    return bool(_PUBLISHED(user.pk))


def _if_published(user: int) -> QuerySet[User, tuple[int]]:
    kinds = Revision.Kind
    live_kinds = (kinds.CREATE, kinds.EDIT, kinds.RESTORE, kinds.RECREATE)
    rows = Revision.objects.filter(kind__in=live_kinds, outcomes__version__isnull=False)
    # Two subqueries, since each has an index, and an OR of two columns has none.
    wrote, published = (Exists(rows.filter(**{by: user})) for by in ("drafter", "author"))
    return User.objects.filter(pk=user).filter(wrote | published).values_list("pk")


_PUBLISHED = CompiledQuery(_if_published)
