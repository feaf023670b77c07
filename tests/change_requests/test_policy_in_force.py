"""Every way to write asks the policy; what passes is recorded with the revision."""

from collections.abc import Callable

import pytest

from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.definition import Definition
from assistants.models import Assistant, Clearance, Connection, Revision
from assistants.services.approving.changing import LooserWithoutReason, NobodyCounts, set_policy
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from assistants.services.editing.drafts import new_assistant
from assistants.services.editing.restore import restore_as_draft
from assistants.services.errors import NeedsApproval, NoOverride
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from tests.change_requests.conftest import ONE, draft, submitted, wanted_by
from tests.conftest import Cast
from tests.registry import calls
from tests.services.conftest import START, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def publish_draft(cast: Cast, live: Assistant, **options: str) -> None:
    draft(cast.publisher, live, temperature=0.9)
    assistant = fresh(live)
    wanted = wanted_by(cast.publisher, assistant)
    publish(
        author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live, **options
    )


def publish_restored(cast: Cast, live: Assistant) -> None:
    first = Revision.objects.get(assistant=live, number=1)
    restore_as_draft(author=cast.publisher, assistant=fresh(live), revision=first)
    assistant = fresh(live)
    publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=wanted_by(cast.publisher, assistant),
        base=assistant.live,
        kind=Revision.Kind.RESTORE,
    )


def create(cast: Cast, live: Assistant) -> None:
    wanted = Definition.parse({"name": "New", "model": "gpt-4o"})
    made = new_assistant(author=cast.publisher, connection=live.connection, definition=wanted)
    publish(author=cast.publisher, assistant=made, wanted=wanted, base=None)


def delete(cast: Cast, live: Assistant) -> None:
    delete_assistant(author=cast.publisher, assistant=fresh(live))


@pytest.mark.parametrize("write", [publish_draft, create, delete])
def test_every_write_needs_the_approval(
    cast: Cast, live: Assistant, needs_one: None, write: Callable[[Cast, Assistant], None]
) -> None:
    before = Revision.objects.count()
    with pytest.raises(NeedsApproval):
        write(cast, live)
    assert Revision.objects.count() == before
    assert fresh(live).slot_id is None


def test_restoring_and_recreating_need_it_too(cast: Cast, live: Assistant) -> None:
    publish_draft(cast, live)
    set_policy(actor=cast.admin, policy=ONE)
    with pytest.raises(NeedsApproval):
        publish_restored(cast, live)
    set_policy(actor=cast.admin, policy=Policy(), reason="For this test.")
    delete(cast, live)
    set_policy(actor=cast.admin, policy=ONE)
    with pytest.raises(NeedsApproval):
        recreate_assistant(author=cast.admin, assistant=fresh(live))


def test_without_a_policy_nothing_is_asked(cast: Cast, live: Assistant) -> None:
    publish_draft(cast, live)
    assert not Clearance.objects.exists()


def test_free_fields_are_published_without_approval(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy(ONE.rules, frozenset({"temperature"})))
    publish_draft(cast, live)
    assert fresh(live).live_version == 2


def test_an_approved_round_is_published_and_says_who_approved(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    request = submitted(cast.editor, live)
    request = decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assert request.state == "approved"
    result = publish_request(member=cast.publisher, request=request, seen=1)
    assert result.status == "applied"
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.approvers) == ("approved", ["Ada"])
    assert clearance.revision == fresh(live).live
    request.refresh_from_db()
    assert (request.state, request.is_open) == ("published", False)
    revision = fresh(live).live
    assert revision is not None
    assert (revision.author_name, revision.drafter_name) == ("Pia", "Emil")
    assert revision.note == "Because of summer."


def test_nothing_but_what_was_approved_passes(cast: Cast, live: Assistant, needs_one: None) -> None:
    request = submitted(cast.editor, live)
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assistant = fresh(live)
    other = wanted_by(cast.editor, assistant).replace(temperature=0.8)
    with pytest.raises(NeedsApproval):
        publish(author=cast.publisher, assistant=assistant, wanted=other, base=assistant.live)


def test_an_approval_is_for_what_was_live_then(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    request = submitted(cast.editor, live)
    decide(member=cast.admin, request=request, move=Move.APPROVE, seen=1)
    assistant = fresh(live)
    wanted = wanted_by(cast.editor, assistant)
    elsewhere = wanted.replace(temperature=0.1)
    publish(
        author=cast.admin,
        assistant=assistant,
        wanted=elsewhere,
        base=assistant.live,
        override="Urgent.",
    )
    assistant = fresh(live)
    with pytest.raises(NeedsApproval):
        publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)


