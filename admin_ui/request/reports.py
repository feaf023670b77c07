"""Takes what browsers report about the content policy, and logs it without what people own."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from admin_ui.request.budget import TokenBuckets, of_one_process
from admin_ui.request.posted import content_length

logger = logging.getLogger(__name__)

ADDRESS = "/csp/"
LARGEST_REPORT = 16_384
"""Bytes; a browser cuts the sample in it to 40 characters."""
REPORTS_PER_MINUTE = 60.0
"""Anybody may send one, so all browsers together share this."""
REPORTS = TokenBuckets(lambda: of_one_process(REPORTS_PER_MINUTE))


@csrf_exempt  # a browser sends it without a token
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a page was not allowed to do: 204, or 400, 413 or 429 for what is not looked at."""
    if content_length(request) > LARGEST_REPORT:
        return HttpResponse(status=413)
    if refusal := REPORTS.take("all"):
        if refusal.count:
            logger.warning("%s reports of browsers were not logged", refusal.count)
        return HttpResponse(status=429, headers={"Retry-After": str(int(refusal.seconds) + 1)})
    try:
        report = json.loads(request.body)["csp-report"]
        directive = str(report["violated-directive"]).partition(" ")[0][:40]
        blocked = _source(str(report.get("blocked-uri", "")))
        page = _page(str(report.get("document-uri", "")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    logger.warning("The content policy stopped %s of %s on page %s", directive, blocked, page)
    return HttpResponse(status=204)


def _page(address: str) -> str:
    """Return the name of a page; its address may hold a link that gives access."""
    try:
        found: Any = resolve(urlsplit(address).path)
    except Resolver404:
        return "unknown"
    return str(found.view_name if found.url_name else found.route)


def _source(address: str) -> str:
    """Return the site of an address, or the word that a report has instead, such as `inline`."""
    parts = urlsplit(address)
    return (f"{parts.scheme}://{parts.hostname}" if parts.hostname else parts.path)[:100] or "-"
