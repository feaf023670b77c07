"""What every change of an assistant asks after `can`: is each changed field the member's to change?

Nobody else pays a query: only the rights of members with `is_narrowed` are looked up.
"""

from collections.abc import Iterable

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed
from assistants.definition import Definition, changed_fields
from assistants.models import Assistant
from assistants.selectors.rights.scope import scope_of


class OutsideRights(NotAllowed):
    """A member with narrowed rights asked for a change that they do not reach.

    `fields` names what is not theirs; it is empty if nothing of the assistant is.
    """

    def __init__(self, action: Action, fields: Iterable[str] = ()) -> None:
        super().__init__(action)
        self.fields = tuple(fields)


def check_reach(author: Member, assistant: Assistant, action: Action) -> None:
    """Raise `OutsideRights` if `author` may change nothing of `assistant`."""
    if scope_of(author, assistant).is_empty:
        raise OutsideRights(action)


def check_whole(author: Member, assistant: Assistant, action: Action) -> None:
    """Raise `OutsideRights` unless `author` may change every field of `assistant`."""
    scope = scope_of(author, assistant)
    if not scope.is_whole:
        raise OutsideRights(action, scope.closed if scope.fields else ())


def check_changes(
    author: Member,
    assistant: Assistant,
    definition: Definition,
    *sides: Definition | None,
    action: Action,
) -> None:
    """Raise `OutsideRights` if `definition` changes a field that is not the author's to change.

    A field counts as changed if it differs from each of `sides`, of which None is an empty one.
    """
    if not author.is_narrowed:
        return
    scope = scope_of(author, assistant)
    if scope.is_empty:
        raise OutsideRights(action)
    changed = [set(changed_fields(side, definition)) for side in sides]
    in_order = changed_fields(sides[0], definition)
    everywhere = set[str].intersection(*changed)
    if outside := scope.outside(name for name in in_order if name in everywhere):
        raise OutsideRights(action, outside)
