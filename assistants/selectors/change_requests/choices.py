"""Whom to ask to review a change request, and which approvals it needs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.accounts.models import Member, User
from admin_ui.display.isolation import isolated
from assistants.approval.rules import Approver, MissingApproval, missing_approvals
from assistants.models import Assistant, ChangeRequest
from assistants.selectors.change_requests.detail import missing_sentences
from assistants.selectors.change_requests.policies import (
    people_who_count,
    policies_in_force,
    policies_since,
)
from assistants.wording.approval.change_requests import fields_named

MOST_REVIEWERS_OFFERED = 100
"""Members that the form offers, those whose approval counts first."""
MOST_REVIEWERS = 20
"""People who can be asked to review one change request."""


@dataclass(frozen=True, slots=True)
class ReviewerChoice:
    """A member who can be asked, and whether the form begins with them ticked."""

    user: int
    name: str
    role: str
    is_named: bool
    """Whether a rule about this change names them."""
    counts_for: str
    """The fields for which their approval counts, where not all rules are theirs."""
    is_chosen: bool
    is_asked: bool
    """Whether they were asked before, so that each round waits for them."""


@dataclass(frozen=True, slots=True)
class ReviewerChoices:
    """Which approvals a change needs, who can give them, and who else may look at it."""

    needed: list[str]
    counting: list[ReviewerChoice]
    others: list[ReviewerChoice]
    writers: list[str]
    """Names of those who wrote a part of it besides the author, so that they cannot approve."""

    @property
    def nobody_counts(self) -> bool:
        return bool(self.needed) and not self.counting

    @property
    def groups(self) -> list[tuple[str, list[ReviewerChoice]]]:
        """What the form offers under which title; none where nobody's approval is needed."""
        if not self.needed:
            return [("", self.others)] if self.others else []
        titled = (
            (_("Their approval counts"), self.counting),
            (_("May look, their approval does not count"), self.others),
        )
        return [(title, rows) for title, rows in titled if rows]


def reviewer_choices(
    author: Member,
    assistant: Assistant,
    current: ChangeRequest | None,
    *,
    fields: Sequence[str],
    writers: Collection[int],
    chosen: Collection[int] | None,
) -> ReviewerChoices:
    """Return whom `author` can ask about a change of `fields`, of which `writers` wrote a part.

    Ticked are `chosen`; where nothing was chosen yet, those whose approval counts, at most
    `MOST_REVIEWERS`. Who was asked before is asked again. At most nine queries.
    """
    policies = policies_in_force(workspace=author.workspace_id, assistant=assistant.pk)
    policies += policies_since(current) if current else []
    missing = missing_approvals(policies, changed=fields, approvers=(), writers=())
    counting = people_who_count(author.workspace_id, [each.rule for each in missing])
    counting = [user for user in counting if user not in writers]
    asked = set(current.reviewers.values_list("user", flat=True)) if current else set()
    ticked = {*(counting[:MOST_REVIEWERS] if chosen is None else chosen), *asked}
    rows = _members(author.workspace_id, writers, first={*counting, *ticked})
    choices = [
        ReviewerChoice(
            user=row.user_id,
            name=str(row.user),
            role=str(row.get_role_display()),
            is_named=any(row.user_id in each.rule.people for each in missing),
            counts_for=_fields_of(row, missing),
            is_chosen=row.user_id in ticked,
            is_asked=row.user_id in asked,
        )
        for row in rows
    ]
    choices.sort(key=lambda each: (not each.is_named, each.name.casefold()))
    others = User.objects.filter(pk__in={*writers} - {author.user.pk}).order_by("pk")
    return ReviewerChoices(
        needed=missing_sentences(missing),
        counting=[each for each in choices if each.user in counting],
        others=[each for each in choices if each.user not in counting],
        writers=[str(user) for user in others],
    )


def _members(workspace: int, writers: Collection[int], *, first: Collection[int]) -> list[Member]:
    """Return people who can be asked, so many as are offered, and of `first` all that fit."""
    rows = Member.objects.filter(
        workspace=workspace, user__is_active=True, user__is_service=False
    ).exclude(user__in=writers)
    rows = rows.select_related("user").order_by("pk")
    found = list(rows.filter(user__in=first)[:MOST_REVIEWERS_OFFERED])
    return found + list(rows.exclude(user__in=first)[: MOST_REVIEWERS_OFFERED - len(found)])


def _fields_of(member: Member, missing: Collection[MissingApproval]) -> str:
    """Return for which fields an approval by `member` counts; "" for all or none of the rules."""
    person = Approver(member.user_id, member.role, member.is_narrowed)
    theirs = [each for each in missing if each.rule.counts(person)]
    if len(theirs) in (0, len(missing)):
        return ""
    return fields_named(dict.fromkeys(name for each in theirs for name in each.fields))


def earlier_writers(request: ChangeRequest) -> set[int]:
    """Return who wrote the rounds so far: a later one may still hold their words. One query."""
    found = request.rounds.values_list("writers", flat=True)
    return {user for writers in found for user in writers}


def asked_sentence(request: ChangeRequest) -> str:
    """Return who was asked to review the newest round, of those who have not answered."""
    rows = request.reviewers.filter(is_waiting=True).select_related("user").order_by("pk")
    names = [str(row.user) for row in rows]
    if not names:
        return _("Nobody was asked to review it. Tell somebody, or ask people with another round.")
    said = ngettext(
        "%(names)s was asked to review it.", "%(names)s were asked to review it.", len(names)
    )
    return said % {"names": _listed(names)}


def _listed(names: Iterable[str], most: int = 5) -> str:
    """Return names in one text, each isolated."""
    shown = [isolated(name) for name in names]
    if len(shown) > most:
        more = len(shown) - most + 1
        rest = ngettext("%(count)s more", "%(count)s more", more) % {"count": more}
        shown = [*shown[: most - 1], rest]
    if len(shown) == 1:
        return shown[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(shown[:-1]), "last": shown[-1]}
