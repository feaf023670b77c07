"""Approval rules: how many people must approve which fields, and whose approvals count."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_APPROVALS = 3
"""Approvals that a rule can ask for."""
ROLES = ("viewer", "editor", "publisher", "admin")
"""From the weakest to the strongest; an owner counts as an admin."""


@dataclass(frozen=True)
class Approver:
    """A member as a rule sees them."""

    user: int
    role: str
    is_narrowed: bool = False


@dataclass(frozen=True)
class Rule:
    """`approvals` people must approve a change of `fields`, which is all of them if empty.

    Those with `role` or a stronger one count, and those of `people`. Without both, nobody does.
    """

    approvals: int
    role: str = ""
    people: frozenset[int] = frozenset()
    fields: frozenset[str] = frozenset()

    def counts(self, approver: Approver) -> bool:
        """Return whether an approval by `approver` counts. Narrowed rights count by name only."""
        if approver.user in self.people:
            return True
        if not self.role or approver.is_narrowed or approver.role not in ROLES:
            return False
        return ROLES.index(approver.role) >= ROLES.index(self.role)

    def to_json(self) -> dict[str, Any]:
        return {
            "approvals": self.approvals,
            "role": self.role,
            "people": sorted(self.people),
            "fields": sorted(self.fields),
        }

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Rule":
        return cls(
            approvals=int(stored["approvals"]),
            role=str(stored.get("role", "")),
            people=frozenset(stored.get("people", ())),
            fields=frozenset(stored.get("fields", ())),
        )


@dataclass(frozen=True)
class Policy:
    """The rules of a workspace, or those added for one assistant. No rules is no policy.

    `free` are fields that people with the right to publish may publish without approval, as far as
    the rules for all fields are concerned.
    """

    rules: tuple[Rule, ...] = ()
    free: frozenset[str] = frozenset()

    @property
    def people(self) -> frozenset[int]:
        """Those whom its rules name."""
        return frozenset(user for rule in self.rules for user in rule.people)

    def applying(self, changed: Collection[str]) -> tuple[Rule, ...]:
        """Return the rules that ask for an approval of a change of these fields."""
        names = set(changed)
        return tuple(
            rule
            for rule in self.rules
            if rule.approvals and names & (rule.fields or names - self.free)
        )


NO_POLICY = Policy()


@dataclass(frozen=True)
class MissingApproval:
    """What a rule still lacks: how many approvals, and from whom they may come."""

    rule: Rule
    given: int
    fields: tuple[str, ...] = field(default=())
    """Those of the changed fields that the rule is about."""

    @property
    def left(self) -> int:
        return self.rule.approvals - self.given


def missing_approvals(
    policies: Iterable[Policy],
    *,
    changed: Sequence[str],
    approvers: Iterable[Approver],
    writers: Collection[int],
) -> tuple[MissingApproval, ...]:
    """Return what the policies still ask for; nothing if the change may be published.

    `approvers` are those who approved exactly this definition, each once. `writers` wrote a part of
    it, so that their approvals never count.
    """
    people = {each.user: each for each in approvers if each.user not in writers}.values()
    found: dict[Rule, MissingApproval] = {}
    for policy in policies:
        for rule in policy.applying(changed):
            given = sum(rule.counts(person) for person in people)
            if given < rule.approvals:
                about = [n for n in changed if n in (rule.fields or {n} - policy.free)]
                found[rule] = MissingApproval(rule, given, tuple(about))
    return tuple(found.values())


def is_looser(old: Policy, new: Policy) -> bool:
    """Return whether `new` lets something pass that `old` does not, as far as can be told.

    Each old rule needs a new one that asks at least as many of no other people about all its
    fields.
    """
    return any(
        rule.approvals and not any(_covers(rule, other, old, new) for other in new.rules)
        for rule in old.rules
    )


def _covers(rule: Rule, other: Rule, old: Policy, new: Policy) -> bool:
    if other.approvals < rule.approvals or not _is_within(other, rule):
        return False
    if not other.fields:
        return not new.free & rule.fields if rule.fields else new.free <= old.free
    return bool(rule.fields) and rule.fields <= other.fields


def _is_within(other: Rule, rule: Rule) -> bool:
    """Return whether all whose approvals count for `other` count for `rule`."""
    if not other.people <= rule.people:
        return False
    if not other.role:
        return True
    return bool(rule.role) and ROLES.index(other.role) >= ROLES.index(rule.role)
