"""The product's settings, with static files straight from their folders."""

from admin_ui.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
LOGGING["loggers"]["django.request"] = {"level": LOG_LEVEL}  # noqa: F405  # a conflict is no news
