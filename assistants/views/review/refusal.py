"""Why a member with narrowed rights cannot publish a draft, before they try."""

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, can
from assistants.definition import Definition, changed_fields
from assistants.models import Assistant, State
from assistants.selectors.rights.scope import scope_of
from assistants.wording.definition.reach import not_created, not_theirs


def refusal_of(
    member: Member, assistant: Assistant, live: Definition | None, wanted: Definition
) -> str:
    """Return why `member`, who may publish, cannot publish `wanted`; "" if they can."""
    if not member.is_narrowed:
        return ""
    scope = scope_of(member, assistant)
    if scope.is_empty:
        return not_theirs(())
    if assistant.state != State.LIVE and not can(member, Action.CREATE):
        return not_created()
    outside = scope.outside(changed_fields(live, wanted))
    return not_theirs(outside) if outside else ""
