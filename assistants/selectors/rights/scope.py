"""How far the rights of a member reach: which assistants and which fields they may change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from admin_ui.accounts.models import Member
from assistants.definition import FIELD_NAMES
from assistants.models import Assistant, Narrowing


@dataclass(frozen=True)
class Scope:
    """The fields of one assistant that a member may change.

    None is every field, also those that this dashboard does not know.
    """

    fields: frozenset[str] | None = None

    def outside(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return which of these fields the member may not change."""
        if self.fields is None:
            return ()
        return tuple(name for name in names if name not in self.fields)

    @property
    def is_whole(self) -> bool:
        return self.fields is None

    @property
    def is_empty(self) -> bool:
        return self.fields is not None and not self.fields

    @property
    def open(self) -> tuple[str, ...]:
        """The fields that the member may change, in display order."""
        return tuple(name for name in FIELD_NAMES if not self.outside([name]))

    @property
    def closed(self) -> frozenset[str]:
        """The other fields of the editor."""
        return frozenset(self.outside(FIELD_NAMES))


WHOLE, NO_FIELDS = Scope(), Scope(frozenset())


def scope_of(member: Member, assistant: Assistant) -> Scope:
    """Return what `member` may change of `assistant`; takes a query if their rights are narrowed.

    It says nothing about their role: ask `can` first.
    """
    if not member.is_narrowed:
        return WHOLE
    chosen = Narrowing.assistants.through.objects.filter(
        narrowing=OuterRef("pk"), assistant=assistant.pk
    )
    rows = Narrowing.objects.filter(member=member.pk).annotate(is_chosen=Exists(chosen))
    found: Any = rows.first()
    if found is None or not (found.every_assistant or found.is_chosen):
        return NO_FIELDS
    return WHOLE if found.every_field else Scope(frozenset(found.fields))


def changeable_by(member: Member, assistants: QuerySet[Assistant]) -> QuerySet[Assistant]:
    """Return those of `assistants` of which `member` may change something."""
    if not member.is_narrowed:
        return assistants
    mine = Narrowing.objects.filter(member=member.pk)
    chosen = Narrowing.assistants.through.objects.filter(narrowing__in=mine)
    everywhere = Exists(mine.filter(every_assistant=True))
    return assistants.filter(everywhere | Exists(chosen.filter(assistant=OuterRef("pk"))))


def closed_to(member: Member | None, pks: Iterable[int]) -> set[int]:
    """Return those of these assistants of which `member` can change nothing.

    A query if their rights are narrowed. It says nothing about their role.
    """
    if not (member and member.is_narrowed):
        return set()
    rows = changeable_by(member, Assistant.objects.filter(pk__in=pks))
    return set(pks) - set(rows.values_list("pk", flat=True))