def test_an_admin_overrides_with_a_reason_for_good(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    draft(cast.admin, live, temperature=0.9)
    assistant = fresh(live)
    wanted = wanted_by(cast.admin, assistant)
    base = assistant.live
    with pytest.raises(NoOverride):
        publish(author=cast.admin, assistant=assistant, wanted=wanted, base=base, override=" ")
    publish(
        author=cast.admin, assistant=assistant, wanted=wanted, base=base, override="Legal asked."
    )
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.reason, clearance.is_own) == (
        "overridden",
        "Legal asked.",
        True,
    )
    assert clearance.fields == ["temperature"]
    assert AuditEvent.objects.filter(kind="approval_overridden").exists()
    assert Happening.objects.filter(kind="overridden").exists()


def test_only_admins_override(cast: Cast, live: Assistant, needs_one: None) -> None:
    with pytest.raises(NotAllowed):
        publish_draft(cast, live, override="I want to.")


def test_a_key_needs_approval_unless_it_is_exempt(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    key, secret = create_api_key(workspace=cast.workspace, name="App", can_write=True)
    app = calls.by_key(secret)
    answer = app("POST", f"/assistants/{live.remote_id}", {"temperature": 0.7})
    assert answer.error[:2] == (403, "approval_required")
    assert app("POST", "/assistants", {"model": "gpt-4o"}).status == 403
    assert app("DELETE", f"/assistants/{live.remote_id}").status == 403
    assert fresh(live).live_version == 1
    key.is_exempt = True
    key.save()
    answer = app("POST", f"/assistants/{live.remote_id}", {"temperature": 0.7})
    assert answer.status == 200
    clearance = Clearance.objects.get()
    assert (clearance.kind, clearance.fields) == ("without", ["temperature"])
    assert Happening.objects.filter(kind="without_approval").exists()


def test_a_key_writes_free_fields(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy(ONE.rules, frozenset({"temperature"})))
    _key, secret = create_api_key(workspace=cast.workspace, name="App", can_write=True)
    app = calls.by_key(secret)
    path = f"/assistants/{live.remote_id}"
    assert app("POST", path, {"temperature": 0.7}).status == 200
    assert app("POST", path, {"name": "Other"}).status == 403
    assert not Clearance.objects.exists()


def test_loosening_needs_a_reason_and_tells_the_admins(cast: Cast, needs_one: None) -> None:
    with pytest.raises(LooserWithoutReason):
        set_policy(actor=cast.admin, policy=Policy())
    row = set_policy(actor=cast.admin, policy=Policy(), reason="We are two now.")
    assert row is not None
    assert row.is_looser
    told = Happening.objects.get(kind="policy_loosened")
    assert told.people == [cast.admin.user.pk]
    event = AuditEvent.objects.filter(kind="approvals").order_by("-number").first()
    assert event is not None
    assert event.details["reason"] == "We are two now."


def test_open_requests_stay_under_the_stricter_rule(
    cast: Cast, live: Assistant, needs_one: None
) -> None:
    request = submitted(cast.editor, live)
    set_policy(actor=cast.admin, policy=Policy(), reason="We are two now.")
    request = decide(
        member=cast.publisher, request=request, move=Move.REQUEST_CHANGES, seen=1, word="No."
    )
    assert request.state == "changes_requested"
    request = decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    assert request.state == "approved"


def test_only_admins_change_the_policy(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        set_policy(actor=cast.publisher, policy=ONE)


def test_a_rule_names_enough_people_of_the_workspace(cast: Cast) -> None:
    stranger = frozenset({cast.stranger.user.pk})
    with pytest.raises(NobodyCounts):
        set_policy(actor=cast.admin, policy=Policy((Rule(1, people=stranger),)))


def test_policies_of_an_assistant_come_on_top(cast: Cast, live: Assistant) -> None:
    set_policy(actor=cast.admin, policy=Policy((Rule(1, role="admin"),)), assistant=live)
    with pytest.raises(NeedsApproval):
        publish_draft(cast, live)
    create(cast, live)
    assert Assistant.objects.filter(name="New", live_version=1).exists()


def test_a_new_assistant_is_created_by_its_request(
    cast: Cast, registry: Connection, needs_one: None
) -> None:
    wanted = Definition.parse({**START, "name": "Fresh"})
    assistant = new_assistant(author=cast.editor, connection=registry, definition=wanted)
    request = submitted(cast.editor, assistant, name="Fresh")
    decide(member=cast.publisher, request=request, move=Move.APPROVE, seen=1)
    assert publish_request(member=cast.publisher, request=request, seen=1).status == "applied"
    assert fresh(assistant).live_version == 1
