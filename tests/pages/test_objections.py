"""What is said where something that goes to a gateway did not work, and when to try again."""

from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.db import OperationalError
from django.utils import timezone

from assistants.definition import Definition
from assistants.gateway import (
    CannotRead,
    ConnectionLost,
    GatewayError,
    RateLimited,
    Refused,
    ServerTrouble,
    TimedOut,
    Unreachable,
)
from assistants.models import Outcome
from assistants.services.errors import Busy, NotNow
from assistants.services.remote.closing import SendResult
from assistants.views.objection import Objection, try_to_send
from assistants.wording import failure
from assistants.wording.pauses import in_seconds, not_checked

WANTED = Definition.parse({"model": "gpt-5.2", "name": "Support"})
KEPT = "Nothing was sent, and the draft is kept."
LIMITED = "The gateway received too many requests, so nothing was changed."
FAILED = "The gateway, or the service behind it, failed."
CROWDED = "Too many requests are waiting for this gateway. Try again in 5 seconds."


def tried(error: Exception) -> Objection:
    def act() -> NoReturn:
        raise error

    trouble = try_to_send(act, WANTED, of_draft=True)
    assert isinstance(trouble, Objection)
    return trouble


@pytest.mark.parametrize(
    ("error", "sentence", "wait"),
    [
        (RateLimited(retry_after=30), f"{LIMITED} Try again in 30 seconds.", 30),
        (RateLimited(retry_after=0.2), f"{LIMITED} Try again in 1 second.", 1),
        (RateLimited(retry_after=0), f"{LIMITED} Try again in 1 second.", 1),
        (RateLimited(retry_after=91), f"{LIMITED} Try again in 2 minutes.", 91),
        (RateLimited(retry_after=86_400), f"{LIMITED} Try again in 24 hours.", 86_400),
        (RateLimited(), f"{LIMITED} The gateway did not say when to try again.", 0),
        (
            RateLimited("Slow down.", retry_after=30),
            f"{LIMITED} Try again in 30 seconds. It said: “Slow down.”",
            30,
        ),
        (ServerTrouble(status=503, retry_after=90), f"{FAILED} Try again in 90 seconds.", 90),
        (ServerTrouble(status=503), FAILED, 0),
        (TimedOut(retry_after=7), "The gateway did not answer in time. Try again in 7 seconds.", 7),
        (
            Unreachable("[Errno 111]"),
            "The gateway could not be reached. If this continues, an admin can check the address"
            " under Connections.",
            0,
        ),
        (Refused("No.", retry_after=30), "The gateway refused the change. It said: “No.”", 0),
    ],
)
def test_the_time_that_a_gateway_names(error: GatewayError, sentence: str, wait: int) -> None:
    assert tried(error) == Objection(f"{sentence} {KEPT}", 502, retry_after=wait)
    assert failure(error) == sentence


@pytest.mark.parametrize("retry_after", [None, 30])
def test_a_write_that_was_not_taken_says_it_too(retry_after: float | None) -> None:
    error = RateLimited("Slow down.", retry_after=retry_after)
    outcome = Outcome(status="not_delivered", error=error.kind, message=error.message)
    when = (
        "Try again in 30 seconds." if retry_after else "The gateway did not say when to try again."
    )
    said = f"{LIMITED} {when} It said: “Slow down.”"
    text = f"Not delivered. The live version is unchanged. {said}"
    just_now = try_to_send(lambda: SendResult("not_delivered", None, outcome, error), WANTED)
    assert just_now == Objection(text, 502, retry_after=30 if retry_after else 0)
    kept = try_to_send(lambda: SendResult("not_delivered", None, outcome), WANTED)
    assert isinstance(kept, Objection)
    assert kept.text.endswith(f" {LIMITED} It said: “Slow down.”"), "no time that has passed"


@pytest.mark.parametrize(
    ("seconds", "when"), [(0, "in 1 second"), (12, "in 12 seconds"), (200, "in 4 minutes")]
)
def test_our_own_refusals(seconds: int, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr("assistants.wording.pauses.timezone.now", lambda: now)
    until = now + timedelta(seconds=seconds)
    wait = max(seconds, 1)
    paused = f"This gateway is not responding, so requests are paused. Try again {when}."
    assert tried(NotNow(until)) == Objection(
        f"{paused} {KEPT}", 503, retry_after=wait, not_now=True
    )
    assert tried(Busy("Maria", until)) == Objection(
        f"Maria is publishing this assistant right now. Try again {when}.",
        409,
        retry_after=wait,
    )
    assert not_checked(until).endswith(f"The next check is {when}.")


def test_our_own_refusals_without_a_moment() -> None:
    assert tried(NotNow()) == Objection(f"{CROWDED} {KEPT}", 503, retry_after=5, not_now=True)
    text = "Someone is publishing this assistant right now."
    assert tried(Busy("")) == Objection(text, 409)
    assert not_checked(None).endswith("The next check is in 5 seconds.")
    database = tried(OperationalError("database is locked"))
    assert (database.status, database.retry_after) == (503, 5)
    assert "Try again in 5 seconds." in database.text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "in 1 second"),
        (90, "in 90 seconds"),
        (90.1, "in 2 minutes"),
        (5400, "in 90 minutes"),
        (5401, "in 2 hours"),
        (86_400, "in 24 hours"),
    ],
)
def test_a_wait_in_words(seconds: float, words: str) -> None:
    assert in_seconds(seconds) == words


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"param": ""}, "", ""),
    ({"param": "None"}, "", ""),
    ({"param": "body"}, "", ""),
    ({"param": "17"}, "", ""),
    ({"param": "model"}, "id_model", "Model"),
    ({"param": "tools"}, "tools", "Tools"),
    ({"param": "tool_resources"}, "knowledge", "Knowledge"),
    ({"param": "assistant_id"}, "main", "assistant_id"),
]


@pytest.mark.parametrize(("refusal", "anchor", "label"), REFUSALS)
def test_a_refusal_leads_to_its_field_or_nowhere(
    refusal: dict[str, Any], anchor: str, label: str
) -> None:
    outcome = Outcome(status="rejected", error="refused", message="No.", **refusal)
    trouble = try_to_send(lambda: SendResult("rejected", None, outcome), WANTED)
    assert isinstance(trouble, Objection)
    (fault,) = trouble.faults
    said = "The gateway refused the change. It said: “No.”"
    assert fault == (anchor, label, said)
    assert (trouble.text, trouble.status) == ("Refused. The live version is unchanged.", 422)


def test_what_a_gateway_does_not_offer_is_told_apart() -> None:
    words = {
        kind: tried(error).text.partition(".")[0]
        for kind, error in {
            "one": CannotRead("Method Not Allowed"),
            "lost": ConnectionLost(),
        }.items()
    }
    assert words == {
        "one": "This gateway answers, but it does not return single assistants (405)",
        "lost": "The connection broke before the gateway's answer was complete",
    }
