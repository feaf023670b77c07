"""Writes that arrive late, after somebody else's, and changes from outside that look like them."""

from dataclasses import replace

import pytest
from django.test import override_settings

from assistants.definition import Definition
from assistants.models import Assistant, Outcome, Revision
from assistants.services.editing.accept import accept_revision
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.closing import SendResult
from assistants.services.remote.settle import check_remote, settle_all
from assistants.services.syncing.jobs import sync
from tests.conftest import Cast
from tests.faults.catalogue import ANSWERS
from tests.faults.paths import NEW, OLD, fresh, put
from tests.faults.remotes import Remote
from tests.upstream import FaultSpec, Upstream, completed

pytestmark = pytest.mark.django_db(transaction=True)

LATE = replace(ANSWERS["504"], late=True)


def edit(cast: Cast, assistant: Assistant, who: str, **fields: object) -> SendResult:
    """Publish a draft of `who` with these fields changed in what is live."""
    author = getattr(cast, who)
    assistant = fresh(assistant)
    wanted = live_definition(assistant).replace(**fields)
    save_draft(author=author, assistant=assistant, definition=wanted, base=assistant.live)
    return publish(
        author=author, assistant=assistant, wanted=wanted, base=assistant.live, over_doubt=True
    )


def history(assistant: Assistant) -> list[tuple[str, str, list[str]]]:
    rows = assistant.revisions.order_by("number")
    return [
        (
            row.kind,
            row.author_name,
            list(row.outcomes.order_by("pk").values_list("status", flat=True)),
        )
        for row in rows
    ]


def agrees(assistant: Assistant, remote: Upstream) -> bool:
    held = Definition.parse(remote.assistants[str(assistant.remote_id)])
    return held == live_definition(fresh(assistant)) and not list(
        verify(assistant=fresh(assistant))
    )


