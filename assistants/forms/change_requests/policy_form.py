"""The posted form of an approval policy: rules in rows, and the fields that need none."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
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
    """A rule as inputs, whose names end in `number`; `error` is about whose approvals count."""

    number: int
    approvals: int
    role: str
    people: list[Tick]
    fields: list[Tick]
    error: str = ""
    is_new: bool = False

    @property
    def is_unfolded(self) -> bool:
        """Whether the people are in sight."""
        return bool(self.error) or any(box.is_on for box in self.people)


@dataclass(frozen=True, slots=True)
class PostedPolicy:
    """What a form asks for. A row without approvals is no rule, and stays in the form."""

    rows: tuple[Rule, ...]
    free: frozenset[str]

    @property
    def policy(self) -> Policy:
        return Policy(tuple(rule for rule in self.rows if rule.approvals), self.free)

    def row_of(self, place: int) -> int:
        """Return in which row the rule is that has this place in the policy."""
        return [row for row, rule in enumerate(self.rows) if rule.approvals][place]


def read_policy(form: QueryDict) -> PostedPolicy:
    """Return what a posted form asks for."""
    rows = tuple(_rule(form, number) for number in _numbers(form))
    return PostedPolicy(rows, frozenset(form.getlist("free")) & frozenset(FIELD_NAMES))


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


def rule_rows(
    rules: Sequence[Rule], names: Mapping[int, str], *, errors: Mapping[int, str], adds: bool
) -> list[RuleRow]:
    """Return the rules as rows of inputs, one where there is none, and one more with `adds`.

    `names` are the members; `errors` says what is wrong in which row.
    """
    more = [Rule(1, role="publisher")] if adds else []
    shown = [*(rules or [Rule(0, role="publisher")]), *more][:MOST_ROWS]
    return [
        RuleRow(
            number=number,
            approvals=rule.approvals,
            role=rule.role,
            people=[Tick(str(pk), name, pk in rule.people) for pk, name in names.items()],
            fields=field_ticks(rule.fields),
            error=errors.get(number, ""),
            is_new=adds and number == len(shown) - 1,
        )
        for number, rule in enumerate(shown)
    ]


def nobody_counts(rule: Rule) -> str:
    """Return why the approvals that `rule` asks for cannot be given."""
    if not rule.people:
        return gettext("Choose a role, or tick the people whose approvals count.")
    return ngettext(
        "Tick at least %(number)s person, or choose a role.",
        "Tick at least %(number)s people, or choose a role.",
        rule.approvals,
    ) % {"number": rule.approvals}


def field_ticks(ticked: Collection[str]) -> list[Tick]:
    """Return the fields of a definition as boxes."""
    return [Tick(name, str(field_label(name)), name in ticked) for name in FIELD_NAMES]
