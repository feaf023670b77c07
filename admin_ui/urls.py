"""Every address of the site."""

from django.urls import include, path

from admin_ui import views
from admin_ui.accounts import views as people
from admin_ui.display import icons
from admin_ui.installation import health
from admin_ui.notices.mails.unsubscribing import unsubscribe
from admin_ui.request import reports
from assistants.registry import errors
from assistants.registry.endpoint import endpoint, handler
from assistants.views.erasing.erasures import erasures

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path(reports.ADDRESS[1:], reports.csp_report, name="csp_report"),
    path("icons-<str:digest>.svg", icons.sprite_view, name="icons"),
    path("", people.start_page, name="home"),
    path("setup/", people.setup, name="setup_form"),
    path("setup/<str:token>/", people.setup, name="setup"),
    path("accounts/", include("admin_ui.accounts.signing_in.urls")),
    path("account/", include("admin_ui.accounts.own.own_urls")),
    path("account/notices/", include("admin_ui.notices.urls")),
    path("notices/unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("people/erasures/", erasures, name="erasures"),
    path("people/", include("admin_ui.accounts.leaving.owners_urls")),
    path("w/<slug:ws>/", include("admin_ui.accounts.urls")),
    path("w/<slug:ws>/", include("assistants.urls")),
    path("api/", include("assistants.api.urls")),
    path("scim/v2/", include("admin_ui.accounts.scim.urls")),
    path("v1", endpoint()),
    path("v1/", include("assistants.registry.urls")),
]

handler400 = handler(errors.malformed_request, views.bad_request)
handler403 = views.forbidden
handler404 = views.not_found
handler500 = handler(errors.internal, views.server_error)
