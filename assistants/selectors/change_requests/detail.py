"""One change request with all that its page shows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.accounts.models import User
from assistants.approval.rules import MissingApproval
from assistants.definition import Definition
from assistants.models import (
    REMOVAL_KINDS,
    Assistant,
    ChangeRequest,
    Clearance,
    Revision,
    Round,
    Schedule,
    State,
)
from assistants.selectors.addresses import AssistantPages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.decisions import Verdict
from assistants.selectors.versions import both_sides
from assistants.wording import dated
from assistants.wording.approval.change_requests import (
    clearance_sentence,
    missing_sentence,
    people_in,
    step_icon,
    step_sentence,
)

MOST_REQUEST_STEPS = 200


@dataclass(frozen=True, slots=True)
class StepRow:
    """Something that happened to a change request."""

    kind: str
    icon: str
    sentence: str
    word: str
    when: SafeString
    url: str
    """The revision that a publish made; "" for others."""


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """Somebody who was asked to review, or who decided."""

    name: str
    state: str
    """approved, changes_requested, waiting, wrote (a part of the round, and so decides nothing), or
    "" for whom it does not wait any more."""


def request_steps(request: ChangeRequest, overrides: Iterable[Clearance] = ()) -> list[StepRow]:
    """Return what happened, oldest first; `overrides` are `overrides_of` it. Two queries."""
    rounds = dict(request.rounds.values_list("pk", "number"))
    overridden = {row.revision_id: row for row in overrides}
    rows = request.steps.select_related("revision").defer(
        "revision__values", "revision__texts", "revision__changes", "revision__note"
    )
    now, pages = timezone.now(), AssistantPages.of(request.assistant)
    is_deletion = request.kind == ChangeRequest.Kind.DELETE
    return [
        StepRow(
            kind=step.kind,
            icon=step_icon(step, is_deletion=is_deletion),
            sentence=step_sentence(step, rounds[step.round_id], override, is_deletion=is_deletion),
            word=override.reason if override else step.word,
            when=dated(step.created_at, now),
            url=pages.revision(step.revision.number) if step.revision else "",
        )
        for step in rows.order_by("pk")[:MOST_REQUEST_STEPS]
        for override in [overridden.get(step.revision_id or 0)]
    ]


def overrides_of(request: ChangeRequest) -> list[Clearance]:
    """Return how admins published `request` all the same, which is no return. One query."""
    rows = Clearance.objects.filter(change_request=request, is_return=False)
    return list(rows.filter(kind=Clearance.Kind.OVERRIDDEN).order_by("pk"))


def reviewers_of(request: ChangeRequest, of: Round, verdict: Verdict) -> list[ReviewerRow]:
    """Return who was asked or decided, with what they said about `of`, the newest. One query."""
    asked = request.reviewers.select_related("user").order_by("pk")
    rows = {
        row.user_id: ReviewerRow(str(row.user), "waiting" if row.is_waiting else "")
        for row in asked
    }
    for user, step in verdict.steps.items():
        rows[user] = ReviewerRow(step.user_name, step.kind)
    for user in rows.keys() & set(of.writers):
        rows[user] = replace(rows[user], state="wrote")
    return list(rows.values())


def round_sides(of: Round) -> tuple[Definition | None, Definition]:
    """Return what was live when a round was sent, and what it asks to publish."""
    base = both_sides([of.base])[of.base.pk].stored if of.base else None
    return base, of.definition


def newest_schedule(request: ChangeRequest) -> Schedule | None:
    """Return what counts of what was scheduled for `request`. One query."""
    return request.schedules.order_by("-pk").first()


def has_moved(request: ChangeRequest, of: Round) -> bool:
    """Return whether something else is live by now than what the round was sent for."""
    assistant: Assistant = request.assistant
    live = assistant.live_digest if assistant.state == State.LIVE else ""
    return request.is_open and live != of.base_digest


def missing_sentences(missing: Collection[MissingApproval]) -> list[str]:
    """Return what rules still ask for. One query where they name people."""
    users = people_in(missing)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=users)} if users else {}
    return [missing_sentence(each, names) for each in missing]


def clearances_of(revision: Revision, slug: str) -> list[tuple[str, str]]:
    """Return how a change passed the policy: sentences, each with its change request's address.

    The address is "" where there was none. One query.
    """
    pages = ChangeRequestPages.of(slug)
    rows = Clearance.objects.filter(revision=revision).select_related("change_request")
    return [
        (
            clearance_sentence(row, is_deletion=revision.kind in REMOVAL_KINDS),
            pages.request(row.change_request.number) if row.change_request else "",
        )
        for row in rows.order_by("pk")
    ]
