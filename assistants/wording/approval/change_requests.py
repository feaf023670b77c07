"""Change requests, steps and approval rules as people read them."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.accounts.permissions import Role
from admin_ui.display.isolation import isolated
from admin_ui.display.times import exact
from assistants.approval.rules import MissingApproval, Rule
from assistants.models import ChangeRequest, Clearance, RequestStep
from assistants.wording.chips import Chip
from assistants.wording.labels import field_label

_STATE, _STEP = ChangeRequest.State, RequestStep.Kind
STATE_LOOKS = {
    _STATE.OPEN: ("info", "git-pull-request-arrow"),
    _STATE.CHANGES_REQUESTED: ("warning", "circle-alert"),
    _STATE.APPROVED: ("accent", "check"),
    _STATE.FAILED: ("danger", "circle-alert"),
    _STATE.REJECTED: ("", "circle-x"),
    _STATE.WITHDRAWN: ("", "undo-2"),
    _STATE.PUBLISHED: ("done", "circle-check"),
}
"""Tone and icon of each state's chip."""
STEP_ICONS = {
    _STEP.SUBMITTED: "git-pull-request-arrow",
    _STEP.ROUND: "refresh-cw",
    _STEP.APPROVED: "check",
    _STEP.CHANGES_REQUESTED: "circle-alert",
    _STEP.REJECTED: "circle-x",
    _STEP.WITHDRAWN: "undo-2",
    _STEP.PUBLISHED: "circle-check",
    _STEP.FAILED: "circle-alert",
    _STEP.SCHEDULED: "history",
    _STEP.CALLED_OFF: "circle-x",
    _STEP.RETURNED: "undo-2",
}
STEP_SENTENCES = {
    _STEP.SUBMITTED: gettext_lazy("%(name)s submitted this for review"),
    _STEP.ROUND: gettext_lazy("%(name)s sent round %(round)s"),
    _STEP.APPROVED: gettext_lazy("%(name)s approved round %(round)s"),
    _STEP.CHANGES_REQUESTED: gettext_lazy("%(name)s requested changes to round %(round)s"),
    _STEP.REJECTED: gettext_lazy("%(name)s rejected it"),
    _STEP.WITHDRAWN: gettext_lazy("%(name)s withdrew it"),
    _STEP.PUBLISHED: gettext_lazy("%(name)s published round %(round)s"),
    _STEP.FAILED: gettext_lazy("%(name)s tried to publish round %(round)s, which failed"),
    _STEP.SCHEDULED: gettext_lazy("%(name)s scheduled round %(round)s for %(at)s"),
    _STEP.CALLED_OFF: gettext_lazy("%(name)s called off what was scheduled"),
    _STEP.RETURNED: gettext_lazy("The older version came back, as %(name)s"),
}
SUBMITTED_SENTENCES = {
    _STATE.OPEN: gettext_lazy("Round %(round)s of this draft is in review."),
    _STATE.CHANGES_REQUESTED: gettext_lazy(
        "Reviewers requested changes to round %(round)s of this draft."
    ),
    _STATE.APPROVED: gettext_lazy("Round %(round)s of this draft is approved."),
    _STATE.FAILED: gettext_lazy("Publishing round %(round)s of this draft failed."),
}
DELETION_CHIPS = {_STATE.PUBLISHED: ("done", "trash-2", gettext_lazy("Deleted"))}
DELETION_SENTENCES = {
    _STEP.SUBMITTED: gettext_lazy("%(name)s asked to delete the assistant"),
    _STEP.PUBLISHED: gettext_lazy("%(name)s deleted the assistant"),
    _STEP.FAILED: gettext_lazy("%(name)s tried to delete the assistant, which failed"),
}
"""What a change request that asks for a deletion says in place of the others."""
ROLE_NAMES = {
    "viewer": gettext_lazy("any member"),
    "editor": gettext_lazy("an editor or above"),
    Role.PUBLISHER: gettext_lazy("a publisher or admin"),
    Role.ADMIN: gettext_lazy("an admin"),
}


def state_chip(request: ChangeRequest) -> Chip:
    """Return the state of a change request as a chip."""
    if request.kind == ChangeRequest.Kind.DELETE and request.state in DELETION_CHIPS:
        tone, icon, text = DELETION_CHIPS[_STATE(request.state)]
        return Chip(tone, icon, str(text))
    tone, icon = STATE_LOOKS[_STATE(request.state)]
    return Chip(tone, icon, str(_STATE(request.state).label))


OVERRIDE_SENTENCES = {
    Clearance.FREEZE_ONLY: gettext_lazy("%(name)s published round %(round)s in a freeze window"),
    Clearance.Kind.OVERRIDDEN: gettext_lazy(
        "%(name)s published round %(round)s without the approvals it needed"
    ),
}
"""How an admin published a round all the same, by the look of the clearance."""
DELETION_OVERRIDES = {
    Clearance.FREEZE_ONLY: gettext_lazy("%(name)s deleted the assistant in a freeze window"),
    Clearance.Kind.OVERRIDDEN: gettext_lazy(
        "%(name)s deleted the assistant without the approvals it needed"
    ),
}
"""As `OVERRIDE_SENTENCES`, where the round asked for a deletion."""


