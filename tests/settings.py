"""Settings for the tests: those of the product with fast hashing and plain static files."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="assistants-admin-tests-"))

from admin_ui.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Tasks run at once, where they are queued. Tests of the worker turn the queue on.
TASKS["default"]["BACKEND"] = "django_tasks.backends.immediate.ImmediateBackend"  # noqa: F405

# Tests run more writers in one process than a server has threads.
WEB_THREADS = 32

# Static files straight from their folders: nothing needs to be collected first.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

_database = DATABASES["default"]  # noqa: F405
if _database["ENGINE"].endswith("sqlite3"):
    # A file, so that threads have connections of their own and meet real locks.
    _database["OPTIONS"].pop("database", None)  # it names the product's file, not that of the tests
    _database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}  # noqa: F405
    # No test cuts the power: nothing has to reach the disk.
    _database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    _database["OPTIONS"]["options"] += " -c synchronous_commit=off"
