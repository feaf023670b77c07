"""The pages about second factors, below `/accounts/2fa/`, under the names that allauth uses."""

from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import path

from admin_ui.accounts.factors import factor_views as views

urlpatterns = [
    path("", views.to_sign_in_section, name="mfa_index"),
    path("code/", views.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("app/add/", login_required(views.NewAppView.as_view()), name="mfa_activate_totp"),
    path("app/remove/", login_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", login_required(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/new/",
        login_required(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", views.to_sign_in_section, name="mfa_list_webauthn"),
    path("passkeys/add/", login_required(views.NewPasskeyView.as_view()), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        login_required(views.RemovePasskeyView.as_view()),
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
