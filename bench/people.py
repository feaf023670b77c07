"""Thousands of members, and a long audit log, made by the database.

The events hold no digests that fit, so `verify_audit` rejects them.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.audit.models import AuditChain, AuditEvent, EventKind
from bench.data import SLUG

MEMBERS = 5_000
EVENTS = 1_000_000
KINDS = (EventKind.SIGN_IN, EventKind.ROLE, EventKind.KEY_CREATED, EventKind.LEFT)
"""In turn; the last is the kind that a row filters by."""
MOMENTS = {
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', '2016-01-01', '+' || (i * 300) || ' seconds')",
    "postgresql": "timestamptz '2016-01-01' + i * interval '300 seconds'",
}
"""Of event `i`: one each five minutes, until the middle of 2025."""
NO_DETAILS = {"sqlite": "'{}'", "postgresql": "'{}'::jsonb"}


@transaction.atomic
def fill_people() -> str:
    """Add the members and the events; returns what was done, for the head of the table."""
    workspace = Workspace.objects.get(slug=SLUG)
    users = User.objects.bulk_create(
        User(email=f"person{number:05}@example.org", name=f"Person {number:05}", password="!")
        for number in range(MEMBERS)
    )
    now = timezone.now()
    Member.objects.bulk_create(
        Member(
            workspace=workspace,
            user=user,
            role=Role.EDITOR,
            created_at=now - timedelta(hours=hours),
        )
        for hours, user in enumerate(users)
    )
    last = AuditEvent.objects.filter(chain=workspace.pk).aggregate(last=Max("number"))["last"]
    kinds = " ".join(f"WHEN {place} THEN '{kind.value}'" for place, kind in enumerate(KINDS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO audit_auditevent
                (workspace_id, chain, number, at, kind, actor_name, about, details, address,
                previous_digest, digest)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
            SELECT %s, %s, %s + i, {MOMENTS[connection.vendor]},
                CASE i %% {len(KINDS)} {kinds} END,
                'person' || (i %% {MEMBERS}) || '@example.org',
                'person' || (i * 7 %% {MEMBERS}) || '@example.org',
                {NO_DETAILS[connection.vendor]}, '192.0.2.7', '', ''
            FROM n
            """,
            [EVENTS, workspace.pk, workspace.pk, last or 0],
        )
        cursor.execute("ANALYZE")
    end = {"last_number": (last or 0) + EVENTS}
    AuditChain.objects.update_or_create(chain=workspace.pk, defaults=end)
    return f"{MEMBERS:,} members and {EVENTS:,} security events more, made by the database."
