"""The pages of allauth that we offer and those of an invitation, below `/accounts/`."""

from typing import Any

from allauth.account import views
from django.conf import settings
from django.urls import include, path, re_path

from admin_ui.accounts.domains import join_views
from admin_ui.accounts.domains.domains import is_any_domain_allowed
from admin_ui.accounts.factors import factor_urls
from admin_ui.accounts.identity import oidc_flow, saml_flow
from admin_ui.accounts.invitations import invitation_views
from admin_ui.accounts.selectors import has_owner, sends_mail
from admin_ui.accounts.signing_in.forgotten import ForgottenView
from admin_ui.accounts.signing_in.password_views import ChangePasswordView, PasswordByLinkView


class SignInView(views.LoginView):
    """Answers 429 where the limits of `admin_ui.audit.sign_in` refuse another try."""

    # A function in a context is called where the template names it, at each request.
    extra_context = {
        "has_owner": has_owner,
        "sso": lambda: settings,
        "can_join": lambda: sends_mail() and is_any_domain_allowed(),
    }

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)
        if wait := getattr(self.request, "sign_in_wait", 0):
            response.status_code = 429
            response["Retry-After"] = str(wait)
        return response


urlpatterns = [
    path("login/", SignInView.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("oidc/<str:provider_id>/", oidc_flow.oidc_sign_in, name="openid_connect_login"),
    path(
        "oidc/<str:provider_id>/callback/", oidc_flow.oidc_callback, name="openid_connect_callback"
    ),
    path("saml/<str:provider_id>/", saml_flow.saml_sign_in, name="saml_login"),
    path("saml/<str:provider_id>/answer/", saml_flow.saml_answer, name="saml_acs"),
    path("saml/<str:provider_id>/finish/", saml_flow.saml_finish, name="saml_finish_acs"),
    path("saml/<str:provider_id>/metadata/", saml_flow.saml_metadata, name="saml_metadata"),
    path("2fa/", include(factor_urls)),
    path("confirm/", include(factor_urls.confirm_patterns)),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("invitation/", invitation_views.invitation, name="invitation_form"),
    path("invitation/decline/", invitation_views.invitation_decline, name="invitation_decline"),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    path(
        "invitations/<int:pk>/accept/",
        invitation_views.answer_on_home,
        {"act": "accept"},
        name="invitation_accept",
    ),
    path(
        "invitations/<int:pk>/decline/",
        invitation_views.answer_on_home,
        {"act": "decline"},
        name="invitation_decline_on_home",
    ),
    path("join/", join_views.join_ask, name="join_ask"),
    path("join/sent/", join_views.join_sent, name="join_sent"),
    path("join/link/", join_views.join, name="join_form"),
    path("join/<str:token>/", join_views.join, name="join"),
    path("password/change/", ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", ForgottenView.as_view(), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        PasswordByLinkView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
