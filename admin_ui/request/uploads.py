"""The one address whose requests may be larger than forms: uploading a file."""

import re

from django.conf import settings
from django.http import HttpRequest

UPLOAD_PATH = re.compile(r"/w/[^/?]+/connections/[0-9]+/files/upload/")
FORM_AROUND_FILE = 64 * 1024
"""Bytes of an upload beside its file."""


def largest_body(path: str) -> int:
    """Return how many bytes a request to `path` may carry."""
    usual: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return max(usual, largest_upload()) if UPLOAD_PATH.fullmatch(path) else usual


def largest_upload() -> int:
    """Return the bytes of the largest upload, with its form."""
    size: int = settings.UPLOAD_MB * 1024 * 1024
    return size + FORM_AROUND_FILE


def carries_file(request: HttpRequest) -> bool:
    """Return whether the request is sent as an upload is, which Django writes to a file."""
    return request.content_type == "multipart/form-data"
