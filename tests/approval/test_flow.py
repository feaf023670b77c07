"""Every state of a change request, every move, and everybody who may make it."""

import itertools

import pytest

from assistants.approval.flow import (
    CLOSED_STATES,
    OPEN_STATES,
    Move,
    PartIn,
    RequestState,
    after,
    may_move,
)

S, M = RequestState, Move
LEADS_TO = {
    M.SEND_ROUND: S.OPEN,
    M.REJECT: S.REJECTED,
    M.WITHDRAW: S.WITHDRAWN,
    M.REQUEST_CHANGES: S.CHANGES_REQUESTED,
    M.PUBLISH: S.PUBLISHED,
    M.FAIL: S.FAILED,
    M.APPROVE: S.APPROVED,
}
BY_AUTHOR = {M.SEND_ROUND, M.WITHDRAW, M.PUBLISH, M.FAIL}
BY_OTHERS = {M.APPROVE, M.REQUEST_CHANGES, M.REJECT, M.PUBLISH, M.FAIL}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(S, M)))
def test_every_move_from_every_state(state: RequestState, move: Move) -> None:
    if state in CLOSED_STATES:
        assert not any(may_move(state, move, part) for part in PartIn)
        with pytest.raises(KeyError):
            after(state, move, is_satisfied=True)
        return
    assert after(state, move, is_satisfied=True) == LEADS_TO[move]
    assert may_move(state, move, PartIn.AUTHOR) == (move in BY_AUTHOR)
    assert may_move(state, move, PartIn.OTHER) == (move in BY_OTHERS)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_one_of_two_approvals_leaves_it_open(state: RequestState) -> None:
    assert after(state, M.APPROVE, is_satisfied=False) is S.OPEN


@pytest.mark.parametrize("state", OPEN_STATES)
@pytest.mark.parametrize("is_satisfied", [False, True])
def test_an_approval_does_not_outvote_an_objection(state: RequestState, is_satisfied: bool) -> None:
    then = after(state, M.APPROVE, is_satisfied=is_satisfied, is_objected=True)
    assert then is S.CHANGES_REQUESTED


def test_all_states_are_open_or_closed() -> None:
    assert {*OPEN_STATES, *CLOSED_STATES} == set(S)
