"""Approvals and freeze windows hold changes of documents, unless an admin says why, for good."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from admin_ui.notices.models import Happening
from assistants.approval.rules import Policy, Rule
from assistants.definition import LIMITS
from assistants.models import Assistant, Clearance, Connection, FreezeWindow, StoreChange
from assistants.services.approving.changing import set_policy
from assistants.services.approving.clearing import clearance_digest
from assistants.services.approving.freezing import add_freeze, remove_freeze
from assistants.services.documents.changing import (
    DocumentResult,
    add_document,
    remove_document,
)
from assistants.services.documents.looking import open_changes, settle_changes
from assistants.services.errors import Frozen, NeedsApproval, NoOverride
from assistants.services.ledger.verify import verify
from tests.conftest import Cast
from tests.documents.conftest import entries, mark, place
from tests.services.conftest import fresh
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
KNOWLEDGE = Policy((Rule(1, role="publisher", fields=frozenset({"tool_resources"})),))
HOUR = timedelta(hours=1)
Hold = Callable[[Cast, list[Assistant]], object]


def by_policy(cast: Cast, _users: list[Assistant]) -> object:
    return set_policy(actor=cast.admin, policy=KNOWLEDGE)


def by_assistant(cast: Cast, users: list[Assistant]) -> object:
    return set_policy(actor=cast.admin, policy=KNOWLEDGE, assistant=users[0])


def by_freeze(cast: Cast, _users: list[Assistant]) -> FreezeWindow:
    now = timezone.now()
    return add_freeze(
        actor=cast.admin,
        starts_at=now - HOUR,
        ends_at=now + HOUR,
        zone="UTC",
        reason="Black Friday",
    )


def by_both(cast: Cast, users: list[Assistant]) -> object:
    by_policy(cast, users)
    return by_freeze(cast, users)


HOLDS: dict[str, tuple[Hold, type[Exception], int]] = {
    "a policy": (by_policy, NeedsApproval, 2),
    "the policy of one assistant": (by_assistant, NeedsApproval, 1),
    "a freeze window": (by_freeze, Frozen, 2),
    "both": (by_both, Frozen, 2),
}
"""What holds a change, the refusal, and for how many of its two users it is overridden."""
ACTS = {"add": (add_document, "file-faq"), "remove": (remove_document, "file-old")}


def change(
    act: str, author: Member, library: Connection, *, note: str = "", override: str = ""
) -> DocumentResult:
    do, file = ACTS[act]
    return do(
        author=author,
        document=place(library, file),
        confirmed=mark(library),
        note=note,
        override=override,
    )


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin", "stranger"])
def test_nobody_changes_what_is_held(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    who: str,
    hold: str,
    act: str,
) -> None:
    begin, refusal, _marked = HOLDS[hold]
    begin(cast, users)
    may_change = who in ("publisher", "admin")
    with pytest.raises(refusal if may_change else NotAllowed):
        change(act, getattr(cast, who), library)
    if who != "admin":
        with pytest.raises(NotAllowed):
            change(act, getattr(cast, who), library, override="I want to.")
    assert remote.requests == []
    assert not StoreChange.objects.exists()
    assert not AuditEvent.objects.filter(kind="approval_overridden").exists()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("hold", HOLDS)
def test_an_admin_overrides_with_a_reason_for_good(
    cast: Cast, library: Connection, users: list[Assistant], hold: str, act: str
) -> None:
    begin, _refusal, marked = HOLDS[hold]
    begin(cast, users)
    for bad in (" \n", "x" * (LIMITS.note + 1)):
        with pytest.raises(NoOverride):
            change(act, cast.admin, library, override=bad)
    result = change(act, cast.admin, library, note="New prices.", override=" Legal asked. ")
    assert result.outcome.status == "applied"
    assert result.change.override == "Legal asked."
    for row, is_marked in zip(users, [True, marked == 2], strict=True):
        (entry,) = entries(row)
        found = list(Clearance.objects.filter(revision=entry))
        assert len(found) == is_marked
        for one in found:
            assert (one.kind, one.reason, one.is_own) == ("overridden", "Legal asked.", True)
            assert (one.user, one.user_name) == (cast.admin.user, "Ada")
            assert one.fields == ([] if hold == "a freeze window" else ["tool_resources"])
            assert one.digest == clearance_digest(one, entry.digest)
        assert list(verify(assistant=fresh(row))) == []
    event = AuditEvent.objects.get(kind="approval_overridden")
    assert (event.about, event.details["file"]) == ("Help centre", result.change.file_name)
    assert (event.details["own_change"], event.details["assistants"]) == (True, 2)
    told = Happening.objects.get(kind="overridden")
    assert told.subject == f"Help centre: {result.change.file_name}"
    assert told.path.endswith("/store/?id=vs_help")
    assert cast.admin.user.pk in told.people
    assert ("in a freeze window" in str(told)) == (hold == "a freeze window")


def test_a_reason_without_need_leaves_no_mark(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    window = by_freeze(cast, users)
    remove_freeze(actor=cast.admin, freeze=window)
    set_policy(
        actor=cast.admin, policy=Policy((Rule(1, role="publisher", fields=frozenset({"model"})),))
    )
    result = change("add", cast.admin, library, override="To be safe.")
    assert result.outcome.status == "applied"
    assert result.change.override == ""
    assert not Clearance.objects.exists()
    assert not AuditEvent.objects.filter(kind="approval_overridden").exists()


def test_a_field_left_free_needs_no_approval(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    free = Policy((Rule(1, role="publisher"),), frozenset({"tool_resources"}))
    set_policy(actor=cast.admin, policy=free)
    assert change("add", cast.publisher, library).outcome.status == "applied"
    assert not Clearance.objects.exists()


def test_what_is_settled_later_is_marked_too(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    by_assistant(cast, users)
    remote.fail_next("POST", FaultSpec(late=True, reset=True))
    change("add", cast.admin, library, override="Urgent.")
    assert not Clearance.objects.exists()
    set_policy(actor=cast.admin, policy=Policy(), assistant=users[0], reason="Not any more.")
    remote.land()
    settle_changes(open_changes(now=True))
    assert Clearance.objects.get().revision == entries(users[0])[0]


def test_what_was_refused_at_the_gateway_leaves_no_entry(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    by_policy(cast, users)
    remote.fail_next("POST", FaultSpec(status=429, body="{}"))
    assert change("add", cast.admin, library, override="Urgent.").outcome.status == "not_delivered"
    assert not Clearance.objects.exists()
    assert StoreChange.objects.get().override == "Urgent."
    assert AuditEvent.objects.filter(kind="approval_overridden").exists()


def test_people_named_for_one_assistant_are_told(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    named = Policy((Rule(1, people=frozenset({cast.editor.user.pk})),))
    set_policy(actor=cast.admin, policy=named, assistant=users[1])
    for approvals in (1, 2):  # newer policies of the workspace hide no older one of an assistant
        set_policy(actor=cast.admin, policy=Policy((Rule(approvals, role="admin"),)))
    change("add", cast.admin, library, override="Urgent.")
    told = Happening.objects.get(kind="overridden")
    assert set(told.people) == {cast.admin.user.pk, cast.editor.user.pk}


def test_it_costs_as_much_for_many_policies(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    from django.db import connection

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted, pytest.raises(NeedsApproval):
            change("add", cast.publisher, library)
        return len(counted)

    by_assistant(cast, users)
    few = queries()
    set_policy(actor=cast.admin, policy=KNOWLEDGE, assistant=users[1])
    assert queries() == few
