"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admin_ui.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as Django does; HEAD gets no body, which gunicorn would drop with a warning."""
    response = _django(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return response
    response.close()
    return ()
