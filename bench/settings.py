"""The product's settings with the counted registry and plain logging; see `bench.data`."""

from admin_ui.settings import *  # noqa: F403

REGISTRY_APPLICATION = "bench.timing.application_for"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
