"""The page for receivers says what is sent, and its program accepts what is genuine alone."""

import re
from pathlib import Path
from typing import Any

import pytest

from assistants.services.webhooks.event_types import EVENT_TYPES, TYPES_OF_ACTS
from assistants.services.webhooks.sending import send_due
from assistants.services.webhooks.timetable import DELAYS
from tests.conftest import Cast
from tests.webhooks.conftest import Hooked, Receiver, happen

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()


def test_every_type_is_documented() -> None:
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE, re.MULTILINE)) - {
        "data.workspace",
        "data.subject",
        "data.actor",
        "data.url",
        "data.details",
    } == {*EVENT_TYPES.values(), *TYPES_OF_ACTS.values()}


def test_the_documented_waits_are_those_of_the_timetable() -> None:
    text = " ".join(PAGE.split())
    said = "5 seconds later, then after 5 and 30 minutes, 2, 5, 10, 14 and 20 hours, and three"
    assert said in text
    hours = [round(delay.total_seconds() / 3600, 2) for delay in DELAYS]
    assert hours == [0.0, 0.08, 0.5, 2, 5, 10, 14, 20, 24, 24, 24]


@pytest.mark.django_db(transaction=True)
def test_the_documented_program_accepts_what_is_genuine_alone(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(program, names)
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    (got,) = receiver.got
    is_genuine = names["is_genuine"]
    assert is_genuine(got.headers, got.body, hooked.secret)
    assert not is_genuine(got.headers, got.body + b" ", hooked.secret)
    assert not is_genuine(got.headers, got.body, "whsec_AAAA")
    old = {**got.headers, "webhook-timestamp": str(int(got.headers["webhook-timestamp"]) - 301)}
    assert not is_genuine(old, got.body, hooked.secret)
