"""Members count once they have accepted: those who never could sign in become invitations.

No mail has proven any address so far, so none is verified. It is asked for again only to join
another workspace.
"""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

UNUSABLE = "!"
"""Django begins the password of somebody who has none with this."""


def forwards(apps, schema_editor):
    members = apps.get_model("accounts", "Member").objects
    invitations = apps.get_model("accounts", "Invitation").objects
    now = timezone.now()
    waiting = members.filter(user__password__startswith=UNUSABLE, user__is_owner=False)
    for member in waiting.select_related("user").order_by("pk"):
        invitations.create(
            workspace_id=member.workspace_id,
            email=member.user.email,
            name=member.user.name,
            role=member.role,
            created_at=member.created_at,
            expires_at=now + timedelta(days=7),
        )
    waiting.delete()
    apps.get_model("account", "EmailAddress").objects.filter(verified=True).update(verified=False)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
