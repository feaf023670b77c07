from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InstallationConfig(AppConfig):
    name = "admin_ui.installation"
    label = "installation"

    def ready(self) -> None:
        from admin_ui.installation import fitness  # noqa: F401  # registers a system check
        from admin_ui.installation.existence import watch_files
        from admin_ui.installation.models import Release
        from admin_ui.installation.release import note_release

        watch_files()

        def note(using: str, **_kwargs: Any) -> None:
            from django.db import connections

            if Release._meta.db_table in connections[using].introspection.table_names():
                note_release(using)

        post_migrate.connect(note, sender=self, weak=False, dispatch_uid="note-release")
