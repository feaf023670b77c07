"""Whether the reader came by the address that links of the dashboard begin with."""

from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Library

register = Library()


@register.simple_tag(takes_context=True)
def other_address(context: Context) -> str:
    """Return `SITE_URL` where the reader came by another host; else the empty string."""
    request = context.get("request")
    if request is None or request.get_host() == urlsplit(settings.SITE_URL).netloc:
        return ""
    return str(settings.SITE_URL)
