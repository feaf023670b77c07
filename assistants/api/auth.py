"""Who calls the API: a service account with a key, or a person who is signed in."""

import logging
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from admin_ui.accounts.factors.factor_required import check_factor
from admin_ui.accounts.guard.access import find_member
from admin_ui.accounts.keys.key_use import KEY_USES
from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.keys.networks import is_within
from admin_ui.accounts.models import ApiKey, Member
from admin_ui.request.address import client_address
from assistants.api import budgets
from assistants.api.errors import ApiRefusal
from assistants.models import Assistant

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ApiCaller:
    """The member who calls, and the key with which a service account does."""

    member: Member
    key: ApiKey | None = None

    @property
    def who(self) -> str:
        """Name the caller among all callers, for budgets and kept answers."""
        return budgets.name_of_key(self.key.digest) if self.key else f"user {self.member.user_id}"

    @property
    def only(self) -> list[str]:
        """The remote IDs of the assistants that the key is limited to; empty for all."""
        return self.key.assistant_ids.split() if self.key else []

    def may_use(self, assistant: Assistant) -> bool:
        return not self.only or assistant.remote_id in self.only


class CallerRequest(HttpRequest):
    """A request whose caller is known."""

    caller: ApiCaller


def identify_caller(request: HttpRequest, slug: str) -> ApiCaller:
    """Return who calls, and let them be the user of the request.

    Raises `ApiRefusal` for a missing or wrong key, 404 for a workspace that is not the caller's.
    """
    scheme, _sep, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        caller = _by_key(request, secret.strip())
        if caller.member.workspace.slug != slug:
            raise Http404
        return caller
    user: Any = request.user
    if scheme or not user.is_authenticated:
        raise _no_key()
    if request.method not in budgets.SAFE_METHODS and check_csrf(request):
        text = _("Send the CSRF token of the session as X-CSRFToken, or a key.")
        raise ApiRefusal(403, "csrf", text)
    caller = ApiCaller(find_member(user=user, slug=slug))
    check_factor(request, caller.member.role)
    budgets.spend_call(caller.who, request)
    return caller


def _by_key(request: HttpRequest, secret: str) -> ApiCaller:
    budgets.may_try_key(secret, request)
    key = find_api_key(secret, opens=ApiKey.Opens.API)
    rows = Member.objects.select_related("user", "workspace")
    rows = rows.filter(user__is_service=True)
    member = rows.filter(user=key.service_id, workspace=key.workspace_id).first() if key else None
    if key is None or member is None:
        budgets.count_wrong(request)
        raise _wrong_key()
    budgets.spend_call(budgets.name_of_key(key.digest), request)
    address = client_address(request)
    if key.networks and not is_within(address, key.networks.split()):
        logger.warning("The API key %s was refused from %s.", key.prefix, address or "nowhere")
        raise ApiRefusal(401, "wrong_network", _("This key may not be used from your address."))
    KEY_USES.note(key, address)
    request.user = member.user
    return ApiCaller(member, key)


def _no_key() -> ApiRefusal:
    text = _("Send a key of a service account: Authorization: Bearer sa_…")
    return ApiRefusal(401, "no_key", text, headers={"WWW-Authenticate": "Bearer"})


def _wrong_key() -> ApiRefusal:
    text = _("This key does not open the JSON API. Ask an admin for a key of a service account.")
    return ApiRefusal(401, "wrong_key", text, headers={"WWW-Authenticate": "Bearer"})
