"""Comments, threads, mentions: who may say and do what, and what is stored."""

import pytest
from django.db import IntegrityError, transaction

from admin_ui.accounts.permissions import NotAllowed, Role
from admin_ui.notices.models import Happening
from assistants.approval.flow import Move
from assistants.definition import LIMITS
from assistants.diff.following.anchors import LineRange
from assistants.models import Assistant, ChangeRequest, Reviewer, Thread, ThreadStep
from assistants.services.change_requests import talking
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.refusals import TalkRefused, Why
from assistants.services.change_requests.submitting import submit_deletion
from assistants.services.change_requests.talking import (
    begin_thread,
    reply,
    resolve_thread,
    withdraw_comment,
)
from tests.conftest import Cast
from tests.discussion.conftest import Suggest, send_round
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db(transaction=True)
MEMBERS = ("viewer", "editor", "publisher", "admin")


def begun(cast: Cast, request: ChangeRequest, who: str = "viewer", **more: object) -> ThreadStep:
    of = request.rounds.get(number=1)
    given = {"text": "Why?", **more}
    return begin_thread(author=getattr(cast, who), request=request, of=of, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", MEMBERS)
def test_every_member_comments(cast: Cast, request_of_emil: ChangeRequest, who: str) -> None:
    step = begun(cast, request_of_emil, who, text="  Why\r\nnow?\x00 ")
    assert (step.text, step.kind, step.user_name) == (
        "Why\nnow?",
        "commented",
        str(getattr(cast, who).user),
    )
    assert (step.thread.field, step.thread.first_line) == ("", None)
    again = reply(author=getattr(cast, who), thread=step.thread, text="And when?")
    assert list(step.thread.steps.order_by("pk")) == [step, again]


def test_nobody_else_says_or_does_anything(
    cast: Cast, request_of_emil: ChangeRequest, suggest: Suggest
) -> None:
    thread = begun(cast, request_of_emil).thread
    before = ThreadStep.objects.count()
    for act in (
        lambda: begun(cast, request_of_emil, "stranger"),
        lambda: reply(author=cast.stranger, thread=thread, text="x"),
        lambda: resolve_thread(author=cast.stranger, thread=thread),
        lambda: withdraw_comment(author=cast.stranger, step=thread.steps.get()),
        lambda: withdraw_comment(author=cast.admin, step=thread.steps.get()),
    ):
        with pytest.raises(NotAllowed):
            act()
    cast.viewer.delete()
    with pytest.raises(NotAllowed):
        reply(author=cast.viewer, thread=thread, text="x")
    assert ThreadStep.objects.count() == before


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text": " \n "}, Why.EMPTY),
        ({"text": "x" * (LIMITS.note + 1)}, Why.LONG),
        ({"field": "nonsense"}, Why.NO_LINES),
        ({"lines": LineRange(1, 2)}, Why.NO_LINES),
        ({"field": "name", "lines": LineRange(1, 1)}, Why.NO_LINES),
        ({"field": "instructions", "lines": LineRange(7, 8)}, Why.NO_LINES),
        ({"field": "instructions", "replacement": "x"}, Why.NO_LINES),
        (
            {"field": "instructions", "lines": LineRange(4, 4), "replacement": "Be kind."},
            Why.SAME,
        ),
        (
            {
                "field": "instructions",
                "lines": LineRange(4, 4),
                "replacement": "x" * (LIMITS.suggestion + 1),
            },
            Why.LONG_SUGGESTION,
        ),
    ],
)
def test_what_is_refused(
    cast: Cast, request_of_emil: ChangeRequest, more: dict[str, object], why: Why
) -> None:
    with pytest.raises(TalkRefused) as refused:
        begun(cast, request_of_emil, **more)
    assert refused.value.why is why
    assert not Thread.objects.exists()


def test_the_longest_comment_and_the_last_line(cast: Cast, request_of_emil: ChangeRequest) -> None:
    step = begun(cast, request_of_emil, text="x" * LIMITS.note)
    assert len(step.text) == LIMITS.note
    lines = begun(cast, request_of_emil, field="instructions", lines=LineRange(7, 7))
    assert (lines.thread.first_line, lines.thread.last_line) == (7, 7)
    assert begun(cast, request_of_emil, field="temperature").thread.field == "temperature"


