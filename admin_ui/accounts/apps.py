from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "admin_ui.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from admin_ui.accounts.links import link_used

        def chosen(user: Any, **_kwargs: Any) -> None:
            link_used(user)

        password_reset.connect(chosen, weak=False, dispatch_uid="password-by-link")
