"""Narrowing the rights of somebody of the cast, and a change of each field."""

from collections.abc import Iterable
from typing import Any

from admin_ui.accounts.models import Member
from assistants.definition import Definition
from assistants.models import Assistant, Draft
from assistants.services.editing.drafts import definition_of, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.rights.narrowing import Reach, narrow
from tests.conftest import Cast
from tests.services.conftest import fresh

CHANGED: dict[str, Any] = {
    "name": "Zebra",
    "description": "About zebras.",
    "model": "zebra-1",
    "instructions": "Be striped.",
    "tools": [{"type": "function", "function": {"name": "zebra"}}],
    "tool_resources": {"code_interpreter": {"file_ids": ["file-zebra"]}},
    "metadata": {"animal": "zebra"},
    "temperature": 1.5,
    "top_p": 0.5,
    "response_format": {"type": "json_object"},
    "reasoning_effort": "low",
}
"""Another value for each field than in `tests.services.conftest.START`."""


def narrowed(
    cast: Cast,
    who: str = "publisher",
    *,
    assistants: Iterable[Assistant] | None = None,
    fields: Iterable[str] | None = None,
) -> Member:
    """Let `who` change only these; returns the member as a request finds them."""
    return narrowed_member(cast, getattr(cast, who), assistants=assistants, fields=fields)


def narrowed_member(
    cast: Cast,
    member: Member,
    *,
    assistants: Iterable[Assistant] | None = None,
    fields: Iterable[str] | None = None,
) -> Member:
    reach = Reach(
        None if assistants is None else frozenset(row.pk for row in assistants),
        None if fields is None else tuple(fields),
    )
    member = narrow(actor=cast.admin, member=member, reach=reach)
    return Member.objects.select_related("user", "workspace").get(pk=member.pk)


def changing(assistant: Assistant, *fields: str) -> Definition:
    """Return what is live, with these fields changed."""
    return live_definition(assistant).replace(**{name: CHANGED[name] for name in fields})


def drafted(author: Member, assistant: Assistant, *fields: str) -> Draft:
    """Save a draft of `author` that changes these fields of what is live."""
    row = fresh(assistant)
    return save_draft(
        author=author,
        assistant=row,
        definition=changing(row, *fields),
        base=row.live,
        began=definition_of(row.live),
    )
