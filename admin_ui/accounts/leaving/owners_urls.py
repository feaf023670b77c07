"""The pages for owners about all accounts, below `/people/`."""

from django.urls import path

from admin_ui.accounts.leaving import owners_views as views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("<int:pk>/owner/", views.promote, name="promote"),
    path("<int:pk>/demote/", views.demote, name="demote"),
]
