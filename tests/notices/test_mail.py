"""Notices by e-mail: at once, once a day or never, over a real SMTP connection."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.accounts.leaving.leaving import remove_member
from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.addresses import prove_address
from admin_ui.notices.kinds import Act, NoticeKind, act_details
from admin_ui.notices.mails import mail_tasks
from admin_ui.notices.mails.letters import last_morning
from admin_ui.notices.mails.mail_choices import AT_FIRST, choices_of, choose_mail
from admin_ui.notices.mails.mail_tasks import mail_due
from admin_ui.notices.models import Mail, MailChoice, Notice
from admin_ui.tasks.enqueue import enqueue
from tests.conftest import Cast
from tests.notices.smtp import MailServer, mail_server
from tests.notices.telling import tell
from tests.tasks.conftest import Work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]


@pytest.fixture
def post(settings: Any, cast: Cast) -> Iterator[MailServer]:
    """The mail server of the dashboard; the editor and the viewer have proven addresses."""
    prove_address(cast.editor.user)
    prove_address(cast.viewer.user)
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def again(work: Work) -> int:
    """Run all tasks, also those that wait to be repeated."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    return work()


def parts(server: MailServer) -> tuple[str, str]:
    """Return the text and the HTML of the only mail."""
    (mail,) = server.arrived
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def path_of(server: MailServer) -> str:
    found = re.search(r"<http://localhost:8000(/notices/unsubscribe/[^>]+)>", link_of(server))
    assert found
    return found[1]


def link_of(server: MailServer) -> str:
    return "".join(str(server.arrived[-1]["List-Unsubscribe"]).split())


def test_a_mail_at_once_has_both_parts_and_a_link_to_end_it(
    cast: Cast, post: MailServer, work: Work
) -> None:
    tell(cast, cast.editor, cast.admin, kind="asked", subject="Returns <b>")
    work()
    text, html = parts(post)
    assert post.arrived[0]["To"] == "emil@example.com", "Ada's address is not proven"
    assert post.arrived[0]["Subject"].endswith("Pia asks you to review Returns <b>")
    assert "Pia asks you to review Returns <b>" in text
    assert "Returns &lt;b&gt;" in html
    address = (
        f"http://localhost:8000/account/notices/{Notice.objects.get(user=cast.editor.user).pk}/"
    )
    assert address in text
    assert address in html
    assert post.arrived[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path_of(post)


def test_a_mail_server_that_fails_neither_loses_nor_doubles(
    cast: Cast, post: MailServer, work: Work
) -> None:
    post.failures = 3
    tell(cast, cast.editor, kind="asked")
    work()
    for _ in range(5):
        again(work)
    assert len(post.arrived) == 1
    tell(cast, cast.editor, kind="asked", subject="Other")
    post.hangs_up = True
    for _ in range(3):
        again(work)
    ids = [str(mail["Message-ID"]) for mail in post.arrived]
    assert len(set(ids)) == 2, "what may come twice has the same ID"


def test_a_mail_whose_tasks_all_failed_is_tried_again_for_three_days(
    cast: Cast, post: MailServer, work: Work
) -> None:
    post.failures = 100
    tell(cast, cast.editor, kind="asked")
    for _ in range(mail_tasks.RETRIES + 3):
        again(work)
    assert DBTaskResult.objects.failed().count() == 1
    post.failures = 0
    enqueue(mail_due)
    again(work)
    assert post.arrived == [], "its own task may still run"
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=1))
    for _ in range(2):
        enqueue(mail_due)
        again(work)
    assert len(post.arrived) == 1
    Notice.objects.update(created_at=timezone.now() - timedelta(days=4), mailed_at=None)
    enqueue(mail_due)
    again(work)
    assert len(post.arrived) == 1
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_day_is_mailed_in_the_morning_without_what_was_read(
    cast: Cast, post: MailServer, work: Work
) -> None:
    for name in ("Read", "Unread", "Later"):
        tell(cast, cast.editor, subject=name)
    work()
    old = timezone.now() - timedelta(days=1, minutes=5)
    Notice.objects.exclude(happening__subject="Later").update(created_at=old)
    Notice.objects.filter(happening__subject="Later").update(
        created_at=timezone.now() + timedelta(days=2)
    )
    Notice.objects.filter(happening__subject="Read").update(read_at=timezone.now())
    for _ in range(2):
        enqueue(mail_due)
        again(work)
    text, html = parts(post)
    for part in (text, html):
        assert "Pia published Unread" in part
        assert "Read\n" not in part.replace("Unread", "")
        assert "Later" not in part
    assert Notice.objects.filter(mailed_at=None).count() == 1


