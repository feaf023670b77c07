"""Bringing assistants in: page by page, with what stops it, and taken up again later."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.display.times import clock
from assistants.models import Assistant, Connection, Job
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.pages.connecting import ROOT, text_of
from tests.pages.reading import tight
from tests.upstream import FaultSpec, Upstream


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_bringing_in_page_by_page(cast: Cast, remote: Upstream, connection_to: Connection) -> None:
    for number in range(150):
        remote.add(name=f"Number {number}", model="gpt-4o")
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    assert "Bring in assistants from Production" in text_of(client, path)
    assert client.post(path).status_code == 303
    assert client.post(path).status_code == 303, "a second click joins the first"
    assert Job.objects.count() == 1
    running = text_of(client, path)
    assert f'hx-post="{path}step/"' in running
    step = client.post(f"{path}step/", headers={"HX-Request": "true"}).content.decode()
    assert "100 assistants so far" in step
    assert "<html" not in step
    done = client.post(f"{path}step/", headers={"HX-Request": "true"}).content.decode()
    assert "150 assistants read" in done
    assert "hx-post" not in done
    assert client.post(f"{path}step/").status_code == 303
    assert Assistant.objects.filter(connection=connection_to).count() == 150
    assert "150 assistants read" in text_of(client)


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_fails_stops_it_and_says_why(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    connection_to.base_url = "http://127.0.0.1:9/v1"
    connection_to.save()
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    client.post(path)
    text = client.post(f"{path}step/", headers={"HX-Request": "true"}).content.decode()
    assert "Stopped." in text
    assert "could not be reached" in text
    assert ">Bring in</button>" in tight(text), "nothing of it is here yet"


ASKED = {"HX-Request": "true"}


@pytest.mark.django_db(transaction=True)
def test_what_is_here_already_is_checked_and_the_changes_are_in_reach(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    rows = [remote.add(name=f"Number {number}", model="gpt-4o") for number in range(4)]
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    assert "Check now" not in text_of(client, path)
    client.post(path)
    assert "Bring in assistants from Production" in text_of(client, path)
    first = client.post(f"{path}step/", headers=ASKED).content.decode()
    assert "Check now" in first
    assert "Show what changed outside" not in first
    assert "Check the assistants of Production" in text_of(client, path)
    rows[0]["instructions"] = "Changed"
    del remote.assistants[rows[1]["id"]]
    remote.fail_next("GET", FaultSpec(applied=True))
    remote.fail_next("GET", FaultSpec(applied=True))
    remote.fail_next("GET", FaultSpec(status=403, body="{}"))
    rows[2]["instructions"] = "Changed"
    rows[3]["instructions"] = "Changed"
    connections = text_of(client)
    assert f'<form method="post" action="{path}">' in connections
    assert client.post(path).status_code == 303
    assert "Progress" in text_of(client)
    done = client.post(f"{path}step/", headers=ASKED).content.decode()
    for label, count in (
        ("Changed outside", 2),
        ("Missing", 1),
        ("Failed", 1),
        ("Gateway calls", 6),
    ):
        assert f"<dt>{label}</dt><dd>{count}</dd>" in done
    failed = Assistant.objects.get(name="Number 2")
    assert f'href="/w/main/assistants/{failed.pk}/">Number 2</a>' in done
    for status, names in (("trouble", {"Number 0", "Number 3"}), ("missing", {"Number 1"})):
        query = f"/w/main/assistants/?status={status}&amp;connection={connection_to.pk}"
        assert f'href="{query}"' in done
        shown = text_of(client, html.unescape(query))
        found = {row["name"] for row in rows if f">{row['name']}</a>" in shown}
        assert found == names


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_asks_to_wait_is_told_with_its_time(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    remote.add(name="Number 1")
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    client.post(path)
    remote.fail_next("GET", FaultSpec(status=429, body="{}", retry_after="300"))
    text = client.post(f"{path}step/", headers=ASKED).content.decode()
    until = Job.objects.get().not_before
    assert until
    assert f"The gateway asked for a pause until {clock(until)}." in text
    assert 'hx-trigger="load delay:5s, every 30s"' in text
    assert "Waiting until" in text_of(client)
    calls = len(remote.requests)
    client.post(f"{path}step/", headers=ASKED)
    assert len(remote.requests) == calls
    Job.objects.update(not_before=timezone.now())
    assert "Done." in client.post(f"{path}step/", headers=ASKED).content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_that_somebody_left_is_taken_up_by_whoever_looks(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    for number in range(150):
        remote.add(name=f"Number {number}")
    path = f"{ROOT}{connection_to.pk}/bring-in/"
    cast.client("publisher").post(path)
    cast.client("publisher").post(f"{path}step/")
    running = text_of(cast.client("admin"), path)
    assert "100 assistants so far" in running
    assert "by Pia" in running
    assert f'hx-post="{path}step/"' in running
    done = cast.client("admin").post(f"{path}step/", headers=ASKED).content.decode()
    assert "150 assistants read" in done


def test_only_publishers_bring_in(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    for path in (f"{ROOT}{registry.pk}/bring-in/", f"{ROOT}{registry.pk}/bring-in/step/"):
        assert cast.client("editor").post(path).status_code == 403


@pytest.mark.parametrize(
    ("minutes", "fields", "told"),
    [
        (0, {}, "Running"),
        (1, {}, "Running"),
        (15, {}, "Left unfinished 15 minutes ago"),
        (15, {"worked": 0}, "Running"),
        (30, {"worked": 15}, "Left unfinished 15 minutes ago"),
        (30, {"worked": 30, "waits_until": -5}, "Waiting until"),
        (30, {"worked": 30, "waits_until": 15}, "Left unfinished 15 minutes ago"),
        (15, {"status": "done"}, "Done"),
        (15, {"status": "failed"}, "Stopped"),
    ],
)
def test_a_check_that_nobody_is_at_is_not_called_running(
    cast: Cast, minutes: int, fields: dict[str, Any], told: str
) -> None:
    def before(number: int) -> datetime:
        return timezone.now() - timedelta(minutes=number)

    registry = registry_of(cast.workspace)
    assert registry
    job = Job.objects.create(
        workspace=cast.workspace,
        connection=registry,
        status=fields.get("status", "running"),
        started_at=before(minutes),
        lease_until=before(fields["worked"]) if "worked" in fields else None,
        not_before=before(fields["waits_until"]) if "waits_until" in fields else None,
    )
    page = tight(cast.client("publisher").get(ROOT).content.decode())
    text = re.sub(r"<[^>]*>", " ", page.split("Last check</dt><dd>")[1].split("</dd>")[0])
    text = " ".join(text.split())
    assert text.startswith(told)
    assert text.endswith("0 assistants read")
    assert ("Continue the check" in page) == told.startswith("Left")
    assert Job.objects.get(pk=job.pk).status == job.status, "looking changes nothing"