def test_a_late_write_that_overwrites_a_colleagues_newer_one_is_told_as_it_was(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        remote.fail_next("POST", LATE)
        assert edit(cast, assistant, "publisher", instructions="Pia's").status == "unconfirmed"
        assert edit(cast, assistant, "admin", instructions="Ada's").status == "applied"
        remote.land()
        assert check_remote(assistant=fresh(assistant)).found == "changed"
        assert history(assistant) == [
            ("create", "Ada", ["applied"]),
            ("edit", "Pia", ["unconfirmed", "applied"]),
            ("edit", "Ada", ["applied"]),
        ]
        versions = Outcome.objects.filter(assistant=assistant, version__isnull=False)
        told = [(row.version, row.definition.value("instructions")) for row in versions]
        assert sorted(told) == [(1, OLD.value("instructions")), (2, "Ada's"), (3, "Pia's")]
        assert not fresh(assistant).drafts.exists()
        assert fresh(assistant).trouble == "arrived_late", "somebody has to know"
        live = fresh(assistant).live
        assert live
        accept_revision(author=cast.publisher, assistant=fresh(assistant), revision=live)
        assert fresh(assistant).trouble == ""
        assert agrees(assistant, remote)


def test_a_late_write_beside_a_colleagues_newer_one_undoes_nothing_in_the_draft(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        remote.fail_next("POST", LATE)
        assert edit(cast, assistant, "publisher", instructions="Pia's").status == "unconfirmed"
        assert edit(cast, assistant, "admin", model="gpt-5.2").status == "applied"
        draft = assistant.drafts.get(user=cast.publisher.user)
        save_draft(
            author=cast.publisher,
            assistant=assistant,
            definition=draft.definition.replace(description="Typed on"),
            base=draft.base,
        )
        remote.land()
        assert check_remote(assistant=fresh(assistant)).found == "changed"
        after = fresh(assistant)
        # Nothing is said to be stored differently: the other model is Ada's, not the remote's.
        assert (after.live_version, after.trouble) == (3, "")
        assert Outcome.objects.get(assistant=assistant, version=3).differences == []
        assert live_definition(after) == OLD.replace(instructions="Pia's", model="gpt-5.2")
        draft.refresh_from_db()
        assert draft.base_id == after.live_id
        assert draft.definition == live_definition(after).replace(description="Typed on")
        assert agrees(assistant, remote)


def test_a_change_from_outside_is_not_taken_for_an_attempt_that_was_made_again(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        remote.fail_next("POST", ANSWERS["504"])
        assert edit(cast, assistant, "publisher", instructions="Pia's").status == "unconfirmed"
        assert edit(cast, assistant, "publisher", instructions="Pia's").status == "applied"
        remote.assistants[str(assistant.remote_id)]["model"] = "gpt-5.2"
        assert check_remote(assistant=fresh(assistant)).found == "changed"
        assert history(assistant)[1:] == [
            ("edit", "Pia", ["unconfirmed"]),
            ("edit", "Pia", ["applied"]),
            ("outside", "Outside this dashboard", ["applied"]),
        ]
        assert agrees(assistant, remote)


def test_another_text_than_was_sent_is_somebody_elses(cast: Cast, new_remote: Remote) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        remote.fail_next("POST", ANSWERS["504"])
        assert edit(cast, assistant, "publisher", instructions="Pia's").status == "unconfirmed"
        remote.assistants[str(assistant.remote_id)]["instructions"] = "An application's"
        check_remote(assistant=fresh(assistant))
        assert history(assistant) == [
            ("create", "Ada", ["applied"]),
            ("edit", "Pia", ["unconfirmed"]),
            ("outside", "Outside this dashboard", ["applied"]),
        ]
        assert fresh(assistant).drafts.get().definition.value("instructions") == "Pia's"
        assert agrees(assistant, remote)


@pytest.mark.parametrize("status", [429, 404])
def test_what_was_certainly_not_delivered_is_never_taken_for_landing_late(
    cast: Cast, new_remote: Remote, status: int
) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        remote.fail_next("POST", FaultSpec(status=status, body="{}"))
        assert edit(cast, assistant, "publisher", model="gpt-5.2").status == "not_delivered"
        remote.assistants[str(assistant.remote_id)]["model"] = "gpt-5.2"
        assert check_remote(assistant=fresh(assistant)).found == "changed"
        assert [kind for kind, _, _ in history(assistant)] == ["create", "edit", "outside"]
        assert agrees(assistant, remote)


def test_a_late_delete_after_a_colleagues_publish_is_ours_and_keeps_the_text(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        remote.fail_next("DELETE", LATE)
        result = delete_assistant(author=cast.publisher, assistant=fresh(assistant))
        assert result.status == "unconfirmed"
        assert edit(cast, assistant, "admin", instructions="Ada's").status == "applied"
        remote.land()
        check_remote(assistant=fresh(assistant))
        assert history(assistant)[1:] == [
            ("delete", "Pia", ["unconfirmed", "applied"]),
            ("edit", "Ada", ["applied"]),
        ]
        assert fresh(assistant).state == "deleted"
        assert (
            recreate_assistant(author=cast.publisher, assistant=fresh(assistant)).status
            == "applied"
        )
        assert live_definition(fresh(assistant)).value("instructions") == "Ada's"
        assert agrees(fresh(assistant), remote)


def test_a_create_that_lands_after_it_was_given_up_is_found_and_not_made_twice(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = new_assistant(author=cast.publisher, connection=connection, definition=NEW)
        remote.fail_next("POST", LATE)
        result = publish(author=cast.publisher, assistant=assistant, wanted=NEW, base=None)
        assert result.status == "unconfirmed"
        with override_settings(LATE_LANDING_SECONDS=0):
            assert settle_all()["settled"] == 1
        assert history(assistant) == [("create", "Pia", ["unconfirmed", "not_delivered"])]
        remote.land()
        again = publish(author=cast.publisher, assistant=fresh(assistant), wanted=NEW, base=None)
        assert again.status == "unchanged"
        assert len(remote.assistants) == 1
        assert history(assistant) == [
            ("create", "Pia", ["unconfirmed", "not_delivered", "applied"])
        ]
        assert not fresh(assistant).drafts.exists()


def test_a_late_create_that_the_sync_finds_first_is_ours_and_not_brought_in(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = new_assistant(author=cast.publisher, connection=connection, definition=NEW)
        remote.fail_next("POST", LATE)
        result = publish(author=cast.publisher, assistant=assistant, wanted=NEW, base=None)
        assert result.status == "unconfirmed"
        with override_settings(LATE_LANDING_SECONDS=0):
            assert settle_all()["settled"] == 1
        remote.land()
        assert sync(connections=[connection])["added"] == 0
        assert history(assistant) == [
            ("create", "Pia", ["unconfirmed", "not_delivered", "applied"])
        ]
        assert Assistant.objects.filter(connection=connection).count() == 1


def test_a_create_to_which_the_remote_added_defaults_is_not_brought_in_besides(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = new_assistant(author=cast.publisher, connection=connection, definition=NEW)
        remote.fail_next("POST", FaultSpec(reset=True, blind=True, store=completed))
        result = publish(author=cast.publisher, assistant=assistant, wanted=NEW, base=None)
        assert result.status == "unconfirmed"
        remote.blind = False
        assert sync(connections=[connection])["added"] == 0
        assert history(assistant) == [("create", "Pia", ["unconfirmed", "applied"])]
        assert Assistant.objects.filter(connection=connection).count() == 1


def test_an_assistant_that_was_gone_and_is_there_again_is_found_by_looking(
    cast: Cast, new_remote: Remote
) -> None:
    with new_remote() as (connection, remote):
        assistant = put(cast, connection, OLD)
        held = remote.assistants.pop(str(assistant.remote_id))
        assert check_remote(assistant=fresh(assistant)).found == "gone"
        assert check_remote(assistant=fresh(assistant)).found == "same"
        remote.assistants[held["id"]] = held
        assert check_remote(assistant=fresh(assistant)).found == "changed"
        assert fresh(assistant).state == "live"
        kinds = Revision.objects.filter(assistant=assistant).order_by("number")
        assert [row.kind for row in kinds] == ["create", "missing", "outside"]
        assert agrees(assistant, remote)
