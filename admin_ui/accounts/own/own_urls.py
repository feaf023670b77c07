"""The pages about one's own account, below `/account/`."""

from django.urls import path

from admin_ui.accounts.own import own_views as views
from admin_ui.accounts.workspaces.workspace_views import switcher

app_name = "own"
urlpatterns = [
    path("workspaces/", switcher, name="workspaces"),
    path("", views.account, name="account"),
    path("steps/hide/", views.steps_hide, name="hide_steps"),
    path("choose/", views.choose, name="choose"),
]
