"""The pages about second factors, below `/accounts/2fa/`, under the names that allauth uses."""

from collections.abc import Callable

from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.urls import path

from admin_ui.accounts.factors import factor_views as views
from admin_ui.accounts.guard.confirmed import confirm_first


def _own(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return login_required(confirm_first(view))


urlpatterns = [
    path("", views.to_sign_in_section, name="mfa_index"),
    path("code/", views.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("app/add/", _own(views.NewAppView.as_view()), name="mfa_activate_totp"),
    path("app/remove/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", _own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/new/",
        _own(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", views.to_sign_in_section, name="mfa_list_webauthn"),
    path("passkeys/add/", _own(views.NewPasskeyView.as_view()), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        _own(views.RemovePasskeyView.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("passkeys/sign-in/", views.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
]
"""Renaming a passkey is not offered: removing one and adding another does the same."""

confirm_patterns = [
    path("", views.ConfirmByPasswordView.as_view(), name="account_reauthenticate"),
    path("code/", views.ConfirmByCodeView.as_view(), name="mfa_reauthenticate"),
    path("passkey/", views.ConfirmByPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"),
]
"""The pages on which a signed-in person proves who they are, below `/accounts/confirm/`."""
