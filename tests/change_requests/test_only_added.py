"""The database itself refuses to change or delete what is only added, for everybody."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from assistants.models import (
    ApprovalPolicy,
    Assistant,
    ChangeRequest,
    Clearance,
    RequestStep,
    Round,
    Thread,
    ThreadStep,
)
from assistants.services.change_requests.talking import begin_thread, resolve_thread
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
}


def refused(act: Any) -> None:
    with pytest.raises(IntegrityError, match="history is append-only"), transaction.atomic():
        act()


def test_the_database_refuses_to_change_what_is_only_added(cast: Cast, live: Assistant) -> None:
    publish_approved(cast, live)
    request = submitted(cast.editor, live, temperature=0.1)
    of = request.rounds.get()
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
    refused(lambda: Thread.objects.update(is_resolved=False, field="name"))
    refused(lambda: ChangeRequest.objects.update(state="approved", author_name="Ada"))
