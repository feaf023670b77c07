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
ROLE_NAMES = {
    "viewer": gettext_lazy("any member"),
    "editor": gettext_lazy("an editor or above"),
    Role.PUBLISHER: gettext_lazy("a publisher or admin"),
    Role.ADMIN: gettext_lazy("an admin"),
}


def state_chip(request: ChangeRequest) -> Chip:
    """Return the state of a change request as a chip."""
    tone, icon = STATE_LOOKS[_STATE(request.state)]
    return Chip(tone, icon, str(_STATE(request.state).label))


OVERRIDE_SENTENCES = {
    Clearance.FREEZE_ONLY: gettext_lazy("%(name)s published round %(round)s in a freeze window"),
    Clearance.Kind.OVERRIDDEN: gettext_lazy(
        "%(name)s published round %(round)s without the approvals it needed"
    ),
}
"""How an admin published a round all the same, by the look of the clearance."""


def step_sentence(step: RequestStep, round_number: int, override: Clearance | None = None) -> str:
    """Return what happened, without the time; `override` is how it was published all the same."""
    said = OVERRIDE_SENTENCES[override.look] if override else STEP_SENTENCES[_STEP(step.kind)]
    at = exact(step.at) if step.at else ""
    return said % {"name": isolated(step.user_name), "round": round_number, "at": at}


def whose(rule: Rule, names: Mapping[int, str]) -> str:
    """Return whose approvals count for a rule; `names` has those of its people."""
    people = [isolated(names[user]) for user in sorted(rule.people) if user in names]
    role = [str(ROLE_NAMES[rule.role])] if rule.role else []
    return _(" or ").join([*role, *people]) or _("nobody any more")


def missing_sentence(missing: MissingApproval, names: Mapping[int, str]) -> str:
    """Return what a rule still asks for: how many approvals, from whom, for which fields."""
    said = ngettext(
        "%(count)s more approval by %(from)s for: %(fields)s.",
        "%(count)s more approvals by %(from)s for: %(fields)s.",
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


def clearance_sentence(clearance: Clearance) -> str:
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
    if not clearance.fields:
        text = _("%(name)s published this in a freeze window: “%(reason)s”")
        return text % {
            "name": isolated(clearance.user_name),
            "reason": isolated(clearance.reason),
        }
    said = (
        _("%(name)s published their own change without the approvals it needed: “%(reason)s”")
        if clearance.is_own
        else _("%(name)s published this without the approvals it needed: “%(reason)s”")
    )
    return said % {
        "name": isolated(clearance.user_name),
        "reason": isolated(clearance.reason),
    }
