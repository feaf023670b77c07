"""A line of the team list, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import PROVEN
from admin_ui.accounts.team.member_pages import MEMBER_PAGES


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with what an admin may do about them."""

    person: Member
    who: str
    is_proven: bool
    """Whether a mail has reached the owner of the account at its address."""
    change_role: str
    """The address where another role is chosen; "" for a reader, and for the last admin."""
    options: SafeString
    """The roles to choose from, as HTML."""
    links: list[tuple[str, str]]
    """Labels and addresses of pages about the member."""
    remove: str


def member_rows(
    request: HttpRequest, slug: str, members: Sequence[Member], *, manages: bool, kept: int | None
) -> list[MemberRow]:
    """Return the rows of `members`. `manages` says whether the reader may change them; `kept` is
    the key of the last admin, whose role stays. One query."""
    people = PROVEN.filter(user__in=[member.user_id for member in members])
    proven = set(people.values_list("user_id", flat=True))
    options = {role: _options(role) for role in Role.values} if manages else {}
    rows = []
    for member in members:
        changes = manages and member.pk != kept
        limited = manages and member.can_be_narrowed and member.user_id != request.user.pk
        rows.append(
            MemberRow(
                person=member,
                who=str(member.user),
                is_proven=member.user_id in proven,
                change_role=_address("accounts:team_role", slug, member.pk) if changes else "",
                options=options.get(member.role, SafeString("")),
                links=[
                    (str(page.label), _address(page.address, slug, member.pk))
                    for page in (MEMBER_PAGES if limited else ())
                ],
                remove=_address("accounts:team_remove", slug, member.pk) if changes else "",
            )
        )
    return rows


def csrf_input(request: HttpRequest) -> SafeString:
    """Return what each form of the list holds. Masking the token anew for each takes longer."""
    tag = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return format_html(tag, get_token(request))


def _options(chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if value == chosen else ""), label)
            for value, label in Role.choices
        ),
    )


def _address(name: str, slug: str, pk: int) -> str:
    before, after = _around_the_key(name, slug)
    return f"{before}{pk}{after}"


@lru_cache(maxsize=1_000)
def _around_the_key(name: str, slug: str) -> tuple[str, str]:
    """Return an address before and after the key in it, since `reverse` for each row is slow."""
    before, _key, after = reverse(name, args=[slug, 0]).rpartition("/0/")
    return f"{before}/", f"/{after}"
