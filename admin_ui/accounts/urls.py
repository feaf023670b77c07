"""The pages about people and keys, below `/w/<ws>/`."""

from django.urls import path

from admin_ui.accounts import views
from admin_ui.accounts.invitations import invitation_views, several_views
from admin_ui.accounts.keys import key_views
from admin_ui.accounts.leaving import leaving_views
from admin_ui.accounts.service_accounts import service_views
from admin_ui.accounts.team import role_views
from admin_ui.accounts.workspaces import workspace_views
from admin_ui.audit.log.views import workspace_log

app_name = "accounts"
urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/add/", invitation_views.team_add, name="team_add"),
    path("team/invite/", several_views.team_invite, name="team_invite"),
    path("team/<int:pk>/role/", role_views.team_role, name="team_role"),
    path(
        "team/invitations/<int:pk>/again/",
        invitation_views.invitation_again,
        name="invitation_again",
    ),
    path(
        "team/invitations/<int:pk>/revoke/",
        invitation_views.invitation_revoke,
        name="invitation_revoke",
    ),
    path("team/<int:pk>/remove/", leaving_views.team_remove, name="team_remove"),
    path("keys/", key_views.keys, name="keys"),
    path("keys/assistants/", key_views.key_assistants, name="key_assistants"),
    path("keys/<int:pk>/replace/", key_views.key_replace, name="key_replace"),
    path("keys/<int:pk>/revoke/", key_views.key_revoke, name="key_revoke"),
    path("service-accounts/", service_views.service_accounts, name="service_accounts"),
    path("service-accounts/<int:pk>/", service_views.service_account, name="service_account"),
    path(
        "service-accounts/<int:pk>/change/",
        service_views.service_account_change,
        name="service_account_change",
    ),
    path(
        "service-accounts/<int:pk>/active/",
        service_views.service_account_active,
        name="service_account_active",
    ),
    path(
        "service-accounts/<int:pk>/delete/",
        service_views.service_account_delete,
        name="service_account_delete",
    ),
    path("audit/", workspace_log, name="audit"),
    path("settings/", workspace_views.workspace_settings, name="settings"),
]