def step_icon(step: RequestStep, *, is_deletion: bool) -> str:
    """Return the icon of what happened to a change request."""
    if is_deletion and step.kind == _STEP.PUBLISHED:
        return "trash-2"
    return STEP_ICONS[_STEP(step.kind)]


def step_sentence(
    step: RequestStep,
    round_number: int,
    override: Clearance | None = None,
    *,
    is_deletion: bool = False,
) -> str:
    """Return what happened, without the time; `override` is how it was published all the same."""
    kind = _STEP(step.kind)
    if override:
        said = (DELETION_OVERRIDES if is_deletion else OVERRIDE_SENTENCES)[override.look]
    else:
        said = (is_deletion and DELETION_SENTENCES.get(kind)) or STEP_SENTENCES[kind]
    at = exact(step.at) if step.at else ""
    return said % {"name": isolated(step.user_name), "round": round_number, "at": at}


def submitted_sentence(request: ChangeRequest) -> str:
    """Return how far the newest round of a draft has got; `request` is open and in a list."""
    at = exact(request.scheduled_at) if request.scheduled_at else ""
    said = {"round": request.round_number, "at": at}
    if not at:
        return str(SUBMITTED_SENTENCES[_STATE(request.state)] % said)
    if request.state == _STATE.APPROVED:
        return _("Round %(round)s of this draft is approved and scheduled for %(at)s.") % said
    return _("Round %(round)s of this draft is scheduled for %(at)s, if it is approved.") % said


def whose(rule: Rule, names: Mapping[int, str]) -> str:
    """Return whose approvals count for a rule; `names` has those of its people."""
    people = [isolated(names[user]) for user in sorted(rule.people) if user in names]
    role = [str(ROLE_NAMES[rule.role])] if rule.role else []
    return _(" or ").join([*role, *people]) or _("nobody any more")


def missing_sentence(missing: MissingApproval, names: Mapping[int, str]) -> str:
    """Return what a rule still asks for: how many approvals, from whom, for which fields."""
    if missing.given:
        said = ngettext(
            "%(count)s more approval by %(from)s for: %(fields)s.",
            "%(count)s more approvals by %(from)s for: %(fields)s.",
            missing.left,
        )
    else:
        said = ngettext(
            "%(count)s approval by %(from)s for: %(fields)s.",
            "%(count)s approvals by %(from)s for: %(fields)s.",
            missing.left,
        )
    return said % {
        "count": missing.left,
        "from": whose(missing.rule, names),
        "fields": fields_named(missing.fields),
    }


def fields_named(fields: Iterable[str], most: int = 6) -> str:
    """Return the labels of some fields in one text."""
    labels = [isolated(field_label(name)) for name in fields]
    more = len(labels) - most
    if more <= 0:
        return ", ".join(labels)
    rest = ngettext("%(count)s more", "%(count)s more", more) % {"count": more}
    return ", ".join([*labels[:most], rest])


def people_in(missing: Collection[MissingApproval]) -> set[int]:
    """Return the users whom these rules name."""
    return {user for each in missing for user in each.rule.people}


def clearance_sentence(clearance: Clearance, *, is_deletion: bool = False) -> str:
    """Return how a change passed the policy."""
    kind = Clearance.Kind(clearance.kind)
    names = ", ".join(isolated(name) for name in clearance.approvers)
    if kind is Clearance.Kind.APPROVED:
        return _("Approved by %(names)s.") % {"names": names}
    if kind is Clearance.Kind.WITHOUT:
        return _("Live without approval. It needed one for: %(fields)s.") % {
            "fields": fields_named(clearance.fields)
        }
    if kind is Clearance.Kind.NOT_NEEDED:
        return _("Reviewed in a change request. No approval was needed.")
    return _overridden(clearance, is_deletion=is_deletion) % {
        "name": isolated(clearance.user_name),
        "reason": isolated(clearance.reason),
    }


def _overridden(clearance: Clearance, *, is_deletion: bool) -> str:
    """Return what an admin did all the same, with places for their name and reason."""
    if is_deletion and clearance.fields:
        return _("%(name)s deleted this without the approvals it needed: “%(reason)s”")
    if is_deletion:
        return _("%(name)s deleted this in a freeze window: “%(reason)s”")
    if not clearance.fields:
        return _("%(name)s published this in a freeze window: “%(reason)s”")
    if clearance.is_own:
        return _(
            "%(name)s published their own change without the approvals it needed: “%(reason)s”"
        )
    return _("%(name)s published this without the approvals it needed: “%(reason)s”")
