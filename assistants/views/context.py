"""Template context of every page inside a workspace."""

from django.http import HttpRequest

from assistants.selectors.addresses import WorkspacePages


def workspace_pages(request: HttpRequest) -> dict[str, WorkspacePages]:
    """Return `workspace_pages`, the addresses of the workspace's pages, where it is known."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    return {"workspace_pages": WorkspacePages.of(member.workspace.slug)}
