"""Who hears of what happened: everybody to be told who is still there, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.accounts.leaving.leaving import deactivate, demote_owner, remove_member
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.notices import spreading
from admin_ui.notices.announcing import announce
from admin_ui.notices.kinds import ACT_SENTENCES, SENTENCES, Act, NoticeKind, act_details, sentence
from admin_ui.notices.models import Happening, Notice
from admin_ui.notices.spreading import spread_happening
from admin_ui.notices.tasks import spread_due
from admin_ui.tasks.alive import Heart
from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.worker import take_over_tasks
from assistants.tasks import clean_up
from tests import factories
from tests.conftest import Cast
from tests.crash.runs import ended, fork
from tests.crash.steps import DISTINCT, Steps, kill, watched
from tests.crash.workers import work_off
from tests.notices.telling import tell, told
from tests.tasks.conftest import Work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """What a receiver has heard of, by id, where the transaction of that was not rolled back."""
    ids: list[int] = []

    def receive(happening: Happening) -> None:
        transaction.on_commit(lambda: ids.append(happening.pk))

    spreading.RECEIVERS.append(receive)
    yield ids
    spreading.RECEIVERS.remove(receive)


def test_each_person_is_told_once_and_the_actor_is_not(cast: Cast, heard: list[int]) -> None:
    happening = tell(cast, cast.editor, cast.editor, cast.publisher, cast.admin)
    assert told(happening) == ["Ada", "Emil"]
    assert spread_happening(happening.pk) == 0, "it is spread already"
    Happening.objects.update(spread_at=None)
    spread_happening(happening.pk)
    assert told(happening) == ["Ada", "Emil"]
    assert heard == [happening.pk] * 2
    assert str(happening) == "Pia published Returns and repairs"


@pytest.mark.parametrize("kind", NoticeKind.values)
def test_every_kind_has_a_sentence_and_the_actor_hears_only_of_failures(
    cast: Cast, kind: str
) -> None:
    happening = tell(cast, cast.publisher, kind=kind)
    fails = kind in ("failed", "refused", "in_doubt", "without_approval")
    assert told(happening) == (["Pia"] if fails else [])
    said = sentence(kind=kind, subject="Returns", actor_name="Pia")
    assert "Returns" in said
    assert "%" not in said
    assert set(SENTENCES) == set(NoticeKind.values)


def test_every_act_has_a_sentence_of_its_own() -> None:
    at = datetime(2026, 11, 28, 13, tzinfo=UTC)
    said = [
        sentence(
            kind="published",
            subject="Returns",
            actor_name="Pia",
            details=act_details(act, at=at, until=at, zone="UTC", back_to=1),
        )
        for act in Act
    ]
    assert len(set(said)) == len(Act) == len(ACT_SENTENCES)
    assert all("Returns" in one and "%" not in one for one in said)
    assert all(one.endswith(", until 28 Nov 2026, 13:00 UTC") for one in said)


def test_only_active_members_and_owners_are_told(cast: Cast) -> None:
    owner = factories.make_user(name="Olga", is_owner=True)
    gone = factories.make_member(cast.workspace, user=factories.make_user(name="Gus"))
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    program = factories.make_member(cast.workspace, Role.ADMIN)
    User.objects.filter(pk=program.user_id).update(is_service=True)
    everybody = [cast.viewer.user_id, cast.stranger.user_id, gone.user_id, program.user_id]
    assert told(tell(cast, people=[*everybody, owner.pk, 10**9])) == ["Olga", "Vera"]


def test_nobody_hears_of_an_archived_workspace(
    cast: Cast, heard: list[int], queue: None, work: Work
) -> None:
    happening = tell(cast, cast.editor)
    cast.workspace.archived_at = timezone.now()
    cast.workspace.save()
    work()
    happening.refresh_from_db()
    assert happening.spread_at
    assert (told(happening), heard) == ([], [])


def test_more_people_can_be_named(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def followers(happening: Happening) -> list[int]:
        return [cast.viewer.user_id] if happening.details.get("assistant") == 7 else []

    monkeypatch.setattr(spreading, "AUDIENCES", [followers])
    monkeypatch.setattr(spreading, "RECEIVERS", [])
    assert told(tell(cast, cast.editor, details={"assistant": 7})) == ["Emil", "Vera"]
    assert told(tell(cast, cast.editor)) == ["Emil"]


def test_nothing_is_announced_outside_a_transaction_or_of_what_is_rolled_back(
    cast: Cast, queue: None, work: Work
) -> None:
    said = {"workspace": cast.workspace, "people": [], "subject": "x" * 400, "path": "/"}
    with pytest.raises(AssertionError, match="transaction"):
        announce(kind=NoticeKind.FAILED, **said)
    with transaction.atomic():
        announce(kind=NoticeKind.FAILED, **said)
        transaction.set_rollback(True)
    assert not Happening.objects.exists()
    assert work() == 0
    happening = tell(cast, subject="x" * 400)
    assert (len(happening.subject), happening.subject[-2:]) == (300, "x…")


def test_what_a_lost_task_left_is_spread_though_another_fails(
    cast: Cast, queue: None, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [tell(cast, cast.editor, subject=name) for name in ("broken", "lost", "new")]
    DBTaskResult.objects.all().delete()
    old = timezone.now() - timedelta(minutes=1)
    Happening.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(created_at=old)

    def receive(happening: Happening) -> None:
        if happening.subject == "broken":
            raise ValueError("broken")

    monkeypatch.setattr(spreading, "RECEIVERS", [receive])
    enqueue(spread_due)
    assert work() == 1
    assert [told(row) for row in rows] == [[], ["Emil"], []]
    assert DBTaskResult.objects.get().status == "READY", "it is tried again"


@pytest.mark.slow
@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("part", ["announcing", "spreading"])
def test_a_process_killed_at_any_step_loses_and_doubles_nothing(cast: Cast, part: str) -> None:
    """The announcing process either did nothing at all, or everybody hears of it."""
    steps = Steps(only=DISTINCT)
    for step in range(1, 100):
        Happening.objects.all().delete()
        DBTaskResult.objects.all().delete()
        if part == "spreading":
            tell(cast, cast.editor, cast.admin)

        def doomed(step: int = step) -> None:
            heart = Heart()
            heart.start()
            with watched(Steps(at=step, act=kill, only=DISTINCT)):
                if part == "announcing":
                    tell(cast, cast.editor, cast.admin)
                else:
                    work_off(heart)

        code = ended(fork(doomed))
        heart = Heart()
        heart.start()
        heart.bury()
        Happening.objects.update(created_at=timezone.now() - timedelta(hours=1))
        take_over_tasks()
        work_off(heart)
        assert {tuple(told(row)) for row in Happening.objects.all()} <= {("Ada", "Emil")}
        assert part == "announcing" or Happening.objects.count() == 1
        assert not Happening.objects.filter(spread_at=None).exists()
        if code == 0:
            break
        steps.names.append(str(step))
    assert Happening.objects.count() == 1
    assert len(steps.names) > 3, "it was killed indeed"


def test_notices_go_with_the_membership(cast: Cast) -> None:
    elsewhere = cast.stranger.workspace
    factories.make_member(elsewhere, user=cast.editor.user)
    here = tell(cast, cast.editor, cast.viewer)
    there = tell(cast, people=[cast.editor.user_id], workspace=elsewhere)
    remove_member(actor=cast.admin, member=cast.editor)
    assert (told(here), told(there)) == (["Vera"], ["Emil"])
    deactivate(actor=SYSTEM, user=cast.editor.user)
    assert told(there) == []


def test_notices_of_an_owner_go_where_they_are_no_member(cast: Cast) -> None:
    factories.make_user(is_owner=True)
    user = cast.editor.user
    user.is_owner = True
    user.save()
    here = tell(cast, cast.editor)
    there = tell(cast, cast.editor, workspace=cast.stranger.workspace)
    demote_owner(actor=SYSTEM, user=user)
    assert (told(here), told(there)) == (["Emil"], [])


def test_what_is_old_goes_once_it_has_been_read(cast: Cast) -> None:
    now = timezone.now()
    rows = [tell(cast, cast.editor, subject=str(number)) for number in range(4)]
    for row, read, age in zip(rows, (True, True, False, True), (91, 89, 91, 91), strict=True):
        at = now - timedelta(days=age)
        Notice.objects.filter(happening=row).update(created_at=at, read_at=at if read else None)
        Happening.objects.filter(pk=row.pk).update(spread_at=at)
    Happening.objects.filter(pk=rows[3].pk).update(spread_at=now - timedelta(days=29))
    waits = tell(cast, subject="waits")
    Happening.objects.filter(pk=waits.pk).update(
        spread_at=None, created_at=now - timedelta(days=91)
    )
    clean_up.call()
    assert list(Notice.objects.values_list("happening__subject", flat=True)) == ["1", "2"]
    left = Happening.objects.order_by("pk").values_list("subject", flat=True)
    assert list(left) == ["1", "2", "3", "waits"]
