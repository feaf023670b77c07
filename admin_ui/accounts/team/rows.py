"""A line of the team list, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import PROVEN
from admin_ui.accounts.team.member_pages import MEMBER_PAGES
from admin_ui.display.isolation import isolated
from admin_ui.display.times import dated, days_ago


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with what an admin may do about them, as text and HTML: a row is prepared here,
    because the template is rendered for each of them."""

    key: str
    who: str
    email: str
    """"" where it is the name too."""
    chips: list[tuple[str, str]]
    """Classes and labels."""
    unproven: str
    """That no mail has reached the owner of the account at its address, if so."""
    since: SafeString
    last_active: SafeString
    role: str
    change_role: str
    """The address where another role is chosen; "" for a reader, and for the last admin."""
    label: str
    """Of the roles to choose from."""
    options: SafeString
    links: list[tuple[str, str]]
    """Labels and addresses of pages about the member."""


def member_rows(
    request: HttpRequest, slug: str, members: Sequence[Member], *, manages: bool, kept: int | None
) -> list[MemberRow]:
    """Return the rows of `members`. `manages` says whether the reader may change them; `kept` is
    the key of the last admin, whose role stays. One query."""
    people = PROVEN.filter(user__in=[member.user_id for member in members])
    proven = set(people.values_list("user_id", flat=True))
    labels = {value: str(label) for value, label in Role.choices}
    language = get_language()
    options = {role: _options(role, language) for role in labels} if manages else {}
    pages = [(str(page.label), page.address) for page in MEMBER_PAGES]
    label, remove = _("Role of %(person)s"), (_("Remove"), "accounts:team_remove")
    reader, now = request.user.pk, timezone.now()
    rows = []
    for member in members:
        user, key, who = member.user, str(member.pk), str(member.user)
        is_own, changes = member.user_id == reader, manages and member.pk != kept
        linked = pages if manages and member.can_be_narrowed and not is_own else []
        rows.append(
            MemberRow(
                key=key,
                who=who,
                email=user.email if user.name else "",
                chips=_chips(member, is_own=is_own),
                unproven="" if member.user_id in proven else _unproven(user),
                since=dated(member.created_at, now),
                last_active=_last_active(user) if manages else SafeString(""),
                role=labels[member.role],
                change_role=_address("accounts:team_role", slug, key) if changes else "",
                label=label % {"person": isolated(who)},
                options=options.get(member.role, SafeString("")),
                links=[
                    (text, _address(name, slug, key))
                    for text, name in (*linked, *([remove] if changes else []))
                ],
            )
        )
    return rows


def _chips(member: Member, *, is_own: bool) -> list[tuple[str, str]]:
    found = []
    if is_own:
        found.append(("chip", _("You")))
    if member.is_narrowed:
        found.append(("chip", _("Limited")))
    if not member.user.is_active:
        found.append(("chip warning", _("Deactivated")))
    if not member.user.has_usable_password():
        found.append(("chip info", _("No password yet")))
    return found


def _unproven(user: User) -> str:
    if not user.vouched_by:
        return _("Address not confirmed")
    text = _("Address not confirmed; joined with a link from %(who)s")
    return text % {"who": isolated(user.vouched_by)}


def _last_active(user: User) -> SafeString:
    return days_ago(user.last_known_day) if user.last_known_day else SafeString("")


def csrf_input(request: HttpRequest) -> SafeString:
    """Return what each form of the list holds. Masking the token anew for each takes longer."""
    tag = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return format_html(tag, get_token(request))


@lru_cache(maxsize=100)  # they are the same for all who have a role
def _options(chosen: str, _language: str | None) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if value == chosen else ""), label)
            for value, label in Role.choices
        ),
    )


def _address(name: str, slug: str, key: str) -> str:
    before, after = _around_the_key(name, slug)
    return f"{before}{key}{after}"


@lru_cache(maxsize=1_000)
def _around_the_key(name: str, slug: str) -> tuple[str, str]:
    """Return an address before and after the key in it, since `reverse` for each row is slow."""
    before, _key, after = reverse(name, args=[slug, 0]).rpartition("/0/")
    return f"{before}/", f"/{after}"
