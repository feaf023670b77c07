"""The states of a change request, and the one table of what leads from each to which."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a change request is. It follows from its newest step."""

    OPEN = "open"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"


class Move(StrEnum):
    """What people, or the outcome of a publish, do to a change request."""

    SEND_ROUND = "send_round"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    FAIL = "fail"


class PartIn(StrEnum):
    """The part somebody has in a change request: its author, or anybody else."""

    AUTHOR = "author"
    OTHER = "other"


_S, _M = RequestState, Move
OPEN_STATES = (_S.OPEN, _S.CHANGES_REQUESTED, _S.APPROVED, _S.FAILED)
"""States from which a change request can still be published."""
CLOSED_STATES = (_S.REJECTED, _S.WITHDRAWN, _S.PUBLISHED)

NEXT: dict[tuple[RequestState, Move], RequestState] = {
    **{(state, _M.SEND_ROUND): _S.OPEN for state in OPEN_STATES},
    **{(state, _M.REJECT): _S.REJECTED for state in OPEN_STATES},
    **{(state, _M.WITHDRAW): _S.WITHDRAWN for state in OPEN_STATES},
    **{(state, _M.REQUEST_CHANGES): _S.CHANGES_REQUESTED for state in OPEN_STATES},
    **{(state, _M.PUBLISH): _S.PUBLISHED for state in OPEN_STATES},
    **{(state, _M.FAIL): _S.FAILED for state in OPEN_STATES},
    (_S.OPEN, _M.APPROVE): _S.APPROVED,
    (_S.APPROVED, _M.APPROVE): _S.APPROVED,
    (_S.FAILED, _M.APPROVE): _S.APPROVED,
    (_S.CHANGES_REQUESTED, _M.APPROVE): _S.APPROVED,
}
"""The state after a move. What is not here is refused. `APPROVE` leads to `OPEN` or stays at
`CHANGES_REQUESTED` while an approval or an objection is left (`after`)."""

DONE_BY: dict[Move, frozenset[PartIn]] = {
    _M.SEND_ROUND: frozenset({PartIn.AUTHOR}),
    _M.WITHDRAW: frozenset({PartIn.AUTHOR}),
    _M.APPROVE: frozenset({PartIn.OTHER}),
    _M.REQUEST_CHANGES: frozenset({PartIn.OTHER}),
    _M.REJECT: frozenset({PartIn.OTHER}),
    _M.PUBLISH: frozenset(PartIn),
    _M.FAIL: frozenset(PartIn),
}
"""Who makes a move, apart from what their role allows."""


def may_move(state: str, move: Move, part: PartIn) -> bool:
    """Return whether somebody with this part in a change request may make `move` now."""
    return (RequestState(state), move) in NEXT and part in DONE_BY[move]


def after(state: str, move: Move, *, is_satisfied: bool, is_objected: bool = False) -> RequestState:
    """Return the state after `move`.

    `is_satisfied` is whether no approval is missing, `is_objected` whether somebody's request for
    changes in this round is left. Raises `KeyError` for a move that the state does not allow.
    """
    then = NEXT[RequestState(state), move]
    if move is not Move.APPROVE:
        return then
    if is_objected:
        return RequestState.CHANGES_REQUESTED
    return then if is_satisfied else RequestState.OPEN
