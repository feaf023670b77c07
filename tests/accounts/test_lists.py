"""Lists of people as mail programs, spreadsheets and hurried people write them."""

from typing import Any

import pytest

from admin_ui.accounts.invitations.lists import SHOWN, read_person, split_list
from admin_ui.accounts.invitations.several import Entry, may_give
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role

ANN, BOB = "ann@example.com", "bob@example.com"


def read(text: str) -> list[Entry]:
    return [read_person(person, Role.EDITOR) for person in split_list(text)]


def people(text: str) -> list[tuple[Any, ...]]:
    """Return address, name and role of everybody who can be invited, and True for who cannot."""
    return [(e.email, e.name, e.role) if not e.problem else (True, e.given) for e in read(text)]


def plain(*emails: str) -> list[tuple[Any, ...]]:
    return [(email, "", Role.EDITOR) for email in emails]


@pytest.mark.parametrize(
    "between", ["\n", "\r\n", "\r", ",", ";", ", ", " ; ", "\t", "\n\n", ",\n"]
)
def test_addresses_are_apart_by_lines_commas_and_semicolons(between: str) -> None:
    assert people(f"{ANN}{between}{BOB}") == plain(ANN, BOB)
    assert people(f"\ufeff {ANN} {between} {BOB} {between}") == plain(ANN, BOB)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"Ann Doe <{ANN}>", "Ann Doe"),
        (f'"Doe, Ann" <{ANN}>', "Doe, Ann"),
        (f"Doe, Ann <{ANN}>", "Doe, Ann"),
        (f'"Ann \\"Andy\\" Doe" <{ANN}>', 'Ann "Andy" Doe'),
        (f'"Ann ""Andy"" Doe <{ANN}>"', 'Ann "Andy" Doe'),
        (f"<{ANN}>", ""),
        (f"  Ann \u2002 Doe   < {ANN} > ", "Ann Doe"),
        (f"Άννα <{ANN.upper()}>", "Άννα"),
    ],
)
def test_names_are_read_as_mail_programs_write_them(text: str, name: str) -> None:
    assert people(text) == [(ANN, name, Role.EDITOR)]
    both = f"{text}; Bob <{BOB}>"
    assert people(both) == [(ANN, name, Role.EDITOR), (BOB, "Bob", Role.EDITOR)]


@pytest.mark.parametrize("comma", [",", ";", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_table_has_columns_in_any_order_or_none_named(comma: str, bom: str) -> None:
    rows = [["Role", "E-Mail", "Team", "Name"], ["viewer", ANN, "", "Ann"], ["", BOB, "x", ""]]
    table = bom + "\r\n".join(comma.join(row) for row in rows)
    assert people(table) == [(ANN, "Ann", Role.VIEWER), (BOB, "", Role.EDITOR)]
    assert [entry.number for entry in read(table)] == [2, 3]
    bare = bom + "\n".join([comma.join((ANN, "Admin")), BOB])
    assert people(bare) == [(ANN, "", Role.ADMIN), (BOB, "", Role.EDITOR)]


def test_a_row_without_an_address_shows_the_whole_row() -> None:
    assert people("email,name\n,Ann\n") == [(True, "Ann")]
    assert people("email,role\n,,\n") == []


def test_a_role_follows_its_address() -> None:
    text = f"{ANN}, viewer, {BOB}, PUBLISHER"
    assert people(text) == [(ANN, "", Role.VIEWER), (BOB, "", Role.PUBLISHER)]
    (entry,) = read(f"{ANN}; boss")
    assert (entry.email, entry.role, entry.given_role) == (ANN, None, "boss")


def test_what_is_no_address_is_shown_and_stops_no_other() -> None:
    text = f"nonsense, {ANN}, viewer, more nonsense; {BOB}\nann\nstraße@straße.de\nülk@example.com"
    found = people(text)
    assert found[:4] == [
        (True, "nonsense"),
        (ANN, "", Role.VIEWER),
        (True, "more nonsense"),
        *plain(BOB),
    ]
    assert found[4:] == [(True, "ann"), (True, "straße@straße.de"), (True, "ülk@example.com")]
    assert "plain letters before the @" in read("ülk@example.com")[0].problem


@pytest.mark.parametrize(
    "bad",
    [
        f"{ANN}\0",
        f"\u202e{ANN}",
        "ann@exam\u200bple.com",
        "ann@ex\u200fample.com",
        f"Ann\x1b[2J <{ANN}>",
        f"{'A' * 151} <{ANN}>",
        f"{'a' * 250}@example.com",
        f"<{ANN}",
        "a" * 100_000,
        '"\\' * 50_000,
        "<" * 100_000,
    ],
)
def test_hostile_lines_are_refused_alone(bad: str) -> None:
    first, second, third = read(f"{ANN}\n{bad}\n{BOB}")
    assert (first.email, third.email) == (ANN, BOB)
    assert second.problem
    assert second.email == ""
    assert len(second.given) <= SHOWN + 1


def test_a_line_end_in_quotes_ends_the_line() -> None:
    found = read(f'"Ann\r\nBcc: {BOB}" <{ANN}>')
    assert all("\n" not in entry.email + entry.name for entry in found)
    assert [entry.email for entry in found if not entry.problem] == [ANN]


def test_nobody_gives_a_role_that_may_do_more_than_their_own() -> None:
    publisher, admin = Member(role=Role.PUBLISHER), Member(role=Role.ADMIN)
    assert [may_give(publisher, role) for role in Role] == [True, True, True, False]
    assert all(may_give(admin, role) for role in Role)
    assert not may_give(admin, None)
