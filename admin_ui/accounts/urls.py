"""The pages about people and keys, below `/w/<ws>/`."""

from django.urls import path

from admin_ui.accounts import views
from admin_ui.accounts.invitations import invitation_views, several_views
from admin_ui.accounts.keys import key_views
from admin_ui.accounts.leaving import leaving_views
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
    path("audit/", workspace_log, name="audit"),
    path("settings/", workspace_views.workspace_settings, name="settings"),
]
