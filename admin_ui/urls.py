"""Every address of the site."""

from django.urls import include, path

from admin_ui import icons, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("icons-<str:digest>.svg", icons.sprite_view, name="icons"),
    path("accounts/", include("admin_ui.accounts.sign_in_urls")),
    path("v1/", include("assistants.registry.urls")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
