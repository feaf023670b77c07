"""When recurring tasks run, unless `TIMETABLE` says something else."""

USUAL_TIMES = {
    "settle_due": "60",
    "spread_due": "60",
    "mail_due": "300",
    "schedules_due": "15",
    "webhooks_due": "30",
    "sync_all": "900",
    "offers_due": "3600",
    "lines_due": "600",
    "older_changes_due": "600",
    "signing_due": "3600",
    "clean_up": "03:00",
}
