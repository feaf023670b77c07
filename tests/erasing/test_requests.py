"""A text that must not be kept goes from change requests, their discussions, and policies too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from admin_ui.audit.models import AuditEvent
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.diff.following.anchors import LineRange
from assistants.models import Clearance, Connection, Erasure, FreezeWindow, Round, ThreadStep
from assistants.services.approving.changing import set_policy
from assistants.services.approving.freezing import add_freeze, remove_freeze
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.talking import begin_thread
from assistants.services.editing.drafts import save_draft
from assistants.services.erasing.erase import erase_text
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.erasing.conftest import LINES, SECRETS, Make, published, registry, tables_with  # noqa: F401
from tests.erasing.test_erase import verified
from tests.factories import make_user
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = {
    "assistants_approvalpolicy.reason",
    "assistants_changerequest.title",
    "assistants_clearance.reason",
    "assistants_freezewindow.reason",
    "assistants_requeststep.word",
    "assistants_round.note",
    "assistants_round.values",
    "assistants_threadstep.replacement",
    "assistants_threadstep.text",
    "notices_happening.subject",
}


def test_it_is_found_nowhere_afterwards(
    cast: Cast,
    registry: Connection,  # noqa: F811
    published: Make,  # noqa: F811
) -> None:
    secret = SECRETS[0]
    row = published(registry, instructions=LINES)
    set_policy(actor=cast.admin, policy=Policy((Rule(2, role="publisher"),)))
    set_policy(actor=cast.admin, policy=Policy((Rule(1, role="publisher"),)), reason=secret)
    start = timezone.now() + timedelta(days=1)
    window = add_freeze(
        actor=cast.admin, starts_at=start, ends_at=start + timedelta(hours=1), zone="UTC",
        reason=f"For {secret}",
    )  # fmt: skip
    remove_freeze(actor=cast.admin, freeze=window)
    base = row.live
    assert base
    wanted = base.definition.replace(
        instructions=f"{LINES}\nUse {secret}.", metadata={"key": secret}
    )
    draft = save_draft(author=cast.editor, assistant=row, definition=wanted, base=base)
    request = submit(
        author=cast.editor, assistant=row, seen=draft.known_digest, title=f"Use {secret}"[:80],
        note=f"Because of {secret}", reviewers=(cast.publisher.user.pk,),
    )  # fmt: skip
    of = request.rounds.get()
    begin_thread(
        author=cast.publisher, request=request, of=of, text=f"Why {secret}?",
        field="instructions", lines=LineRange(1, 1), replacement=f"Rather {secret}",
    )  # fmt: skip
    decide(member=cast.publisher, request=request, move=Move.REJECT, seen=1, word=f"No {secret}")
    other = base.definition.replace(temperature=0.1)
    publish(author=cast.admin, assistant=row, wanted=other, base=base, override=f"Now {secret}")
    assert set(tables_with(secret)) >= EVERYWHERE
    rounds = list(Round.objects.values_list("digest", flat=True))
    owner = make_user("olga@example.com", name="Olga", is_owner=True)
    assert erase_text(actor=owner, text=secret, reason="A leaked key")
    left = set(tables_with(secret))
    assert left <= {"audit_auditevent.details", "audit_auditevent.about"}, left
    found = verified()
    assert found["problems"] == []
    assert found["erased"] == Erasure.objects.get(kind="erase").end.rows > 0
    assert list(Round.objects.values_list("digest", flat=True)) == rounds
    assert Clearance.objects.get().reason == "Now █████"
    assert FreezeWindow.objects.get().reason == "For █████"
    assert ThreadStep.objects.get().text == "Why █████?"
    assert Happening.objects.filter(subject__contains="Use █████").exists()
    assert AuditEvent.objects.filter(kind="erased").count() == 1
    assert fresh(row).live_version == 2
