"""Lists of people as mail programs and spreadsheets write them, read into entries.

A line holds one address or several: `a@b.example`, `Name <a@b.example>`, `a@b.example; editor`.
A first line that names columns makes it a table (CSV).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from unicodedata import category

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from admin_ui.accounts.forms import AddMemberForm
from admin_ui.accounts.invitations.several import Entry
from admin_ui.accounts.permissions import Role

MOST_PEOPLE = 200
MOST_LIST_BYTES = 100 * 1024
SHOWN = 80
"""Characters of a line that the result repeats."""
SEPARATORS = frozenset(",;\t")
EMAIL_HEADS = frozenset({"email", "e-mail", "email address", "e-mail address", "address", "mail"})
NAME_HEADS, ROLE_HEADS = frozenset({"name", "full name"}), frozenset({"role"})


@dataclass(frozen=True)
class Person:
    """A person in a list, as written."""

    number: int
    address: str
    name: str = ""
    role: str = ""


def split_list(text: str) -> list[Person]:
    """Return the people in a list; nothing is checked yet. Takes time in proportion to `text`."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = [(number, _cells(line)) for number, line in enumerate(lines, 1) if line.strip()]
    if rows and (columns := _columns(rows[0][1])):
        return [_by_column(number, cells, columns) for number, cells in rows[1:] if any(cells)]
    return [person for number, cells in rows for person in _in_line(number, cells)]


def read_person(person: Person, role: Role) -> Entry:
    """Return a person as the form for a single invitation would read them.

    `role` is for those without one.
    """
    name, address = _mailbox(person.address)
    name = " ".join((person.name or name).split())
    shown = person.address if len(person.address) <= SHOWN else f"{person.address[:SHOWN]}…"
    entry = Entry(person.number, shown, given_role=person.role[:SHOWN])
    fields = AddMemberForm.base_fields
    try:
        email = fields["email"].clean(address).lower()
        name = fields["name"].clean(name)
    except ValidationError as error:
        # Several rules may refuse it; the last one says the most about what looks like an address.
        return replace(entry, problem=error.messages[-1 if "@" in address else 0])
    if any(category(character) in ("Cc", "Cs") for character in name):
        return replace(entry, problem=_("The name has characters that cannot be shown."))
    return replace(entry, email=email, name=name, role=_role(person.role) if person.role else role)


def _cells(line: str) -> list[str]:
    """Split at commas, semicolons and tabs, but for those in quotes or angle brackets."""
    cells, start, is_quoted, is_angled = [], 0, False, False
    for place, character in enumerate(line):
        if character == '"':
            is_quoted = not is_quoted
        elif character in "<>" and not is_quoted:
            is_angled = character == "<"
        elif character in SEPARATORS and not (is_quoted or is_angled):
            cells.append(line[start:place])
            start = place + 1
    return [_unquoted(cell) for cell in (*cells, line[start:])]


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').replace('\\"', '"').strip()
    return text


def _columns(cells: list[str]) -> dict[str, int]:
    """Return where a table has its columns, by the line that names them; empty if none does."""
    heads = {"email": EMAIL_HEADS, "name": NAME_HEADS, "role": ROLE_HEADS}
    named = [cell.casefold() for cell in cells]
    found = {
        what: place
        for what, heads_of in heads.items()
        for place, cell in reversed(list(enumerate(named)))
        if cell in heads_of
    }
    return found if "email" in found else {}


def _by_column(number: int, cells: list[str], columns: dict[str, int]) -> Person:
    row = {what: cells[place] for what, place in columns.items() if place < len(cells)}
    # Without an address, the whole line shows what is wrong.
    address = row.get("email") or ", ".join(cell for cell in cells if cell)
    return Person(number, address, row.get("name", ""), row.get("role", ""))


def _in_line(number: int, cells: list[str]) -> Iterator[Person]:
    cells = [cell for cell in cells if cell]
    if len(cells) == 2 and "@" in cells[0] and "@" not in cells[1]:
        yield Person(number, cells[0], role=cells[1])
        return
    person, words = None, list[str]()
    for cell, following in zip_longest(cells, cells[1:], fillvalue=""):
        if "@" in cell:
            if person:
                yield person
            person, words = Person(number, cell, name=_name(words, cell)), []
        elif "<" in following and "@" in following:
            words.append(cell)  # `Doe, Jane <a@b.example>`, as some programs write it
        elif person and not person.role and _role(cell):
            person = replace(person, role=cell)
        else:
            if person:
                yield person
            yield Person(number, ", ".join((*words, cell)))
            person, words = None, []
    if person:
        yield person


def _name(words: list[str], cell: str) -> str:
    return ", ".join((*words, _mailbox(cell)[0])) if words else ""


def _mailbox(text: str) -> tuple[str, str]:
    """Return the name and the address of `Name <address>`."""
    if not text.endswith(">"):
        return "", text
    name, _angle, address = text[:-1].rpartition("<")
    return _unquoted(name), address.strip()


def _role(text: str) -> Role | None:
    """Return the role with this value or name on screen."""
    wanted = text.casefold()
    return next((role for role in Role if wanted in (role.value, role.label.casefold())), None)
