"""What runs in the background: the recurring tasks of `settings.TIMETABLE`, and what they queue."""

from admin_ui.notices.mails.mail_tasks import mail_due
from admin_ui.notices.tasks import spread_due
from assistants.tasks.cleaning import clean_up
from assistants.tasks.connections import settle_due, sync_all, sync_connection, sync_soon
from assistants.tasks.forwarding import forward_audit
from assistants.tasks.lines import lines_due
from assistants.tasks.offers import offers_due
from assistants.tasks.older_changes import older_changes_due
from assistants.tasks.schedules import schedules_due
from assistants.tasks.signing import signing_due
from assistants.tasks.webhooks import webhooks_due

__all__ = [
    "clean_up",
    "forward_audit",
    "lines_due",
    "mail_due",
    "offers_due",
    "older_changes_due",
    "schedules_due",
    "settle_due",
    "signing_due",
    "spread_due",
    "sync_all",
    "sync_connection",
    "sync_soon",
    "webhooks_due",
]
