"""Whatever people do, nothing is sent under a policy without the approvals for exactly its digest.

People act at random: they save drafts, submit, approve, take approvals back, schedule, publish,
restore, delete, recreate and change the policy, and time passes. Every change that was sent is then
judged anew from the rows alone, by rules that are written a second time here.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from admin_ui.accounts.models import Member
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.definition import Definition
from assistants.models import (
    GONE_STATES,
    ApprovalPolicy,
    Assistant,
    ChangeRequest,
    Clearance,
    Draft,
    Kind,
    RequestStep,
    Revision,
    Round,
    Schedule,
)
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.carrying_out import carry_out, due_schedules
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import publish_request
from assistants.services.change_requests.submitting import submit, submit_deletion
from assistants.services.change_requests.timing import Timing
from assistants.services.editing.drafts import save_draft
from assistants.services.editing.restore import restore_as_draft
from assistants.services.errors import ServiceError
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from tests.change_requests.conftest import ONE
from tests.conftest import Cast
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
ACTS = 60
FIELDS = ("name", "description", "temperature")


class Crowd:
    """People who act at random upon one assistant."""

    def __init__(self, cast: Cast, live: Assistant, extra: Member, seed: int) -> None:
        self.random = random.Random(seed)
        self.people = [cast.editor, cast.publisher, cast.admin, extra]
        self.admin, self.live, self.policy_at = cast.admin, live, [0]

    def act(self) -> None:
        acts: list[Callable[[Member], object]] = [
            self.save, self.save, self.submit, self.submit, self.decide, self.decide, self.decide,
            self.publish, self.publish_request, self.publish_request, self.restore, self.delete,
            self.recreate, self.ask_to_delete, self.set_policy, self.wait, self.wait,
        ]  # fmt: skip
        with suppress(ServiceError, PermissionDenied, Draft.DoesNotExist):
            self.random.choice(acts)(self.random.choice(self.people))

    @property
    def assistant(self) -> Assistant:
        return fresh(self.live)

    def save(self, who: Member) -> None:
        assistant = self.assistant
        old = assistant.live.definition if assistant.live else Definition.parse({})
        field = self.random.choice(FIELDS)
        value = (
            self.random.choice([0.1, 0.2]) if field == "temperature" else self.random.choice("ab")
        )
        wanted = old.replace(**{field: value})
        save_draft(author=who, assistant=assistant, definition=wanted, base=assistant.live)

    def submit(self, who: Member) -> None:
        seen = Draft.objects.get(assistant=self.live, user=who.user).known_digest
        submit(author=who, assistant=self.assistant, seen=seen, title="A", timing=self.timing())

    def timing(self) -> Timing:
        """Return one of the ways to publish, half of them with an end."""
        when = self.random.choice(Round.When.values)
        begin = timezone.now() + timedelta(hours=1)
        rows = Revision.objects.filter(assistant=self.live).exclude(kind=Kind.DELETE)
        back = self.random.choice([None, self.random.choice(list(rows))])
        end = begin + timedelta(hours=1) if back else None
        return Timing(when, begin if when == Round.When.AT_TIME else None, "UTC", end, back)

    def wait(self, _who: Member) -> None:
        """Let the time of all that is scheduled come."""
        now = timezone.now()
        Schedule.objects.filter(next_at__isnull=False).update(next_at=now, attempts=0)
        for schedule in due_schedules():
            carry_out(schedule.pk)

    def ask_to_delete(self, who: Member) -> None:
        if self.random.random() < 0.3:
            submit_deletion(author=who, assistant=self.assistant, title="A")

    def request(self) -> ChangeRequest:
        rows = list(ChangeRequest.objects.filter(assistant=self.live))
        if not rows:
            raise ServiceError
        return self.random.choice(rows[-3:])

    def decide(self, who: Member) -> None:
        request = self.request()
        move = self.random.choice([Move.APPROVE] * 4 + [Move.REQUEST_CHANGES, Move.WITHDRAW])
        seen = request.round_number - self.random.choice([0, 0, 0, 1])
        decide(member=who, request=request, move=move, seen=seen, word="w")

    def publish_request(self, who: Member) -> None:
        request = self.request()
        override = "Because." if self.random.random() < 0.1 else ""
        publish_request(member=who, request=request, seen=request.round_number, override=override)

    def publish(self, who: Member) -> None:
        draft = self.random.choice(list(Draft.objects.filter(assistant=self.live)) or [None])
        if draft is not None:
            publish(
                author=who,
                assistant=self.assistant,
                wanted=draft.definition,
                base=draft.base,
                drafter=draft.user,
            )

    def restore(self, who: Member) -> None:
        revision = self.random.choice(list(Revision.objects.filter(assistant=self.live)))
        restore_as_draft(author=who, assistant=self.assistant, revision=revision)

    def delete(self, who: Member) -> None:
        delete_assistant(author=who, assistant=self.assistant)

    def recreate(self, who: Member) -> None:
        recreate_assistant(author=who, assistant=self.assistant)

    def set_policy(self, _who: Member) -> None:
        if self.random.random() < 0.3:
            number = self.random.choice([1, 1, 2])
            policy = Policy((Rule(number, role="publisher"),))
            if set_policy(actor=self.admin, policy=policy, reason="Because."):
                self.policy_at.append(Revision.objects.filter(assistant=self.live).count())


def needed_for(revision: Revision) -> int:
    """Return how many approvals the policy of then asked for, from the rows alone."""
    rows = ApprovalPolicy.objects.filter(created_at__lte=revision.created_at).order_by("-pk")
    row = rows.first()
    return row.rules[0]["approvals"] if row else 0


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_sent_without_its_approvals(
    cast: Cast, live: Assistant, second_publisher: Member, seed: int
) -> None:
    set_policy(actor=cast.admin, policy=ONE)
    begun = Revision.objects.count()
    crowd = Crowd(cast, live, second_publisher, seed)
    for _number in range(ACTS):
        crowd.act()
    assert list(verify(assistant=fresh(live))) == []
    roles = {member.user_id: member.role for member in crowd.people}
    sent = list(Revision.objects.filter(assistant=live).order_by("number"))[begun:]
    for revision in sent:
        clearance = Clearance.objects.get(revision=revision)
        if clearance.kind == Clearance.Kind.OVERRIDDEN:
            assert clearance.user == cast.admin.user
            assert clearance.reason
            continue
        of = clearance.round
        assert of is not None
        assert clearance.kind == Clearance.Kind.APPROVED
        before = revision.base.definition if revision.base else None
        if clearance.is_return:
            assert of.back_digest == revision.definition.digest
            assert before is not None
            assert before.digest == of.digest
            assert Clearance.objects.filter(revision=revision.base, round=of).exists()
        else:
            assert of.digest == revision.definition.digest
            gone = Assistant.objects.filter(pk=live.pk, state__in=GONE_STATES).exists()
            assert gone or of.base_digest in ("", before.digest if before else "")
        decisions = RequestStep.objects.filter(
            round=of,
            created_at__lte=revision.created_at,
            kind__in=("approved", "changes_requested"),
        )
        last = {step.user_id: step for step in decisions.order_by("pk")}
        approvers = {
            user
            for user, step in last.items()
            if step.kind == "approved" and step.digest == of.digest
            if user not in of.writers and roles[user or 0] in ("publisher", "admin")
        }
        assert len(approvers) >= needed_for(revision)
        assert all(step.kind == "approved" for step in last.values())
        drafter = revision.drafter_id or revision.author_id
        assert drafter not in approvers or drafter not in of.writers


def test_the_crowd_publishes_something(
    cast: Cast, live: Assistant, second_publisher: Member
) -> None:
    """So that the test above proves something: approved, overridden, scheduled and brought back."""
    set_policy(actor=cast.admin, policy=ONE)
    crowd = Crowd(cast, live, second_publisher, 0)
    for _number in range(10 * ACTS):
        crowd.act()
        kinds = set(Clearance.objects.values_list("kind", "is_return"))
        done = set(Schedule.objects.filter(state="done").values_list("is_return", flat=True))
        if (
            kinds >= {("approved", False), ("overridden", False), ("approved", True)}
            and len(done) > 1
        ):
            return
    raise AssertionError(kinds, done)
