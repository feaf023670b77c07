"""The product's settings, with static files straight from their folders."""

from admin_ui.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
LOGGING["loggers"]["django.request"] = {  # noqa: F405
    "level": LOG_LEVEL,  # noqa: F405  # a conflict is no news
    "filters": ["not_the_gateway"],
}
LOGGING["filters"]["not_the_gateway"] = {  # noqa: F405  # nor is a gateway that fails
    "()": "django.utils.log.CallbackFilter",
    "callback": lambda record: getattr(record, "status_code", 0) not in (502, 503),
}
