"""The pages about people and keys, below `/w/<ws>/`."""

from django.urls import path

from admin_ui.accounts import leaving_views, views

app_name = "accounts"
urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/add/", views.team_add, name="team_add"),
    path("team/<int:pk>/role/", views.team_role, name="team_role"),
    path("team/<int:pk>/link/", views.team_link, name="team_link"),
    path("team/<int:pk>/remove/", leaving_views.team_remove, name="team_remove"),
    path("keys/", views.keys, name="keys"),
    path("keys/<int:pk>/revoke/", views.key_revoke, name="key_revoke"),
]
