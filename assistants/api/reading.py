"""Finding what a request is about, within the scope of its caller."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants import selectors
from assistants.api.auth import ApiCaller
from assistants.api.errors import ApiRefusal
from assistants.models import Assistant, Revision

Listed = TypeVar("Listed")
CallCheck = Callable[[HttpRequest], Any]


def caller_of(request: HttpRequest) -> ApiCaller:
    """Return who calls, as `endpoint.answering` found out."""
    assert hasattr(request, "caller")
    caller: ApiCaller = request.caller
    return caller


def member_of(request: HttpRequest) -> Member:
    """Return the member who calls."""
    return caller_of(request).member


def may(action: Action, *, within: bool = False, by_key: bool = False) -> CallCheck:
    """Return the check of an operation. It comes before the body is read, whose shape is nobody
    else's business: `NotAllowed` if the caller's role lacks `action`.

    Outside of single assistants, `within` the whole workspace, a key of chosen ones raises 403. So
    does a session where an operation is `by_key`: the pages ask people to confirm who they are.
    """

    def check(request: HttpRequest) -> ApiCaller:
        caller = caller_of(request)
        if not can(caller.member, action):
            raise NotAllowed(action)
        if within and caller.only:
            text = _("This key is limited to chosen assistants. Ask an admin for another one.")
            raise ApiRefusal(403, "out_of_scope", text)
        if by_key and caller.key is None:
            raise ApiRefusal(403, "not_by_session", _("People do this on the pages."))
        return caller

    return check


def may_use(action: Action) -> CallCheck:
    """Return the check of an operation on one assistant, as `may`: 404 if the caller has none."""
    allowed = may(action)

    def check(request: Any) -> Assistant:
        caller = allowed(request)
        assistant = selectors.get_assistant(
            caller.member.workspace, request.resolver_match.kwargs["pk"]
        )
        if not caller.may_use(assistant):
            raise Http404
        assistant.workspace = caller.member.workspace
        return assistant

    return check


def assistant_of(request: Any, pk: int) -> Assistant:
    """Return the assistant `pk`, which `may_use` has found."""
    assistant: Assistant = request.auth
    assert assistant.pk == pk
    return assistant


def live_number(assistant: Assistant) -> int:
    """Return the number of the revision that is live; 0 for none."""
    return assistant.live.number if assistant.live else 0


def tag(response: HttpResponse, number: int) -> None:
    """Put the number of a revision on an answer as its ETag."""
    response["ETag"] = f'"{number}"'


def matched(request: HttpRequest) -> int | None:
    """Return the revision that If-Match names; None without the header."""
    text = request.headers.get("If-Match")
    if text is None:
        return None
    number = text.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        told = _('If-Match takes the ETag of an answer, such as "12".')
        raise ApiRefusal(400, "wrong_if_match", told)
    return int(number)


def base_from(request: HttpRequest, assistant: Assistant, base: int | None) -> Revision | None:
    """Return the revision from which the caller began, by If-Match or by `base`; None for 0.

    Raises 412 if If-Match does not name what is live, 428 where both are missing.
    """
    number = matched(request)
    if number is not None and number != live_number(assistant):
        raise not_current(assistant)
    number = base if number is None else number
    if number is None:
        text = _("Say from which revision you began: in If-Match, or as base.")
        raise ApiRefusal(428, "base_required", text)
    if number == live_number(assistant):
        return assistant.live
    return selectors.get_revision(assistant, number) if number else None


def not_current(assistant: Assistant) -> ApiRefusal:
    text = _("Another revision is live than If-Match names. Read the assistant again.")
    tagged = {"ETag": f'"{live_number(assistant)}"'}
    return ApiRefusal(412, "not_current", text, headers=tagged)


def params_of(cursor: str, **filters: Any) -> dict[str, str]:
    """Return what a selector takes as a query string."""
    return {name: str(value) for name, value in {**filters, "after": cursor}.items() if value}


def page_of(rows: Iterable[Listed], older: str, show: Callable[[Listed], Any]) -> dict[str, Any]:
    """Return a page; `older` is the query string of the next one."""
    cursor = parse_qs(older.removeprefix("?")).get("after", [None])[0]
    return {"data": [show(row) for row in rows], "next": cursor}
