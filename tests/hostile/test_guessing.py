"""A stranger who guesses passwords, or who wants to lock somebody out."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.models import User
from admin_ui.accounts.services import save_account
from admin_ui.audit import budgets, sign_in
from admin_ui.audit.budgets import Limit, count_try, report_due_repeats, seconds_to_wait
from admin_ui.audit.models import AuditChain, AuditEvent, Budget, EventKind, KnownNetwork
from admin_ui.audit.verify import faults
from admin_ui.request.address import client_network
from assistants import triggers
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
EMAIL = "victim@example.com"
HOME, AWAY = "192.0.2.1", "192.0.2.200"


@pytest.fixture
def victim(db: None) -> str:
    save_account(email=EMAIL, password=PASSWORD)
    return EMAIL


def attempt(address: str, email: str = EMAIL, password: str = "wrong", **headers: str) -> int:
    client = Client(REMOTE_ADDR=address, headers=headers)
    response = client.post("/accounts/login/", {"login": email, "password": password})
    return response.status_code


def hammer(networks: int, each: int = 5) -> list[int]:
    return [
        attempt(f"198.51.{number // 250}.{number % 250}")
        for number in range(networks)
        for _ in range(each)
    ]


def test_the_person_still_gets_in_from_where_they_signed_in_before(victim: str) -> None:
    assert attempt(HOME, password=PASSWORD) == 302
    answers = hammer(30)
    assert answers.count(200) == 100, "all networks together have a bound"
    assert answers.count(429) == 50
    assert attempt(HOME, password=PASSWORD) == 302
    assert attempt(AWAY, password=PASSWORD) == 429, "a new network is slowed"
    Budget.objects.update(expires_at=timezone.now())
    assert attempt(AWAY, password=PASSWORD) == 302, "and not for good"


def test_one_network_is_bounded_whatever_addresses_it_invents(victim: str) -> None:
    answers = [attempt(AWAY, f"nobody{number}@example.com") for number in range(60)]
    assert answers == [200] * 30 + [429] * 30
    locked = AuditEvent.objects.filter(kind=EventKind.LOCKED_OUT)
    assert locked.count() == 1, "no row for each invented address"
    assert attempt(HOME, password=PASSWORD) == 302


def test_the_persons_own_mistakes_at_home_do_not_count_for_other_networks(victim: str) -> None:
    attempt(HOME, password=PASSWORD)
    attempt(HOME)
    assert Budget.objects.get(pk=sign_in.ACCOUNT_FROM_ANYWHERE.key(EMAIL)).count == 0
    attempt(AWAY)
    assert Budget.objects.get(pk=sign_in.ACCOUNT_FROM_ANYWHERE.key(EMAIL)).count == 1


def test_an_unknown_address_is_treated_like_a_known_one(victim: str) -> None:
    known = [attempt(AWAY) for _ in range(7)]
    unknown = [attempt("192.0.2.201", "nobody@example.com") for _ in range(7)]
    assert known == unknown == [200] * 5 + [429] * 2


def test_a_failure_costs_the_same_for_every_address(victim: str) -> None:
    def queries(email: str, address: str) -> list[int]:
        found = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as captured:
                attempt(address, email)
            found.append(len(captured))
        return found

    attempt(HOME, "the.first@example.com")
    assert queries(EMAIL, AWAY) == queries("nobody@example.com", "192.0.2.201")


def test_a_right_password_is_not_even_looked_at_beyond_the_limit(victim: str) -> None:
    for _ in range(5):
        attempt(AWAY)
    assert attempt(AWAY, password=PASSWORD) == 429
    assert not AuditEvent.objects.filter(kind=EventKind.SIGN_IN).exists()


@pytest.mark.parametrize("method", ["head", "get", "options"])
def test_only_a_sent_form_spends_anything(victim: str, method: str) -> None:
    client = Client(REMOTE_ADDR=AWAY)
    for _ in range(40):
        getattr(client, method)("/accounts/login/")
    assert not Budget.objects.exists()


FORGED = [
    (0, "203.0.113.9", HOME),
    (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
    (1, "1.1.1.1, 2.2.2.2, 198.51.100.1", "198.51.100.1"),
    (2, "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
    (1, "", HOME),
]


@pytest.mark.parametrize(("proxies", "header", "counted"), FORGED)
def test_the_address_is_what_the_trusted_proxies_say(
    victim: str, settings: Any, proxies: int, header: str, counted: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    attempt(HOME, **({"X-Forwarded-For": header} if header else {}))
    assert AuditEvent.objects.get(kind=EventKind.SIGN_IN_FAILED).details["from"] == counted


def test_addresses_of_one_ipv6_network_count_together() -> None:
    assert client_network("2001:db8::1") == client_network("2001:db8::ffff:1") == "2001:db8::"
    assert client_network("2001:db8:0:1::1") != client_network("2001:db8::1")
    assert client_network("::ffff:192.0.2.1") == "192.0.2.1"


def test_many_failures_make_one_event_in_ten_minutes_and_none_is_missing(victim: str) -> None:
    for _ in range(4):
        attempt(AWAY)
    failed = AuditEvent.objects.filter(kind=EventKind.SIGN_IN_FAILED).order_by("pk")
    assert [event.details["count"] for event in failed] == [1]
    Budget.objects.filter(unreported__gt=0).update(report_at=timezone.now())
    report_due_repeats()
    assert [event.details["count"] for event in failed.all()] == [1, 3]
    report_due_repeats()
    assert failed.all().count() == 2
    assert not list(faults())


def test_only_accounts_that_exist_are_named(victim: str, rf: RequestFactory) -> None:
    """People type their password into the wrong field, and there is no end of addresses."""
    for typed in ("my-secret-passphrase", "nobody@example.com", "no@example.com", "", "\0"):
        sign_in.report_failure(rf.post("/", REMOTE_ADDR=AWAY), typed)
    event = AuditEvent.objects.get(kind=EventKind.SIGN_IN_FAILED)
    assert (event.about, event.details["from"]) == ("unknown addresses", AWAY)
    assert event.actor_name == "somebody at the sign-in page"
    assert Budget.objects.get(kind=EventKind.SIGN_IN_FAILED).unreported == 4
    sign_in.report_failure(rf.post("/", REMOTE_ADDR=AWAY), EMAIL.upper())
    assert AuditEvent.objects.filter(kind=EventKind.SIGN_IN_FAILED, about=EMAIL).count() == 1


def test_addresses_that_are_refused_are_not_named_either(victim: str) -> None:
    for number in range(4):
        for _ in range(7):
            attempt(AWAY, f"nobody{number}@example.com")
    abouts = AuditEvent.objects.filter(kind=EventKind.LOCKED_OUT).values_list("about", flat=True)
    assert list(abouts) == ["unknown addresses"]


def test_the_right_password_of_a_deactivated_account_counts_like_a_wrong_one(victim: str) -> None:
    User.objects.filter(email=EMAIL).update(is_active=False)
    answers = [attempt(AWAY, password=PASSWORD) for _ in range(7)]
    assert answers == [302] * 5 + [429] * 2
    event = AuditEvent.objects.get(kind=EventKind.SIGN_IN_FAILED)
    assert (event.about, event.actor_name) == (EMAIL, "somebody at the sign-in page")
    assert Budget.objects.get(kind=EventKind.SIGN_IN_FAILED).unreported == 4
    stranger = Client(REMOTE_ADDR=HOME).post("/accounts/login/", {"login": EMAIL, "password": "x"})
    assert "The email address or the password is wrong." in stranger.content.decode()
    assert not KnownNetwork.objects.exists()


def test_right_passwords_never_use_up_a_limit(victim: str) -> None:
    attempt(AWAY, "nobody@example.com")
    answers = [attempt(AWAY, password=PASSWORD) for _ in range(40)]
    assert answers == [302] * 40
    assert Budget.objects.get(pk=sign_in.ANY_ACCOUNT_FROM_NETWORK.key(AWAY)).count == 1


def test_a_network_is_known_for_half_a_year_and_fifty_of_them_at_most(victim: str) -> None:
    user = User.objects.get()
    now = timezone.now()
    for age in range(60):
        KnownNetwork.objects.create(
            user=user, network=f"198.51.100.{age}", last_at=now - timedelta(days=age + 1)
        )
    KnownNetwork.objects.create(user=make_user(), network=AWAY, last_at=now - timedelta(days=181))
    old = KnownNetwork.objects.create(user=user, network=AWAY, last_at=now - timedelta(days=181))
    hammer(20)
    assert attempt(AWAY, password=PASSWORD) == 429, "not known any more"
    assert attempt("198.51.100.1", password=PASSWORD) == 302
    kept = KnownNetwork.objects.order_by("-last_at")
    assert kept.count() == 50, "those of others that are too old are gone as well"
    assert kept[0].network == "198.51.100.1"
    assert not kept.filter(pk=old.pk).exists()
    assert not kept.filter(network="198.51.100.59").exists()


def test_a_clock_that_was_ahead_locks_nobody_out_for_long(victim: str) -> None:
    limit = Limit("test", 1, timedelta(minutes=5))
    Budget.objects.create(
        key=limit.key("x"), count=9, expires_at=timezone.now() + timedelta(days=99)
    )
    assert seconds_to_wait([(limit, limit.key("x"))]) == 0
    count_try([(limit, limit.key("x"))])
    assert Budget.objects.get(pk=limit.key("x")).count == 1


def test_old_counts_are_cleaned_up_on_the_way(victim: str) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    Budget.objects.bulk_create(Budget(key=str(n), expires_at=long_ago) for n in range(50))
    attempt(AWAY)
    assert not Budget.objects.filter(expires_at=long_ago).exists()


def test_asking_for_links_is_bounded_and_says_nothing_about_the_address(victim: str) -> None:
    def ask(email: str, address: str = AWAY) -> int:
        client = Client(REMOTE_ADDR=address)
        return client.post("/accounts/password/reset/", {"email": email}).status_code

    assert [ask(EMAIL) for _ in range(6)] == [302] * 5 + [429]
    assert [ask("nobody@example.com", "192.0.2.9") for _ in range(6)] == [302] * 5 + [429]


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_one_budget() -> None:
    save_account(email=EMAIL, password=PASSWORD)
    answers: list[int] = []

    def guess() -> None:
        try:
            answers.extend(attempt(AWAY) for _ in range(6))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers.count(200), answers.count(429)) == (5, 7)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_an_event(victim: str, verb: str) -> None:
    attempt(AWAY)
    rows = AuditEvent.objects.all()
    change = {"update": lambda: rows.update(about="x"), "delete": rows.delete}[verb]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()


@pytest.mark.parametrize("what", ["changed", "removed", "cut off"])
def test_a_tampered_chain_is_named(victim: str, what: str) -> None:
    for number in range(3):
        attempt(f"192.0.2.{number}")
    assert not list(faults())
    triggers.remove(connection)
    try:
        rows = AuditEvent.objects.order_by("number")
        if what == "changed":
            rows.filter(number=2).update(address="10.0.0.1")
        elif what == "removed":
            rows.filter(number=2).delete()
        else:
            rows.filter(number=AuditChain.objects.get(pk=0).last_number).delete()
        (fault,) = faults()
    finally:
        triggers.install(connection)
    assert {"changed": "event 2: it was changed", "removed": "event 2: it is missing"}.get(
        what, "it ends at"
    ) in fault


def test_a_refusal_names_the_user_and_the_address_on_one_line(victim: str, caplog: Any) -> None:
    from admin_ui.audit.logs import NameTheRefused

    filtered = NameTheRefused()
    for _ in range(6):
        attempt(AWAY)
    record = next(r for r in caplog.records if r.name == "django.request")
    assert filtered.filter(record)
    assert f"address={AWAY}" in record.getMessage()
    assert "\n" not in record.getMessage()
    assert (sign_in.ACCOUNT_FROM_NETWORK.most, budgets.CLEANED_AT_ONCE) == (5, 200)
