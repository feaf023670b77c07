"""What followers of an assistant hear, and who follows."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from admin_ui.accounts.leaving.leaving import remove_member
from admin_ui.display.isolation import isolated
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening, Notice
from assistants.definition import Definition
from assistants.models import Assistant, Connection, Follow, LongDoubt
from assistants.services.announcing import announce_assistant
from assistants.services.editing.drafts import save_draft
from assistants.services.following import followers, is_following, set_follow
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.settle import check_remote
from assistants.services.syncing import jobs
from assistants.tasks import settle_due
from assistants.urls import urlpatterns
from tests.conftest import Cast
from tests.notices.telling import told
from tests.services.conftest import Make, fresh, published
from tests.services.mirroring import fill
from tests.services.undelivered import held, in_doubt
from tests.upstream import Upstream, refused

__all__ = ["published"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_has_looked")]


@pytest.fixture
def live(connection_to: Connection, published: Make, cast: Cast) -> Assistant:
    """An assistant that the viewer follows, and nothing that was told before."""
    assistant = published(connection_to)
    Happening.objects.all().delete()
    Follow.objects.all().delete()
    set_follow(user=cast.viewer.user, assistant=assistant, is_on=True)
    return assistant


def edited(cast: Cast, assistant: Assistant, **values: Any) -> None:
    assistant = fresh(assistant)
    publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=live_definition(assistant).replace(**values),
        base=assistant.live,
    )


def only() -> Happening:
    return Happening.objects.get()


def test_a_publish_is_told_and_followed_by_those_who_made_it(cast: Cast, live: Assistant) -> None:
    edited(cast, live, temperature=0.7)
    assert (only().kind, told(only())) == ("published", ["Vera"])
    assert only().details == {
        "assistant": live.pk, "assistant_id": live.remote_id, "assistant_name": live.name,
        "revision": 2, "version": 2,
    }  # fmt: skip
    assert cast.client("viewer").get(only().path).status_code == 200
    assert is_following(user=cast.publisher.user, assistant=live)
    set_follow(user=cast.publisher.user, assistant=live, is_on=False)
    edited(cast, live, temperature=0.8)
    assert not is_following(user=cast.publisher.user, assistant=live), "they decided"


def test_a_refusal_is_told_to_who_sent_it_too(
    cast: Cast, live: Assistant, remote: Upstream
) -> None:
    remote.fail_next("POST", refused("Too hot."))
    edited(cast, live, temperature=0.7)
    assert (only().kind, told(only())) == ("refused", ["Pia", "Vera"])


def test_a_change_outside_is_told_and_a_removal_too(
    cast: Cast, live: Assistant, remote: Upstream
) -> None:
    held(remote, live)["temperature"] = 0.25
    check_remote(assistant=fresh(live))
    assert (only().kind, only().actor_name) == ("changed_outside", "Outside this dashboard")
    assert told(only()) == ["Pia", "Vera"], "Pia made it"
    remote.assistants.clear()
    check_remote(assistant=fresh(live))
    assert set(Happening.objects.values_list("kind", flat=True)) == {"changed_outside"}
    assert Happening.objects.count() == 2


def test_a_deletion_is_told_to_admins_too_and_so_is_that_it_is_there_again(
    cast: Cast, live: Assistant
) -> None:
    delete_assistant(author=cast.publisher, assistant=fresh(live), note="Not needed")
    assert (only().kind, str(only())) == (
        "deleted",
        f"{isolated('Pia')} deleted {isolated('Support')}",
    )
    assert told(only()) == ["Ada", "Vera"], "Vera follows it, Ada is an admin"
    assert cast.client("viewer").get(only().path).status_code == 200
    Happening.objects.all().delete()
    recreate_assistant(author=cast.publisher, assistant=fresh(live))
    assert (only().kind, told(only())) == ("published", ["Vera"])


def test_bringing_in_tells_nobody(cast: Cast, connection_to: Connection, remote: Upstream) -> None:
    fill(remote, 30)
    job = jobs.start(author=cast.publisher, connection=connection_to)
    jobs.go_on(job=job, stop=bool)
    assert Assistant.objects.filter(connection=connection_to).count() == 30
    assert not Happening.objects.exists()


def test_ten_minutes_of_doubt_are_told_once(cast: Cast, live: Assistant) -> None:
    in_doubt(cast, live, model="gpt-5.2")
    Happening.objects.all().delete()
    settle_due.call()
    assert not Happening.objects.exists()
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistants.services.remote.long_doubt.timezone.now", lambda: later)
        for _ in range(2):
            settle_due.call()
    row = Happening.objects.get(kind="in_doubt")
    assert told(row) == ["Emil", "Pia", "Vera"], "Emil wrote the draft"
    assert LongDoubt.objects.count() == 1


def test_the_button_follows_and_unfollows(cast: Cast, live: Assistant) -> None:
    client, page = cast.client("viewer"), f"/w/main/assistants/{live.pk}/"
    for path in (page, f"{page}history/"):
        assert "Following" in client.get(path).content.decode()
    answer = client.post(f"{page}follow/", {"follow": "0", "next": f"{page}history/"})
    assert answer["Location"] == f"{page}history/"
    text = client.get(page).content.decode()
    assert "Following" not in text
    assert ">Follow" in " ".join(text.split()).replace("> Follow", ">Follow")
    edited(cast, live, temperature=0.7)
    assert told(only()) == []
    assert cast.client("stranger").post(f"{page}follow/", {"follow": "1"}).status_code == 404


def test_who_has_a_draft_follows_and_who_leaves_does_not(cast: Cast, live: Assistant) -> None:
    wanted = live_definition(fresh(live)).replace(temperature=0.1)
    save_draft(author=cast.editor, assistant=fresh(live), definition=wanted, base=live.live)
    assert is_following(user=cast.editor.user, assistant=live)
    edited(cast, live, temperature=0.7)
    assert told(only()) == ["Emil", "Vera"]
    remove_member(actor=cast.admin, member=cast.viewer)
    assert not Follow.objects.filter(user=cast.viewer.user).exists()
    assert not Notice.objects.filter(user=cast.viewer.user).exists()


def test_who_wrote_before_anybody_could_follow_follows_until_they_unfollow(
    cast: Cast, live: Assistant, django_assert_num_queries: Any
) -> None:
    """Of earlier changes there is no row that says who follows."""
    wanted = live_definition(fresh(live)).replace(temperature=0.1)
    save_draft(author=cast.editor, assistant=fresh(live), definition=wanted, base=live.live)
    publish(
        author=cast.publisher,
        assistant=fresh(live),
        wanted=wanted,
        base=live.live,
        drafter=cast.editor.user,
    )
    assert set(Follow.objects.values_list("user__name", flat=True)) == {"Vera"}
    Happening.objects.all().delete()
    happening = happened(cast, live)
    for pair in ((cast.editor, True), (cast.publisher, True), (cast.admin, False)):
        assert is_following(user=pair[0].user, assistant=live) == pair[1]
    with django_assert_num_queries(3):
        assert followers(happening) == {
            member.user.pk for member in (cast.editor, cast.publisher, cast.viewer)
        }
    set_follow(user=cast.editor.user, assistant=live, is_on=False)
    assert not is_following(user=cast.editor.user, assistant=live)
    assert cast.editor.user.pk not in followers(happening)
    remove_member(actor=cast.admin, member=cast.publisher)
    assert followers(happening) == {cast.viewer.user.pk}


def happened(cast: Cast, live: Assistant) -> Happening:
    with transaction.atomic():
        return announce_assistant(kind=NoticeKind.PUBLISHED, assistant=live, actor=cast.admin.user)


def test_every_page_of_an_assistant_says_whether_its_reader_follows_it(
    cast: Cast, live: Assistant
) -> None:
    client, seen = cast.client("publisher"), []
    numbers = {"pk": live.pk, "revision": 1, "user": cast.editor.user.pk, "a": 1, "b": 1}
    save_draft(
        author=cast.editor, assistant=fresh(live), definition=Definition({"model": "x"}), base=None
    )
    edited(cast, live, temperature=0.7)
    for pattern in urlpatterns:
        taken = pattern.pattern.converters
        if "assistants/<int:pk>/" not in str(pattern.pattern) or not taken.keys() <= set(numbers):
            continue
        given = {name: numbers[name] for name in taken}
        path = reverse(f"assistants:{pattern.name}", args=["main", *given.values()])
        text = client.get(path).content.decode() if pattern.name != "here" else ""
        if 'class="name-row"' in text:
            seen.append(pattern.name)
            assert "Following" in text, path
    assert {"edit", "history", "revision", "code", "compare", "delete", "restore"} <= set(seen)
    assert len(seen) > 12, seen


def test_the_button_alone_is_answered_to_a_script(cast: Cast, live: Assistant) -> None:
    """So that a person who is typing in the editor stays there."""
    path = f"/w/main/assistants/{live.pk}/follow/"
    answer = cast.client("viewer").post(path, {"follow": "0"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<form id="follow"')
    assert 'value="1"' in answer.content.decode()
    assert not is_following(user=cast.viewer.user, assistant=live)
