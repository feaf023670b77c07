"""Whose approvals count, which rules apply, and what is looser than what."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.approval.rules import (
    NO_POLICY,
    ROLES,
    Approver,
    Policy,
    Rule,
    is_looser,
    missing_approvals,
)

TWO = Policy((Rule(2, role="publisher"),))
LEGAL = Rule(1, people=frozenset({7}), fields=frozenset({"instructions"}))


def left(*policies: Policy, changed: list[str], by: list[Approver], writers: set[int]) -> list[int]:
    found = missing_approvals(policies, changed=changed, approvers=by, writers=writers)
    return [each.left for each in found]


@pytest.mark.parametrize(("wanted", "has"), list(itertools.product(ROLES, ROLES)))
@pytest.mark.parametrize("is_narrowed", [False, True])
@pytest.mark.parametrize("is_named", [False, True])
def test_whose_approval_counts(wanted: str, has: str, is_narrowed: bool, is_named: bool) -> None:
    rule = Rule(1, role=wanted, people=frozenset({1} if is_named else ()))
    counts = rule.counts(Approver(1, has, is_narrowed))
    is_strong = ROLES.index(has) >= ROLES.index(wanted)
    assert counts == (is_named or (is_strong and not is_narrowed))


def test_a_rule_without_role_counts_nobody_else() -> None:
    assert not Rule(1, people=frozenset({1})).counts(Approver(2, "admin"))


def test_writers_never_count_and_nobody_counts_twice() -> None:
    both = [Approver(1, "admin"), Approver(2, "admin")]
    assert left(TWO, changed=["name"], by=both, writers=set()) == []
    assert left(TWO, changed=["name"], by=both, writers={1}) == [1]
    assert left(TWO, changed=["name"], by=[both[0], both[0]], writers=set()) == [1]
    assert left(TWO, changed=["name"], by=[], writers=set()) == [2]


def test_rules_of_fields_add_to_those_for_all() -> None:
    policy = Policy((Rule(1, role="publisher"), LEGAL), free=frozenset({"temperature"}))
    anyone, legal = Approver(1, "publisher"), Approver(7, "viewer")
    assert left(policy, changed=["temperature"], by=[], writers=set()) == []
    assert left(policy, changed=["temperature", "name"], by=[], writers=set()) == [1]
    assert left(policy, changed=["instructions"], by=[anyone], writers=set()) == [1]
    assert left(policy, changed=["instructions"], by=[anyone, legal], writers=set()) == []
    assert left(policy, changed=["unknown field"], by=[], writers=set()) == [1]


def test_the_policy_of_an_assistant_adds_to_that_of_the_workspace() -> None:
    stricter = Policy((Rule(2, role="admin"),))
    one = Policy((Rule(1, role="publisher"),))
    by = [Approver(1, "admin")]
    assert left(one, stricter, changed=["name"], by=by, writers=set()) == [1]
    assert left(one, NO_POLICY, changed=["name"], by=by, writers=set()) == []


def test_what_is_missing_names_the_fields() -> None:
    policy = Policy((LEGAL,))
    (found,) = missing_approvals(
        [policy], changed=["instructions", "name"], approvers=[], writers=[]
    )
    assert (found.rule, found.given, found.fields) == (LEGAL, 0, ("instructions",))


FIELDS = ["name", "instructions", "tools"]
names = st.frozensets(st.sampled_from(FIELDS))
rules = st.builds(
    Rule,
    approvals=st.integers(0, 3),
    role=st.sampled_from(["", "publisher", "admin"]),
    people=st.frozensets(st.integers(1, 3)),
    fields=names,
)
policies = st.builds(Policy, st.lists(rules, max_size=3).map(tuple), names)
PEOPLE = [
    Approver(1, "viewer"),
    Approver(2, "publisher"),
    Approver(3, "admin"),
    Approver(4, "admin"),
]


@given(policies, policies)
def test_what_is_not_looser_lets_nothing_new_pass(old: Policy, new: Policy) -> None:
    if is_looser(old, new):
        return
    for count in range(len(PEOPLE) + 1):
        for by in itertools.combinations(PEOPLE, count):
            for size in range(1, len(FIELDS) + 1):
                for changed in itertools.combinations(FIELDS, size):
                    if left(old, changed=list(changed), by=list(by), writers=set()):
                        assert left(new, changed=list(changed), by=list(by), writers=set())


@given(policies)
def test_no_policy_is_looser_than_itself(policy: Policy) -> None:
    assert not is_looser(policy, policy)


@pytest.mark.parametrize(
    ("old", "new", "looser"),
    [
        (TWO, Policy((Rule(1, role="publisher"),)), True),
        (TWO, Policy((Rule(3, role="publisher"),)), False),
        (TWO, Policy((Rule(2, role="editor"),)), True),
        (TWO, Policy((Rule(2, role="admin"),)), False),
        (TWO, Policy(TWO.rules, frozenset({"name"})), True),
        (TWO, Policy((*TWO.rules, LEGAL)), False),
        (Policy((*TWO.rules, LEGAL)), TWO, True),
        (NO_POLICY, TWO, False),
        (TWO, NO_POLICY, True),
    ],
)
def test_looser(old: Policy, new: Policy, looser: bool) -> None:
    assert is_looser(old, new) is looser


@given(rules)
def test_a_rule_is_stored_as_json(rule: Rule) -> None:
    assert Rule.of(rule.to_json()) == rule
