from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "admin_ui.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset
        from django.contrib.auth.signals import user_logged_in

        from admin_ui.accounts.guard.active_days import signed_in
        from admin_ui.accounts.signing_in.links import link_used
        from admin_ui.accounts.signing_in.new_password import password_was_changed

        def chosen(user: Any, **_kwargs: Any) -> None:
            link_used(user)

        def changed(user: Any, **_kwargs: Any) -> None:
            password_was_changed(user)

        password_changed.connect(changed, weak=False, dispatch_uid="password-changed")
        password_reset.connect(chosen, weak=False, dispatch_uid="password-by-link")

        user_logged_in.connect(signed_in, dispatch_uid="active-today")

        from allauth.account.signals import authentication_step_completed
        from allauth.mfa import signals as factors

        from admin_ui.accounts.factors import factor_events as events
        from admin_ui.accounts.guard.confirming import note_confirmation, note_sign_in
        from admin_ui.accounts.guard.open_sessions import session_began
        from admin_ui.accounts.identity import checks  # noqa: F401  # registers the check

        user_logged_in.connect(note_sign_in, dispatch_uid="confirmed-by-sign-in")
        user_logged_in.connect(session_began, dispatch_uid="session-began")
        authentication_step_completed.connect(note_confirmation, dispatch_uid="confirmed")
        factors.authenticator_added.connect(events.factor_added, dispatch_uid="factor-added")
        factors.authenticator_removed.connect(events.factor_removed, dispatch_uid="factor-removed")
        factors.authenticator_reset.connect(events.codes_made, dispatch_uid="codes-made")
        factors.authenticator_used.connect(events.factor_used, dispatch_uid="factor-used")

        from admin_ui.accounts.leaving.belongings import register_kind
        from admin_ui.accounts.leaving.left_behind import Invitations, Keys

        register_kind(Keys())
        register_kind(Invitations())
