"""Mails of a list of invitations: one task each, with a link that the database does not hold."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from admin_ui.accounts.invitations.sending import send_invitation
from admin_ui.accounts.invitations.several import invite_several
from admin_ui.accounts.models import Invitation
from tests.accounts.test_lists import read
from tests.conftest import Cast
from tests.tasks.conftest import Work

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = "b" * 24
THREE = "ann@example.com\nbob@example.com\ncy@example.com"
LINK = re.compile(r"http://localhost:8000(/accounts/invitation/([\w-]+)/)")


@pytest.fixture
def invited(queue: None, cast: Cast) -> Cast:
    """Three people, for whom mails wait."""
    invite_several(actor=cast.admin, entries=read(THREE), again=(), batch=BATCH)
    return cast


def unreachable(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


def links() -> list[str]:
    return [LINK.search(str(message.body))[1] for message in mail.outbox]  # type: ignore[index]


def test_the_page_sends_nothing_and_a_worker_everything(invited: Cast, work: Work) -> None:
    assert not mail.outbox
    assert {row.queue_name for row in DBTaskResult.objects.all()} == {"long"}
    assert work() == 3
    assert [message.to for message in mail.outbox] == [[email] for email in THREE.split()]
    assert {Client().get(link).status_code for link in links()} == {302}


def test_a_second_press_queues_no_second_mail(invited: Cast, work: Work) -> None:
    invite_several(actor=invited.admin, entries=read(THREE), again=(), batch=BATCH)
    assert work() == 3


def test_no_table_holds_a_link(invited: Cast, work: Work) -> None:
    waiting = json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    work()
    kept = json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", "return_value")))
    for message in mail.outbox:
        token = LINK.search(str(message.body))[2]  # type: ignore[index]
        assert token not in waiting + kept
        assert not Invitation.objects.filter(digest=token).exists()


def test_a_mail_that_fails_is_repeated_with_the_same_link(
    invited: Cast, work: Work, settings: Any
) -> None:
    before = set(Invitation.objects.values_list("digest", flat=True))
    unreachable(settings)
    work()
    assert set(Invitation.objects.values_list("digest", flat=True)) == {None}
    page = invited.client("admin").get("/w/main/team/").content.decode()
    assert page.count("Not mailed") == 3
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert DBTaskResult.objects.ready().order_by().count() == 0, "not before some seconds"
    DBTaskResult.objects.filter(status="READY").update(run_after="2020-01-01T00:00:00Z")
    assert work() == 3
    assert set(Invitation.objects.values_list("digest", flat=True)) == before
    assert {Client().get(link).status_code for link in links()} == {302}


def test_nothing_is_mailed_for_what_is_no_longer_open(invited: Cast, work: Work) -> None:
    client = invited.client("admin")
    first, second, third = Invitation.objects.order_by("email")
    client.post(f"/w/main/team/invitations/{first.pk}/revoke/")
    client.post(f"/w/main/team/invitations/{second.pk}/again/")  # mails another link at once
    mail.outbox.clear()
    work()
    assert [message.to for message in mail.outbox] == [[third.email]]
    assert send_invitation.func(first.pk, BATCH) is False
