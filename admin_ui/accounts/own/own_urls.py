"""The pages about one's own account, below `/account/`."""

from django.urls import path

from admin_ui.accounts.own import own_views as views

app_name = "own"
urlpatterns = [
    path("choose/", views.choose, name="choose"),
]
