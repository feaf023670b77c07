"""The signed roots of a workspace."""

from collections.abc import Mapping

from django.shortcuts import get_object_or_404

from admin_ui.accounts.models import Workspace
from admin_ui.paging import Order, ResultPage, page
from assistants.models import SignedRoot

ROOTS_A_PAGE = 50
NEWEST_ROOTS_FIRST = Order(("number",))


def roots_of(workspace: Workspace, params: Mapping[str, str]) -> ResultPage[SignedRoot]:
    """Return a page of roots, the newest first. One query."""
    rows = SignedRoot.objects.filter(workspace=workspace).defer("peaks")
    return page(rows, NEWEST_ROOTS_FIRST, params, size=ROOTS_A_PAGE)


def get_root(workspace: Workspace, number: int) -> SignedRoot:
    """Return a root, or answer 404."""
    return get_object_or_404(SignedRoot, workspace=workspace, number=number)
