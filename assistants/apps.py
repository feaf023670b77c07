from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AssistantsConfig(AppConfig):
    name = "assistants"

    def ready(self) -> None:
        from admin_ui.accounts.guard.one_query import WAITING_WORK
        from admin_ui.accounts.keys.choosing import register_source
        from admin_ui.accounts.leaving.belongings import FORGETTERS, register_kind
        from admin_ui.accounts.team.member_pages import MEMBER_PAGES, MemberPage
        from admin_ui.accounts.workspaces.workspaces import BEGINNINGS
        from admin_ui.notices.spreading import AUDIENCES, RECEIVERS
        from assistants import triggers  # registers a system check, as the next does
        from assistants.selectors.assistants import WithRemoteId
        from assistants.selectors.change_requests.waiting import COUNT_WAITING
        from assistants.services import following
        from assistants.services.connections import environment  # noqa: F401
        from assistants.services.editing.left_drafts import Drafts
        from assistants.services.setup.first_start import give_registry
        from assistants.tasks.schedules import publish_approved
        from assistants.tasks.webhooks import tell_webhooks

        register_kind(Drafts())
        register_source(WithRemoteId())
        BEGINNINGS.append(give_registry)
        RECEIVERS.extend([tell_webhooks, publish_approved])
        FORGETTERS.append(following.forget_follows)
        AUDIENCES.append(following.followers)
        WAITING_WORK.append(COUNT_WAITING)
        MEMBER_PAGES.append(MemberPage(_("Limit"), "assistants:member_limits"))
        if settings.METRICS_TOKEN:
            from assistants.measured import measure

            measure()

        def install(using: str, **kwargs: Any) -> None:
            from django.db import connections

            connection = connections[using]
            if triggers.TABLES[0] in connection.introspection.table_names():
                triggers.install(connection)

        def remove(using: str, plan: Any, **kwargs: Any) -> None:
            """On SQLite, no column can go that a trigger reads. `install` makes them anew."""
            from django.db import connections

            if any(is_backwards for _migration, is_backwards in plan):
                triggers.remove(connections[using])

        pre_migrate.connect(remove, sender=self, weak=False, dispatch_uid="append-only")
        post_migrate.connect(install, sender=self, weak=False, dispatch_uid="append-only")
