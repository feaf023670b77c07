"""The pages for owners about all accounts, below `/people/`."""

from django.urls import path

from admin_ui.accounts.directories import pages
from admin_ui.accounts.domains import domain_views
from admin_ui.accounts.factors.reset_views import person_reset_factors
from admin_ui.accounts.leaving import owners_views as views
from admin_ui.accounts.workspaces import workspace_views
from admin_ui.audit.log.views import instance_log
from admin_ui.tasks.views import background_work

app_name = "people"
urlpatterns = [
    path("background/", background_work, name="background"),
    path("audit/", instance_log, name="audit"),
    path("workspaces/", workspace_views.workspace_list, name="workspaces"),
    path(
        "workspaces/<int:pk>/archive/", workspace_views.workspace_archive, name="workspace_archive"
    ),
    path("workspaces/<int:pk>/reopen/", workspace_views.workspace_reopen, name="workspace_reopen"),
    path("domains/", domain_views.domains, name="domains"),
    path("domains/<int:pk>/withdraw/", domain_views.domain_withdraw, name="domain_withdraw"),
    path("directories/", pages.directories, name="directories"),
    path("directories/<int:pk>/", pages.directory, name="directory"),
    path("directories/<int:pk>/token/", pages.directory_token, name="directory_token"),
    path("directories/<int:pk>/end/", pages.directory_end, name="directory_end"),
    path("directories/<int:pk>/group/", pages.directory_group, name="directory_group"),
    path("", views.people_list, name="list"),
    path("<int:pk>/deactivate/", views.person_deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", views.person_reactivate, name="reactivate"),
    path("<int:pk>/factors/", person_reset_factors, name="reset_factors"),
    path("<int:pk>/owner/", views.person_promote, name="promote"),
    path("<int:pk>/demote/", views.person_demote, name="demote"),
]
