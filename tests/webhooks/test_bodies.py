"""Bodies in each format: names neither mention, link nor format, and nothing long is sent."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from admin_ui.accounts.models import Workspace
from admin_ui.notices.kinds import Act, NoticeKind, act_details
from assistants.models.webhooks.webhook import TEST_KIND, Webhook
from assistants.services.webhooks.bodies import Event, body_of
from assistants.services.webhooks.event_types import EVENT_TYPES, TYPES_OF_ACTS, channel_sentence

HOSTILE = "<!channel> <@U1> *b* [x](https://evil.example) https://evil.example & @here <at>Ann</at>"


def event(**changes: Any) -> Event:
    known: dict[str, Any] = {
        "kind": NoticeKind.PUBLISHED,
        "subject": HOSTILE,
        "path": "/w/main/assistants/7/",
        "actor_name": HOSTILE,
        "workspace": Workspace(slug="main", name=HOSTILE),
        "at": datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
    }
    return Event(**{**known, **changes})


def body(format: str, **changes: Any) -> Any:
    return json.loads(json.dumps(body_of(event(**changes), format)))


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def test_names_neither_mention_nor_link_in_slack() -> None:
    said = body(Webhook.Format.SLACK)
    link = "<http://localhost:8000/w/main/assistants/7/|Open in Assistants Admin>"
    rest = [text for text in strings(said) if text != link]
    assert link in strings(said)
    assert not [text for text in rest if "<" in text or ">" in text or "://" in text]
    assert said["mrkdwn"] is False
    marked = [one for one in said["blocks"][1]["elements"] if one["type"] == "mrkdwn"]
    assert [one["text"] for one in marked] == [link], "names are plain text"
    assert "&lt;!channel&gt;" in said["text"]


def test_names_neither_mention_nor_link_in_teams() -> None:
    (attachment,) = body(Webhook.Format.TEAMS)["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}, "which has no Markdown"
    assert "msteams" not in card, "which would name the people that <at> mentions"
    assert [action["url"] for action in card["actions"]] == [
        "http://localhost:8000/w/main/assistants/7/"
    ]
    assert HOSTILE in card["body"][0]["inlines"][0]["text"]


def test_details_are_few_short_values() -> None:
    details = {f"key {number}": "x" * 5_000 for number in range(50)} | {"deep": {"a": ["b"]}}
    sent = body(Webhook.Format.STANDARD, details=details)["data"]["details"]
    assert len(sent) == 20
    assert all(isinstance(value, str) and len(value) == 300 for value in sent.values())
    values = {"version": 13, "is_new": True, "was": None}
    assert body(Webhook.Format.STANDARD, details=values)["data"]["details"] == values


@pytest.mark.parametrize("format", Webhook.Format.values)
def test_each_kind_has_a_type_and_a_sentence(format: str) -> None:
    kinds = [*NoticeKind.values, TEST_KIND]
    assert sorted(EVENT_TYPES) == sorted(kinds)
    assert len(set(EVENT_TYPES.values())) == len(kinds)
    for kind in kinds:
        assert "Bot" in json.dumps(body_of(event(kind=kind, subject="Bot"), format))
        sentence = channel_sentence(kind=kind, subject="Bot", actor_name="Pia")
        assert " you" not in sentence, "a channel is not one person"
    assert body(Webhook.Format.STANDARD, kind="of a later release")["type"].startswith("other.")


@pytest.mark.parametrize("format", Webhook.Format.values)
def test_a_time_is_in_the_zone_in_which_it_was_chosen(format: str) -> None:
    at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    details = act_details(Act.AT_TIME, at=at, until=at + timedelta(days=1), zone="Europe/Vienna")
    sent = body(format, kind=NoticeKind.SCHEDULED, details=details)
    if format == Webhook.Format.STANDARD:
        assert sent["type"] == "request.scheduled"
        assert sent["data"]["details"] == {
            "act": "at_time",
            "time": "2026-12-01T08:00:00Z",
            "until": "2026-12-02T08:00:00Z",
            "zone": "Europe/Vienna",
        }
    else:
        said = " for 1 Dec 2026, 09:00 CET, until 2 Dec 2026, 09:00 CET"
        assert any(said in text for text in strings(sent))


@pytest.mark.parametrize("act", TYPES_OF_ACTS)
def test_what_is_called_off_has_a_type_of_its_own(act: Act) -> None:
    at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    details = act_details(act, at=at, zone="", back_to=1)
    sent = body(Webhook.Format.STANDARD, kind=NoticeKind.SCHEDULED, details=details)
    assert sent["type"] == f"request.{act.value}"
