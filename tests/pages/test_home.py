"""The home page: what needs somebody, what happened, and the samples that can be removed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from assistants.models import Assistant, Connection, Draft, Revision
from assistants.selectors.home import days_of
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from assistants.services.setup.first_start import create_workspace_with_registry
from assistants.services.setup.samples import add_samples
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

HOME = "/w/main/"
SAMPLES = "/w/main/samples/remove/"


def text_of(client: Client, path: str = HOME) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_newcomer_sees_the_next_step(cast: Cast) -> None:
    text = text_of(cast.client("publisher"))
    assert "No assistants yet" in text
    assert "Changes per day" not in text


def test_latest_changes_drafts_and_trouble(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, by=cast.admin.user, name="Desk")
    change(assistant, by=cast.publisher.user, note="For the fair", temperature=1)
    failed = make_assistant(cast.workspace, name="Failing")
    change(failed, status="not_delivered", temperature=1)
    Draft.objects.create(
        assistant=assistant,
        user=cast.editor.user,
        base=assistant.live,
        content={},
        changes=[{"field": "top_p", "kind": "added", "old": None, "new": 0.5}],
    )
    Draft.objects.create(assistant=assistant, user=cast.admin.user, content={})
    registry = registry_of(cast.workspace)
    assert registry
    Connection.objects.filter(pk=registry.pk).update(
        trouble="unauthorized", trouble_since=timezone.now()
    )
    text = text_of(cast.client("editor"))
    for expected in (
        '<b dir="auto">Pia</b> published',
        "For the fair",
        "Needs attention",
        "Your drafts",
        "Top-p set to 0.5",
        "Built-in registry needs attention",
        "did not accept the credentials",
    ):
        assert expected in text
    assert "Drafts by others" not in text, "an editor cannot publish them"


def test_who_may_publish_sees_the_drafts_of_others(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    Draft.objects.create(assistant=assistant, user=cast.editor.user, content={})
    text = text_of(cast.client("publisher"))
    assert "Drafts by others" in text
    assert f"{assistant.pk}/review/?drafter={cast.editor.user.pk}" in text


def test_a_viewer_has_no_drafts(cast: Cast) -> None:
    make_assistant(cast.workspace)
    text = text_of(cast.client("viewer"))
    assert "Your drafts" not in text
    assert "New assistant" not in text


def test_other_workspaces_do_not_show(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, name="Ours only")
    Draft.objects.create(assistant=assistant, user=cast.stranger.user, content={})
    Draft.objects.create(assistant=assistant, user=cast.editor.user, content={})
    change(assistant, status="rejected", temperature=1)
    make_assistant(create_workspace_with_registry(slug="elsewhere"), name="Theirs")
    assert "Theirs" in text_of(cast.client("stranger"), "/w/elsewhere/")
    assert "Ours only" not in text_of(cast.client("stranger"), "/w/elsewhere/")


def test_changes_are_counted_on_the_day_they_were_made(cast: Cast) -> None:
    make_assistant(cast.workspace)
    revision = Revision.objects.get()
    day = timezone.localtime(revision.created_at)
    for back, index in ((0, 13), (3, 10), (13, 0)):
        days = days_of(cast.workspace, day + timedelta(days=back))
        assert [found.count for found in days].index(1) == index
    later = days_of(cast.workspace, day + timedelta(days=14))
    assert sum(found.count for found in later) == 0


def test_more_of_everything_costs_no_more_queries(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(client)
        return len(captured)

    client = cast.client("publisher")
    assistant = make_assistant(cast.workspace)
    Draft.objects.create(assistant=assistant, user=cast.publisher.user, content={})
    text_of(client)
    few = count()
    for number in range(12):
        row = change(make_assistant(cast.workspace, name=f"Number {number}"), temperature=1)
        Draft.objects.create(assistant=row, user=cast.publisher.user, content={})
        Draft.objects.create(assistant=row, user=cast.editor.user, content={})
        change(row, status="rejected", temperature=0)
    assert count() == few
    assert few <= 20


@pytest.mark.django_db(transaction=True)
def test_samples_are_removed_on_request_and_keep_their_history(cast: Cast) -> None:
    added = add_samples(cast.workspace)
    client = cast.client("publisher")
    assert "Remove samples" in text_of(client)
    page = text_of(client, SAMPLES)
    assert len(re.findall(r"<li>\s*<bdi>[^<]+</bdi>\s*</li>", page)) == added
    sample = Assistant.objects.select_related("live", "connection").earliest("pk")
    better = live_definition(sample).replace(temperature=1)
    publish(author=cast.publisher, assistant=sample, wanted=better, base=sample.live)
    Draft.objects.create(assistant=sample, user=cast.editor.user, content={})
    page = text_of(client, SAMPLES)
    assert "Edited, now v2" in page
    assert "1 draft<" in page
    assert len(re.findall(r"<li>\s*<bdi>[^<]+</bdi>\s*</li>", page)) == added - 1
    response = client.post(SAMPLES)
    assert response.status_code == 303
    assert f"{added} samples removed" in text_of(client)
    assert not Assistant.objects.filter(state="live").exists()
    assert Revision.objects.filter(kind="delete").count() == added
    assert "no samples left" in text_of(client, SAMPLES)


@pytest.mark.django_db(transaction=True)
def test_a_sample_that_cannot_be_removed_says_why(cast: Cast) -> None:
    add_samples(cast.workspace)
    sample = Assistant.objects.select_related("live").earliest("pk")
    until = timezone.now() + timedelta(seconds=40)
    Assistant.objects.filter(pk=sample.pk).update(slot=sample.live, slot_until=until)
    with override_settings(GATEWAY_PUBLISH_DEADLINE=0.01):
        response = cast.client("publisher").post(SAMPLES, follow=True)
    text = " ".join(response.content.decode().split())
    assert re.search(
        r"Some samples could not be removed\. .{1,20} is publishing this assistant right now\."
        r" Try again in (40|39) seconds\.",
        text,
    )


def test_whoever_begins_is_led_from_a_sample_to_its_publishing(cast: Cast) -> None:
    sample = make_assistant(cast.workspace, name="Translator")
    Assistant.objects.filter(pk=sample.pk).update(is_sample=True)
    make_assistant(cast.workspace, by=cast.admin.user, kind=Revision.Kind.BRING_IN)
    text = text_of(cast.client("publisher"))
    assert "Start here" in text
    assert f'href="/w/main/assistants/{sample.pk}/edit/"' in text
    assert "Submit it for review. A publisher publishes it." in text_of(cast.client("editor"))
    assert "Start here" in text_of(cast.client("viewer")), "to read"


@pytest.mark.slow
def test_start_here_stays_until_that_person_has_published_once(cast: Cast) -> None:
    sample = make_assistant(cast.workspace, name="Translator")
    Assistant.objects.filter(pk=sample.pk).update(is_sample=True)

    def led() -> list[str]:
        people = ("editor", "publisher", "admin")
        return [who for who in people if "Start here" in text_of(cast.client(who))]

    pia, ada, emil = cast.publisher.user, cast.admin.user, cast.editor.user
    make_assistant(cast.workspace, by=pia, kind=Revision.Kind.BRING_IN)
    make_assistant(cast.workspace, by=cast.viewer.user)
    for status in ("pending", "unconfirmed", "rejected", "not_delivered"):
        change(make_assistant(cast.workspace), by=pia, status=status, temperature=1)
    assert led() == ["editor", "publisher", "admin"], "nobody has published yet"
    change(sample, by=pia, temperature=1)
    assert led() == ["editor", "admin"], "the others have not"
    change(sample, by=pia, drafter=emil, temperature=0.5)
    assert led() == ["admin"], "what an editor wrote was published"
    change(make_assistant(cast.workspace), by=ada, kind=Revision.Kind.DELETE)
    assert led() == ["admin"], "deleting is no publishing"
    make_assistant(cast.workspace, by=ada)
    assert led() == []


def test_a_change_leads_to_the_assistant_and_its_version_to_the_revision(cast: Cast) -> None:
    row = make_assistant(cast.workspace, name="Desk")
    text = text_of(cast.client("viewer"))
    root = f"/w/main/assistants/{row.pk}/"
    assert f'<a dir="auto" href="{root}">Desk</a>' in text
    assert f'href="{root}history/1/">v1</a>' in text


def test_samples_are_removed_only_by_those_who_may_delete(cast: Cast) -> None:
    Assistant.objects.filter(pk=make_assistant(cast.workspace).pk).update(is_sample=True)
    assert "Remove samples" not in text_of(cast.client("editor"))
    assert cast.client("editor").get(SAMPLES).status_code == 403
    assert cast.client("editor").post(SAMPLES).status_code == 403
    assert "Remove samples" in text_of(cast.client("publisher"))
