from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only
from admin_ui.tasks.status import report


@owners_only
@require_safe
def background_work(request: OwnerRequest) -> HttpResponse:
    """Show owners the queue, the recurring tasks and what failed."""
    found = report()
    context = {"report": found, "lacks_worker": found.workers == 0}
    return render(request, "tasks/background.html", context)
