"""The posted form of an approval policy: rules in rows, and the fields that need none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui.paging import is_number
from assistants.approval.rules import MOST_APPROVALS, ROLES, Policy, Rule
from assistants.definition import FIELD_NAMES
from assistants.wording.labels import field_label

ROLE_CHOICES: dict[str, Promise] = {
    "": _("Only the people ticked below"),
    "admin": _("Admins"),
    "publisher": _("Publishers and admins"),
    "editor": _("Editors and above"),
    "viewer": _("Every member"),
}
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A box of the form: its value, label, and whether it is ticked."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as inputs, whose names end in `number`."""

    number: int
    approvals: int
    role: str
    people: list[Tick]
    fields: list[Tick]

    @property
    def names_people(self) -> bool:
        return any(box.is_on for box in self.people)


def read_policy(form: QueryDict) -> Policy:
    """Return the policy that a posted form describes. Rows without approvals are no rules."""
    rules = [_rule(form, number) for number in _numbers(form)]
    free = frozenset(form.getlist("free")) & frozenset(FIELD_NAMES)
    return Policy(tuple(rule for rule in rules if rule.approvals), free)


def _numbers(form: QueryDict) -> Iterable[int]:
    return range(min(sum(name.startswith("approvals-") for name in form), MOST_ROWS))


def _rule(form: QueryDict, number: int) -> Rule:
    asked, role = form.get(f"approvals-{number}", ""), form.get(f"role-{number}", "")
    people = {int(pk) for pk in form.getlist(f"person-{number}") if is_number(pk)}
    return Rule(
        approvals=min(int(asked), MOST_APPROVALS) if is_number(asked) else 0,
        role=role if role in ROLES else "",
        people=frozenset(people),
        fields=frozenset(form.getlist(f"field-{number}")) & frozenset(FIELD_NAMES),
    )


def rule_rows(policy: Policy, names: Mapping[int, str], *, blank: int) -> list[RuleRow]:
    """Return the rules as rows of inputs, and `blank` rows more. `names` are the members."""
    rules = [*policy.rules, *(Rule(0, role="publisher") for _number in range(blank))]
    return [
        RuleRow(
            number=number,
            approvals=rule.approvals,
            role=rule.role,
            people=[Tick(str(pk), name, pk in rule.people) for pk, name in names.items()],
            fields=field_ticks(rule.fields),
        )
        for number, rule in enumerate(rules[:MOST_ROWS])
    ]


def field_ticks(ticked: Collection[str]) -> list[Tick]:
    """Return the fields of a definition as boxes."""
    return [Tick(name, str(field_label(name)), name in ticked) for name in FIELD_NAMES]
