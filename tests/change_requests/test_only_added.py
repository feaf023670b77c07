"""The database itself refuses to change or delete what is only added, for everybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from admin_ui.accounts.models import Member
from assistants.models import (
    ApprovalPolicy,
    Assistant,
    ChangeRequest,
    Clearance,
    FreezeWindow,
    RequestStep,
    Round,
    Schedule,
    Thread,
    ThreadStep,
)
from assistants.services.approving.freezing import add_freeze, remove_freeze
from assistants.services.change_requests.schedules import cancel_schedule
from assistants.services.change_requests.talking import begin_thread, resolve_thread
from assistants.services.change_requests.timing import Timing
from tests.change_requests.conftest import submitted
from tests.conftest import Cast
from tests.trust.approved import publish_approved

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES: dict[Any, dict[str, Any]] = {
    Clearance: {"approvers": ["Ada"]},
    Round: {"note": "x"},
    RequestStep: {"word": "x"},
    ApprovalPolicy: {"rules": []},
    ThreadStep: {"text": "x"},
    Thread: {"first_line": 1},
    ChangeRequest: {"policy_mark": 0},
    Schedule: {"publish_at": timezone.now()},
    FreezeWindow: {"ends_at": timezone.now()},
}


def in_an_hour() -> Timing:
    return Timing("at_time", timezone.now() + timedelta(hours=1), "UTC")


def freeze_for_an_hour(admin: Member) -> FreezeWindow:
    now = timezone.now()
    return add_freeze(
        actor=admin, starts_at=now, ends_at=now + timedelta(hours=1), zone="UTC", reason="Holidays"
    )


def refused(act: Any) -> None:
    with pytest.raises(IntegrityError, match="history is append-only"), transaction.atomic():
        act()


def test_the_database_refuses_to_change_what_is_only_added(cast: Cast, live: Assistant) -> None:
    publish_approved(cast, live)
    submitted(cast.publisher, live, temperature=0.2, timing=in_an_hour())
    request = submitted(cast.editor, live, temperature=0.1)
    of = request.rounds.get()
    freeze_for_an_hour(cast.admin)
    said = begin_thread(author=cast.publisher, request=request, of=of, text="Why?")
    resolve_thread(author=cast.publisher, thread=said.thread)
    for model, values in CHANGES.items():
        rows = model.objects.filter(pk=model.objects.order_by("pk")[0].pk)
        refused(lambda rows=rows, values=values: rows.update(**values))
        with connection.cursor() as cursor:
            statement = f"DELETE FROM {model._meta.db_table}"
            refused(lambda cursor=cursor, statement=statement: cursor.execute(statement))


def test_how_far_a_row_has_got_can_be_changed(cast: Cast, live: Assistant) -> None:
    """And nothing else of it in the same statement."""
    request = submitted(cast.editor, live)
    of = request.rounds.get()
    begin_thread(author=cast.publisher, request=request, of=of, text="Why?")
    assert Thread.objects.update(is_resolved=True) == 1
    assert ChangeRequest.objects.update(title="Autumn wording", state="open") == 1
    at_a_time = submitted(cast.publisher, live, temperature=0.2, timing=in_an_hour())
    cancel_schedule(member=cast.publisher, request=at_a_time)
    remove_freeze(actor=cast.admin, freeze=freeze_for_an_hour(cast.admin))
    refused(lambda: Schedule.objects.update(state="waiting", publish_at=timezone.now()))
    refused(lambda: FreezeWindow.objects.update(removed_at=None, zone=""))
    refused(lambda: Thread.objects.update(is_resolved=False, field="name"))
    refused(lambda: ChangeRequest.objects.update(state="approved", author_name="Ada"))