def test_a_round_of_another_change_request_is_refused(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    of = send_round(cast.admin, request_of_emil.assistant, "Other").rounds.get()
    with pytest.raises(TalkRefused):
        begin_thread(author=cast.viewer, request=request_of_emil, of=of, text="x")


def test_closed_change_requests_take_comments_but_no_suggestions(
    cast: Cast, request_of_emil: ChangeRequest, suggest: Suggest
) -> None:
    decide(member=cast.editor, request=request_of_emil, move=Move.WITHDRAW, seen=1)
    request_of_emil.refresh_from_db()
    begun(cast, request_of_emil)
    with pytest.raises(TalkRefused) as refused:
        suggest(4, 4, "Be polite.")
    assert refused.value.why is Why.CLOSED


def test_a_deletion_takes_no_suggestion(cast: Cast, assistant: Assistant) -> None:
    asked = submit_deletion(author=cast.admin, assistant=assistant, title="Away with it")
    lines = {"field": "instructions", "lines": LineRange(1, 1)}
    begun(cast, asked, **lines)
    with pytest.raises(TalkRefused) as refused:
        begun(cast, asked, **lines, replacement="x")
    assert refused.value.why is Why.DELETION


def test_the_steps_of_a_change_request_are_bounded(
    cast: Cast, request_of_emil: ChangeRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "MOST_SAID", 2)
    step = begun(cast, request_of_emil)
    reply(author=cast.viewer, thread=step.thread, text="x")
    for act in (
        lambda: begun(cast, request_of_emil),
        lambda: reply(author=cast.viewer, thread=step.thread, text="x"),
    ):
        with pytest.raises(TalkRefused) as refused:
            act()
        assert refused.value.why is Why.MANY


def test_who_resolves_and_reopens(cast: Cast, request_of_emil: ChangeRequest) -> None:
    """The author of the request, who began the thread, and who may publish."""
    other = make_member(cast.workspace, Role.EDITOR, user=make_user(name="Otto"))
    thread = begun(cast, request_of_emil, "viewer").thread
    for who in (cast.viewer, cast.editor, cast.publisher, cast.admin):
        for is_resolved in (True, False):
            resolve_thread(author=who, thread=thread, is_resolved=is_resolved)
            thread.refresh_from_db()
            assert thread.is_resolved is is_resolved
    with pytest.raises(NotAllowed):
        resolve_thread(author=other, thread=thread)
    before = thread.steps.count()
    resolve_thread(author=cast.editor, thread=thread, is_resolved=False)
    assert thread.steps.count() == before == 9


def test_a_withdrawn_comment_stays_in_the_database(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    step = begun(cast, request_of_emil)
    withdraw_comment(author=cast.viewer, step=step)
    step.refresh_from_db()
    assert (step.text, step.end.kind) == ("Why?", "withdrawn")
    withdraw_comment(author=cast.viewer, step=step)
    assert ThreadStep.objects.filter(ends=step).count() == 1, "sent twice"
    with pytest.raises(NotAllowed):
        withdraw_comment(author=cast.viewer, step=step.end)


def test_steps_are_only_added(cast: Cast, request_of_emil: ChangeRequest) -> None:
    step = begun(cast, request_of_emil)
    for act in (ThreadStep.objects.all().delete, lambda: ThreadStep.objects.update(text="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    step.refresh_from_db()
    assert step.text == "Why?"


def test_members_are_mentioned_by_name_or_by_a_tick(
    cast: Cast, request_of_emil: ChangeRequest
) -> None:
    ann, ann_lee, gone = (
        make_member(cast.workspace, Role.VIEWER, user=make_user(name=name))
        for name in ("Ann", "Ann Lee", "Gone")
    )
    gone.user.is_active = False
    gone.user.save()
    step = begun(
        cast,
        request_of_emil,
        text="@ann lee and @PIA: see a@Vera, @Adam, @Gone, @Sam",
        ticked=[cast.admin.user.pk, cast.stranger.user.pk, gone.user.pk, 999_999],
    )
    assert step.mentioned == [
        [cast.admin.user.pk, "Ada"],
        [ann_lee.user.pk, "Ann Lee"],
        [cast.publisher.user.pk, "Pia"],
    ]
    assert begun(cast, request_of_emil, text="@Ann, @Ann").mentioned == [[ann.user.pk, "Ann"]]
    assert begun(cast, request_of_emil, text="me@example.com").mentioned == []


def told() -> list[tuple[str, list[int], str]]:
    rows = Happening.objects.filter(kind__in=("commented", "mentioned")).order_by("pk")
    return [(row.kind, row.people, row.path) for row in rows]


def test_who_is_told(cast: Cast, request_of_emil: ChangeRequest) -> None:
    """The author, the reviewers and who wrote in the thread; mentioned people once, as such."""
    Reviewer.objects.create(
        change_request=request_of_emil, workspace=cast.workspace, user=cast.publisher.user
    )
    emil, pia, vera, ada = (
        member.user.pk for member in (cast.editor, cast.publisher, cast.viewer, cast.admin)
    )
    thread = begun(cast, request_of_emil, text="Hello @Pia, @Vera").thread
    path = f"/w/main/requests/1/threads/{thread.pk}/"
    assert told() == [("commented", [emil], path), ("mentioned", [pia], path)]
    Happening.objects.all().delete()
    reply(author=cast.admin, thread=thread, text="Well")
    reply(author=cast.editor, thread=thread, text="Well", ticked=[ada])
    assert told() == [
        ("commented", sorted([emil, pia, vera]), path),
        ("commented", sorted([pia, vera]), path),
        ("mentioned", [ada], path),
    ]
