"""Reads a session, its user, and the user's member in a workspace, in one query.

The statement is built once: building four queries in the ORM costs more than running them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

from admin_ui.accounts.models import Member, Stash, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.notices.models import Happening, Notice

MOST_NOTICES_COUNTED = 100
"""Unread notices that a page counts; it shows more as “99+”."""
MOST_ABOUT_A_PAGE = 200
"""Happenings of which opening their page marks the notices as read, the latest ones. With this
limit the query begins with them, and not with all that the person has not read."""


WAITING_WORK: list[str] = []
"""SQL that counts what waits for user `u` in workspace `w`, registered by other apps."""


@dataclass(frozen=True)
class Visit:
    """A session's encoded data, a user, and their member in a workspace, if they may open it."""

    session_data: str
    user: User
    member: Member | None
    has_notices_here: bool
    """Whether an unread notice of the user leads to the page."""


def read_visit(*, session_key: str, user_id: int, slug: str, path: str = "") -> Visit | None:
    """Return the session if it has not expired, with user `user_id`; None if either is missing.

    The caller finds out from the session whether it is this user's. The member is the one in
    workspace `slug` ("" for none), as `find_member` returns it. `path` is the page.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [user_id, path, user_id, slug, session_key, now])
        row = cursor.fetchone()
    if row is None:
        return None
    session_data, has_others, has_copies, has_factor, unread, here, waiting, *values = row
    remaining = iter(values)
    user, workspace, member = (_instance(model, remaining) for model in (User, Workspace, Member))
    user.may_have_copies, user.has_second_factor = bool(has_copies), bool(has_factor)
    user.unread_notices = unread
    if workspace is None or (member is None and not user.is_owner):
        return Visit(session_data, user, None, bool(here))
    member = member_in(workspace, user, member or Member(), has_others=bool(has_others))
    member.waiting_reviews = waiting
    return Visit(session_data, user, member, bool(here))


def member_in(workspace: Workspace, user: User, member: Member, *, has_others: bool) -> Member:
    """Return `member`, a row or a new one for an owner, as what `user` is in `workspace`."""
    member.user, member.workspace, member.has_others = user, workspace, has_others
    if user.is_owner:
        member.role, member.is_narrowed = Role.ADMIN, False
    return member


@cache
def _statement() -> str:
    name = connection.ops.quote_name
    columns = ", ".join(
        f"{alias}.{name(str(field.column))}"
        for alias, model in (("u", User), ("w", Workspace), ("m", Member))
        for field in model._meta.concrete_fields
    )
    session, user, workspace, member, stash, factor, notice, happening = (
        name(model._meta.db_table)
        for model in (Session, User, Workspace, Member, Stash, Authenticator, Notice, Happening)
    )
    codes = Authenticator.Type.RECOVERY_CODES.value
    return f"""
        SELECT s.session_data,
            CASE WHEN u.is_owner
                THEN EXISTS (
                    SELECT 1 FROM {workspace} o WHERE o.id <> w.id AND o.archived_at IS NULL
                )
                ELSE EXISTS (
                    SELECT 1 FROM {member} o JOIN {workspace} p ON p.id = o.workspace_id
                    WHERE o.user_id = u.id AND p.id <> w.id AND p.archived_at IS NULL
                )
            END,
            EXISTS (SELECT 1 FROM {stash} o WHERE o.user_id = u.id),
            EXISTS (SELECT 1 FROM {factor} o WHERE o.user_id = u.id AND o.type <> '{codes}'),
            (SELECT count(*) FROM (
                SELECT 1 FROM {notice} o WHERE o.user_id = %s AND o.read_at IS NULL
                LIMIT {MOST_NOTICES_COUNTED}
            ) AS unread),
            EXISTS (
                SELECT 1 FROM (
                    SELECT h.id FROM {happening} h WHERE h.path = %s
                    ORDER BY h.id DESC LIMIT {MOST_ABOUT_A_PAGE}
                ) AS here
                WHERE (
                    SELECT o.id FROM {notice} o
                    WHERE o.happening_id = here.id AND o.user_id = u.id AND o.read_at IS NULL
                ) IS NOT NULL
            ),
            {" + ".join(WAITING_WORK) or "0"},
            {columns}
        FROM {session} s
        JOIN {user} u ON u.id = %s
        LEFT JOIN {workspace} w ON w.slug = %s AND w.archived_at IS NULL
        LEFT JOIN {member} m ON m.workspace_id = w.id AND m.user_id = u.id
        WHERE s.session_key = %s AND s.expire_date > %s
    """  # noqa: S608  # only names of our tables and columns


@cache
def _converters(model: type[Model]) -> list[tuple[str, Any, list[Callable[..., Any]]]]:
    """Return each field's name and column, and what makes its value of what the database gave."""
    fields: tuple[Field[Any, Any], ...] = model._meta.concrete_fields
    return [
        (str(field.attname), field.cached_col, connection.ops.get_db_converters(field.cached_col))
        for field in fields
    ]


def _instance(model: type[Model], values: Iterator[Any]) -> Any:
    """Return an instance of the next values, as the ORM makes it; None for an empty outer join."""
    fields = _converters(model)
    names, converted = [], []
    for (name, column, converters), value in zip(fields, islice(values, len(fields)), strict=True):
        for convert in converters:
            value = convert(value, column, connection)  # noqa: PLW2901
        names.append(name)
        converted.append(value)
    return None if converted[0] is None else model.from_db(connection.alias, names, converted)