@pytest.mark.parametrize(
    ("zone", "hour", "expected"),
    [
        ("", 8, (28, 7)),
        ("", 6, (27, 7)),
        ("Asia/Tokyo", 6, (27, 22)),
        ("Asia/Tokyo", 23, (28, 22)),
        ("America/New_York", 11, (27, 12)),
        ("America/New_York", 12, (28, 12)),
    ],
)
def test_the_morning_is_that_of_the_person(zone: str, hour: int, expected: tuple[int, int]) -> None:
    morning = last_morning(zone, datetime(2026, 11, 28, hour, 30, tzinfo=UTC)).astimezone(UTC)
    assert (morning.day, morning.hour) == expected


def test_nobody_is_mailed_of_what_they_left_or_read_or_chose_not_to(
    cast: Cast, post: MailServer, work: Work
) -> None:
    choose_mail(user=cast.viewer.user, chosen={"asked": Mail.NONE})
    tell(cast, cast.editor, cast.viewer, kind="asked")
    post.failures = 1
    work()
    remove_member(actor=cast.admin, member=cast.editor)
    again(work)
    choose_mail(user=cast.viewer.user, chosen={"published": Mail.AT_ONCE})
    happening = tell(cast, cast.viewer)
    post.failures = 1
    work()
    Notice.objects.filter(happening=happening).update(read_at=timezone.now())
    again(work)
    tell(cast, cast.viewer)
    post.failures = 1
    work()
    cast.viewer.user.is_active = False
    cast.viewer.user.save()
    again(work)
    assert post.arrived == []


def test_no_mail_waits_where_none_leaves_the_machine(cast: Cast, settings: Any, work: Work) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    prove_address(cast.editor.user)
    tell(cast, cast.editor, kind="asked")
    work()
    assert Notice.objects.get().mail == ""


def test_one_click_ends_one_kind_without_a_session(
    cast: Cast, post: MailServer, work: Work
) -> None:
    tell(cast, cast.editor, kind="asked")
    work()
    browser, path = Client(enforce_csrf_checks=True), path_of(post)
    assert "Stop these mails?" in browser.get(path).content.decode()
    assert not MailChoice.objects.exists(), "looking ends nothing"
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    chosen = choices_of(cast.editor.user)
    assert chosen == {**AT_FIRST, "asked": Mail.NONE}
    browser.post(path, {"all": "1"})
    assert set(choices_of(cast.editor.user).values()) == {Mail.NONE}
    assert choices_of(cast.viewer.user) == AT_FIRST
    assert browser.post(f"{path[:-3]}x/").status_code == 404


def test_the_link_of_a_daily_mail_ends_daily_mails(
    cast: Cast, post: MailServer, work: Work
) -> None:
    tell(cast, cast.editor)
    work()
    Notice.objects.update(created_at=timezone.now() - timedelta(days=2))
    enqueue(mail_due)
    again(work)
    Client().post(path_of(post))
    chosen = choices_of(cast.editor.user)
    assert Mail.DAILY not in chosen.values()
    assert chosen["asked"] == Mail.AT_ONCE


def test_choices_on_the_account_page(cast: Cast) -> None:
    client = cast.client("editor")
    page = client.get("/account/").content.decode()
    assert "Mails go only to an address that was proven" in page
    client.post(
        "/account/notices/mail/", {"published": "at_once", "asked": "x", "nonsense": "none"}
    )
    assert choices_of(cast.editor.user) == {**AT_FIRST, "published": Mail.AT_ONCE}
    client.post("/account/notices/mail/", {"published": "none"})
    page = client.get("/account/").content.decode()
    select = page.partition('name="published"')[2].partition("</select>")[0]
    assert '<option value="none" selected>' in select


def test_times_are_in_the_zone_of_the_person(cast: Cast, work: Work, post: MailServer) -> None:
    choose_mail(user=cast.editor.user, chosen={"scheduled": "at_once"})
    User.objects.filter(pk=cast.editor.user.pk).update(zone="Asia/Tokyo")
    at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    details = act_details(Act.AT_TIME, at=at, zone="Europe/Vienna")
    tell(cast, cast.editor, kind=NoticeKind.SCHEDULED, details=details)
    work()
    (mail,) = post.arrived
    assert all("for 1 Dec 2026, 17:00 JST" in said for said in (*parts(post), mail["subject"]))
