"""When a connection is left alone, who tries it next, and what ends the pause."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.gateway import (
    ConnectionLost,
    GatewayError,
    RateLimited,
    Refused,
    ServerTrouble,
    TimedOut,
    Timeouts,
    UnknownHost,
    Unreachable,
)
from assistants.models import Connection
from assistants.models.connections.connection import LONGEST_PAUSE
from assistants.services.connections import breaker
from assistants.services.connections.admission import (
    ACT,
    CHECK,
    TEST,
    Errand,
    admitted,
    current_chain,
    unlimited,
    within,
)
from assistants.services.connections.breaker import FIRST_PAUSE, IN_A_ROW, pause_after
from assistants.services.connections.client import note_answer, note_trouble, registry_of
from assistants.services.connections.endpoints import endpoint_of
from assistants.services.connections.saving import write_connection
from assistants.services.errors import NotNow
from tests.conftest import Cast
from tests.crash.races import together
from tests.upstream import Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


def fresh(row: Connection) -> Connection:
    return Connection.objects.get(pk=row.pk)


def fails(row: Connection, error: GatewayError, errand: Errand = ACT) -> None:
    """Let one chain begin and its first call fail."""
    row = fresh(row)
    with admitted(row, errand):
        note_trouble(row, error)


def paused(row: Connection, errand: Errand = ACT) -> Connection:
    for _ in range(IN_A_ROW):
        fails(row, TimedOut(), errand)
    found = fresh(row)
    assert found.next_try is not None
    return found


def is_over(row: Connection) -> Connection:
    """Let the time of a pause be over."""
    past = timezone.now() - timedelta(seconds=1)
    Connection.objects.filter(pk=row.pk).update(paused_until=past)
    return fresh(row)


def test_so_many_timeouts_in_a_row_begin_a_pause(connection_to: Connection) -> None:
    for count in range(1, IN_A_ROW):
        fails(connection_to, TimedOut())
        assert (fresh(connection_to).timeouts, fresh(connection_to).next_try) == (count, None)
    before = timezone.now()
    fails(connection_to, Unreachable())
    until = fresh(connection_to).next_try
    assert until is not None
    assert before + FIRST_PAUSE <= until <= timezone.now() + FIRST_PAUSE
    with pytest.raises(NotNow) as refused, admitted(fresh(connection_to), ACT):
        pass
    assert refused.value.until == until


@pytest.mark.parametrize(
    "answer", [None, Refused("No.", status=400), ServerTrouble(status=503), RateLimited(status=429)]
)
def test_any_answer_begins_the_count_anew(
    connection_to: Connection, answer: GatewayError | None
) -> None:
    for _ in range(IN_A_ROW - 1):
        fails(connection_to, TimedOut())
    row = fresh(connection_to)
    with admitted(row, ACT):
        note_trouble(row, answer) if answer else note_answer(row)
    fails(connection_to, TimedOut())
    assert fresh(connection_to).timeouts == 1
    assert fresh(connection_to).next_try is None


@pytest.mark.parametrize(
    ("error", "seconds", "counts"),
    [
        (TimedOut(), 0, True),
        (TimedOut(status=408), 0, True),
        (Unreachable(), 0, True),
        (UnknownHost(), 5, False),
        (ServerTrouble(status=504), 0, True),
        (ServerTrouble(status=502), 0.1, False),
        (ServerTrouble(status=502), 10, True),
        (ConnectionLost(), 0.1, False),
        (ConnectionLost(), 10, True),
        (Refused(status=400), 10, False),
    ],
)
def test_what_counts_is_what_keeps_a_thread_busy(
    error: GatewayError, seconds: float, counts: bool
) -> None:
    assert breaker.is_timeout(error, seconds) is counts


def test_pauses_double_up_to_a_limit_and_a_success_ends_them(connection_to: Connection) -> None:
    row = paused(connection_to)
    for count in range(IN_A_ROW + 1, IN_A_ROW + 8):
        before = timezone.now()
        fails(is_over(row), TimedOut())
        until = fresh(row).next_try
        assert until is not None
        expected = min(FIRST_PAUSE * 2 ** (count - IN_A_ROW), LONGEST_PAUSE)
        assert before + expected <= until + timedelta(milliseconds=1)
        assert pause_after(count) == expected
    assert pause_after(10_000) == LONGEST_PAUSE
    row = is_over(row)
    with admitted(row, ACT):
        note_answer(row)
    row = fresh(row)
    assert (row.timeouts, row.paused_until, row.pause_holds_all) == (0, None, False)


def test_after_a_pause_one_of_several_threads_makes_the_trial_call(
    connection_to: Connection,
) -> None:
    row = is_over(paused(connection_to))
    barrier, tried = Barrier(8), []

    def ask(_: int) -> bool:
        try:
            mine = fresh(row)
            barrier.wait(10)
            with admitted(mine, ACT):
                chain = current_chain()
                tried.append(chain is not None and chain.is_trial)
                note_trouble(mine, TimedOut())
            return True
        except NotNow:
            return False
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    assert tried == [True]
    assert fresh(row).timeouts == IN_A_ROW + 1


def test_after_a_pause_one_of_two_processes_makes_the_trial_call(
    connection_to: Connection,
) -> None:
    row = is_over(paused(connection_to))

    def ask() -> None:
        with admitted(row, ACT):  # as both read it before either asked
            note_trouble(row, TimedOut())

    said = together(ask, ask)
    assert sorted(line[:6] for line in said) == ["", "NotNow"]
    assert fresh(row).timeouts == IN_A_ROW + 1


def test_a_trial_that_made_no_call_is_given_back(connection_to: Connection) -> None:
    row = is_over(paused(connection_to))
    with admitted(row, ACT):
        pass
    with admitted(fresh(row), ACT):
        chain = current_chain()
        assert chain is not None
        assert chain.is_trial


def test_a_trial_whose_process_died_keeps_the_others_waiting_for_a_minute(
    connection_to: Connection,
) -> None:
    row = is_over(paused(connection_to))
    assert breaker.ask(row, patient=True) is True
    assert timedelta(minutes=1) == breaker.TRIAL
    with pytest.raises(NotNow):
        breaker.ask(fresh(row), patient=True)
    assert breaker.ask(is_over(row), patient=True) is True


def test_page_checks_that_gave_up_early_hold_page_checks_only(connection_to: Connection) -> None:
    row = paused(connection_to, CHECK)
    with pytest.raises(NotNow), admitted(row, CHECK):
        pass
    assert breaker.ask(fresh(row), patient=True) is True
    with pytest.raises(NotNow):  # one at a time
        breaker.ask(fresh(row), patient=True)
    breaker.give_back_trial(fresh(row))
    fails(row, TimedOut(), ACT)
    with pytest.raises(NotNow), admitted(fresh(row), ACT):
        pass


def test_a_test_by_an_admin_does_not_wait_for_the_end_of_a_pause(
    connection_to: Connection,
) -> None:
    row = paused(connection_to)
    with admitted(row, TEST):
        note_answer(row)
    assert fresh(row).paused_until is None


def test_what_began_before_a_pause_and_fails_in_it_does_not_prolong_it(
    connection_to: Connection,
) -> None:
    row = fresh(connection_to)
    with admitted(row, ACT):
        Connection.objects.filter(pk=row.pk).update(
            timeouts=IN_A_ROW, paused_until=timezone.now() + FIRST_PAUSE
        )
        until = fresh(row).paused_until
        note_trouble(row, TimedOut())
    assert (fresh(row).timeouts, fresh(row).paused_until) == (IN_A_ROW, until)
    assert fresh(row).pause_holds_all


def test_a_clock_that_was_put_back_pauses_nothing_for_ever(connection_to: Connection) -> None:
    row = paused(connection_to)
    far = timezone.now() + LONGEST_PAUSE + timedelta(hours=1)
    Connection.objects.filter(pk=row.pk).update(paused_until=far, pause_holds_all=True)
    row = fresh(row)
    assert row.next_try is None
    with admitted(row, CHECK):
        note_answer(row)
    assert fresh(row).paused_until is None


def test_a_command_is_not_held_back_and_what_it_finds_counts(connection_to: Connection) -> None:
    row = paused(connection_to)
    with unlimited(), admitted(row, CHECK):
        note_answer(row)
    assert fresh(row).paused_until is None


def test_the_registry_is_never_paused(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    for _ in range(2 * IN_A_ROW):
        fails(registry, TimedOut())
    assert fresh(registry).timeouts == 0


def test_a_connection_that_is_pointed_elsewhere_begins_anew(
    connection_to: Connection, remote: Upstream
) -> None:
    row = paused(connection_to)
    write_connection(row, name="Elsewhere", endpoint=endpoint_of(row), is_default=True)
    assert (fresh(row).timeouts, fresh(row).paused_until) == (0, None)


def test_admission_costs_no_query_while_all_is_well(connection_to: Connection) -> None:
    row = fresh(connection_to)
    with CaptureQueriesContext(database) as captured, admitted(row, ACT):
        note_answer(row)
    assert len(captured) == 0


def test_each_call_of_a_chain_ends_with_it_at_the_latest(
    connection_to: Connection, settings: Any
) -> None:
    settings.GATEWAY_CHECK_DEADLINE = 30.0
    usual = Timeouts(total=60.0, tries=3)
    with admitted(connection_to, CHECK):
        assert 0 < within(usual).total <= 30
        assert within(usual).tries == 1, "nobody waits for a check"
        assert within(replace(usual, total=1.0)).total == 1
    with admitted(connection_to, ACT):
        assert within(usual).tries == 3
    assert within(usual) == usual
