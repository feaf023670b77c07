"""The rows of the team list, as HTML."""

from collections.abc import Sequence
from functools import lru_cache

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import PROVEN_AMONG
from admin_ui.accounts.team.member_pages import MEMBER_PAGES
from admin_ui.display.isolation import isolated
from admin_ui.display.row_template import filled_row
from admin_ui.display.times import dated, days_ago


def member_rows(
    request: HttpRequest,
    slug: str,
    members: Sequence[Member],
    *,
    manages: bool,
    kept: int | None,
    focus: str,
) -> list[SafeString]:
    """Return the rows of `members` as HTML. `manages` says whether the reader may change them,
    `kept` is the key of the last admin, whose role stays, and `focus` that of the row whose roles
    get the focus. One query."""
    if not members:
        return []
    proven = set(PROVEN_AMONG(*(member.user_id for member in members)))
    pages = [(str(page.label), page.address) for page in MEMBER_PAGES]
    label, remove = _("Role of %(person)s"), (_("Remove"), "accounts:team_remove")
    reader, now, language = request.user.pk, timezone.now(), get_language()
    token = get_token(request) if manages else ""  # masked once, since that takes a while
    rows = []
    for member in members:
        user, who = member.user, isolated(member.user)
        is_own, changes = member.user_id == reader, manages and member.pk != kept
        linked = pages if manages and member.can_be_narrowed and not is_own else []
        texts = {
            "key": str(member.pk),
            "isolated_label": who,
            "email": user.email if user.name else "",
            "unproven": "" if member.user_id in proven else _unproven(user.vouched_by, language),
            "since": dated(member.created_at, now),
            "last_active": _last_active(user) if manages else "",
            "label": label % {"person": who},
            "token": token,
        }
        row = filled_row(
            "accounts/team/_member.html",
            texts,
            manages=manages,
            chips=_chips(member, language, is_own=is_own),
            role=_role_labels(language)[member.role],
            options=_options(member.role, language) if manages else "",
            change_role=_around_the_key("accounts:team_role", slug) if changes else None,
            links=tuple(
                (text, *_around_the_key(name, slug))
                for text, name in (*linked, *([remove] if changes else []))
            ),
            has_focus=texts["key"] == focus,
        )
        rows.append(row)
    return rows


def _chips(member: Member, language: str | None, *, is_own: bool) -> tuple[tuple[str, str], ...]:
    """Return the classes and labels of what is to be known about a member."""
    user, labels = member.user, _chip_labels(language)
    known = (is_own, member.is_narrowed, not user.is_active, not user.has_usable_password())
    return tuple(chip for chip, holds in zip(labels, known, strict=True) if holds)


# Translated once for all rows of all pages.


@lru_cache(maxsize=100)
def _chip_labels(_language: str | None) -> tuple[tuple[str, str], ...]:
    return (
        ("chip", _("You")),
        ("chip", _("Limited")),
        ("chip warning", _("Deactivated")),
        ("chip info", _("No password yet")),
    )


@lru_cache(maxsize=1_000)
def _unproven(vouched_by: str, _language: str | None) -> str:
    """Say that no mail has reached the owner of the account at its address."""
    if not vouched_by:
        return _("Address not confirmed")
    text = _("Address not confirmed; joined with a link from %(who)s")
    return text % {"who": isolated(vouched_by)}


def _last_active(user: User) -> SafeString:
    return days_ago(user.last_known_day) if user.last_known_day else SafeString("")


@lru_cache(maxsize=100)
def _role_labels(_language: str | None) -> dict[str, str]:
    return {value: str(label) for value, label in Role.choices}


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


@lru_cache(maxsize=1_000)
def _around_the_key(name: str, slug: str) -> tuple[str, str]:
    """Return an address before and after the key in it, since `reverse` for each row is slow."""
    before, _key, after = reverse(name, args=[slug, 0]).rpartition("/0/")
    return f"{before}/", f"/{after}"
