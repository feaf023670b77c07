"""Addresses below `/v1/`. The last pattern takes the rest, so that every answer is JSON."""

from django.urls import include, path, re_path

from assistants.registry import views
from assistants.registry.endpoint import endpoint

offered = [
    path(
        "assistants",
        endpoint(GET=views.list_assistants, POST=views.create_assistant, beta=True),
    ),
    path(
        "assistants/<str:assistant_id>",
        endpoint(
            GET=views.retrieve_assistant,
            POST=views.modify_assistant,
            DELETE=views.delete_assistant,
            beta=True,
        ),
    ),
    path("models", endpoint(GET=views.list_models)),
    path("models/<path:name>", endpoint(GET=views.retrieve_model)),
    path("changes", endpoint(GET=views.list_changes)),
]

urlpatterns = [
    *offered,
    path("openai/", include(offered)),  # where Azure's SDK looks below its endpoint
    re_path("", endpoint()),
]
