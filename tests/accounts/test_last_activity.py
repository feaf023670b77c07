"""On which day people last used the dashboard: written once a day, and shown to admins."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.guard.active_days import ACTIVE_DAYS, today, write_day
from admin_ui.accounts.models import User
from admin_ui.display.times import days_ago
from tests import factories
from tests.accounts.deciding import TEAM, signed_in, text
from tests.conftest import Cast
from tests.hostile.test_locked import locked

YESTERDAY = timedelta(days=1)


def day_of(user: User) -> date | None:
    ACTIVE_DAYS.finish()
    return User.objects.get(pk=user.pk).last_active_on


def was_active(user: User, day: date | None) -> None:
    User.objects.filter(pk=user.pk).update(last_active_on=day)


@pytest.mark.django_db
def test_a_sign_in_counts(cast: Cast) -> None:
    assert day_of(cast.viewer.user) is None
    cast.client("viewer")
    assert day_of(cast.viewer.user) == today()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [None, YESTERDAY])
def test_the_first_page_of_a_day_is_noted_behind_the_request(
    cast: Cast, before: timedelta | None, django_assert_num_queries: Any
) -> None:
    client = cast.client("viewer")
    client.get(TEAM)
    with django_assert_num_queries(6):
        client.get(TEAM)
    was_active(cast.viewer.user, before and today() - before)
    with django_assert_num_queries(6):  # as on any page of that day
        assert client.get(TEAM).status_code == 200
    assert day_of(cast.viewer.user) == today()


@pytest.mark.django_db(transaction=True)
def test_it_is_written_once_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, written = cast.client("viewer"), []
    save = ACTIVE_DAYS.save
    monkeypatch.setattr(ACTIVE_DAYS, "save", lambda batch: written.append(batch) or save(batch))
    was_active(cast.viewer.user, today() - YESTERDAY)
    for _ in range(3):
        client.get(TEAM)
        ACTIVE_DAYS.finish()
        ACTIVE_DAYS.clear()  # as in another process
    assert [list(batch) for batch in written] == [[cast.viewer.user_id]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "counts"), [("true", False), ("keep", True)])
def test_what_an_open_page_asks_does_not_count(cast: Cast, kind: str, counts: bool) -> None:
    client, day = cast.client("viewer"), today() - YESTERDAY
    was_active(cast.viewer.user, day)
    client.get(TEAM, headers={"X-Background": kind})
    assert day_of(cast.viewer.user) == (today() if counts else day)


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_holds_nobody_up(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client, day = cast.client("viewer"), today() - YESTERDAY
    was_active(cast.viewer.user, day)
    with locked():
        assert client.get(TEAM).status_code == 200
        ACTIVE_DAYS.finish()
    assert day_of(cast.viewer.user) == day
    assert "Traceback" not in caplog.text


@pytest.mark.django_db
def test_a_slow_writer_does_not_take_back_a_later_day(cast: Cast) -> None:
    was_active(cast.viewer.user, today())
    write_day(cast.viewer.user_id, today() - YESTERDAY)
    assert day_of(cast.viewer.user) == today()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "admin", "owner"])
def test_only_admins_see_it(cast: Cast, who: str) -> None:
    sees = who in ("admin", "owner")
    otto = factories.make_user("otto@example.com", name="Otto", is_owner=True)
    client = signed_in(otto) if who == "owner" else cast.client(who)
    was_active(cast.editor.user, today() - timedelta(days=3))
    was_active(cast.publisher.user, None)
    User.objects.filter(pk=cast.publisher.user_id).update(last_login=None)
    page = text(client.get(TEAM))
    assert ("Last active" in page) is sees
    assert ("3 days ago</time>" in page) is (sees and who != "editor")
    assert ("never" in page) is (sees and who != "publisher")
    assert "Last sign-in" not in page


@pytest.mark.django_db
def test_a_sign_in_from_before_days_were_recorded_is_shown(cast: Cast) -> None:
    then = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    User.objects.filter(pk=cast.viewer.user_id).update(last_login=then, last_active_on=None)
    page = text(cast.client("admin").get(TEAM))
    assert re.search(r"vera@example.com.*?10 Mar 2026</time>", page)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "yesterday"), (2, "2 days ago"), (30, "30 days ago"), (-1, ""), (31, "")],
)
def test_days_in_words(days: int, words: str) -> None:
    day = timezone.now().astimezone(UTC).date() - timedelta(days=days)
    shown = f"{day.day} {day:%b %Y}"
    assert days_ago(day) == (
        f'<time datetime="{day.isoformat()}" title="{shown}">{words or shown}</time>'
    )


@pytest.mark.django_db
def test_nobody_is_noted_who_is_not_signed_in() -> None:
    Client().get("/accounts/login/")
    assert ACTIVE_DAYS.is_idle
