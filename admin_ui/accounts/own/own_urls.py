"""The pages about one's own account, below `/account/`."""

from django.urls import path

from admin_ui.accounts.own import own_views as views
from admin_ui.accounts.own import session_views
from admin_ui.accounts.workspaces.workspace_views import switcher

app_name = "own"
urlpatterns = [
    path("workspaces/", switcher, name="workspaces"),
    path("", views.account, name="account"),
    path("sessions/end/", session_views.session_end, name="end_session"),
    path("sessions/end-others/", session_views.sessions_end, name="end_others"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("steps/hide/", views.steps_hide, name="hide_steps"),
    path("choose/", views.choose, name="choose"),
]
