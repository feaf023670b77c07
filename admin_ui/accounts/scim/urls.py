"""Addresses below `/scim/v2/`. The last pattern takes the rest, so that every answer is SCIM's."""

from django.urls import path, re_path

from admin_ui.accounts.scim import resources
from admin_ui.accounts.scim.endpoint import no_such_address, scim

app_name = "scim"
urlpatterns = [
    path("Users", resources.users, name="users"),
    path("Users/<str:pk>", resources.user, name="user"),
    path("Groups", resources.groups, name="groups"),
    path("Groups/<str:pk>", resources.group, name="group"),
    path("ServiceProviderConfig", resources.provider_config, name="provider_config"),
    path("ResourceTypes", resources.resource_types, name="resource_types"),
    path("ResourceTypes/<str:name>", resources.resource_types, name="resource_type"),
    path("Schemas", resources.schemas, name="schemas"),
    path("Schemas/<str:name>", resources.schemas, name="schema"),
    re_path(
        "",
        scim(
            GET=no_such_address,
            POST=no_such_address,
            PUT=no_such_address,
            PATCH=no_such_address,
            DELETE=no_such_address,
        ),
    ),
]
