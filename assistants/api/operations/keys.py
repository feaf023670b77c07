"""The API keys of the workspace."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja import Status as Answer

from admin_ui.accounts import selectors as people
from admin_ui.accounts import services
from admin_ui.accounts.keys.keys import KeyLimits
from admin_ui.accounts.keys.networks import read_networks
from admin_ui.accounts.models import ApiKey, User
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.service_accounts.service_accounts import get_service_account
from admin_ui.paging import Order, page
from assistants.api.errors import ApiRefusal
from assistants.api.reading import caller_of, may, member_of, page_of, params_of
from assistants.api.shapes import Filter, KeyIn, KeyOut, NewKeyOut, Page

router = Router()
KEYS_BY_AGE = Order(("pk",))
KEYS_A_PAGE = 100
BY_KEY = may(Action.MANAGE_KEYS, within=True, by_key=True)


@router.get("keys", auth=may(Action.MANAGE_KEYS, within=True), response=Page[KeyOut])
def keys_list(request: HttpRequest, cursor: Filter = "") -> Any:
    """List API keys, the newest first."""
    member = member_of(request)
    rows = member.workspace.api_keys.select_related("created_by", "service")
    found = page(rows, KEYS_BY_AGE, params_of(cursor), size=KEYS_A_PAGE)
    return page_of(found.rows, found.older, key_json)


@router.post("keys", auth=BY_KEY, response={201: NewKeyOut})
def keys_create(request: HttpRequest, body: KeyIn) -> Any:
    """Create a key of a service account for this API. It reaches no further than yours."""
    member = member_of(request)
    mine = caller_of(request).key
    assert mine
    account = get_service_account(member.workspace, body.service_account)
    key, secret = services.create_key(
        actor=member,
        name=body.name,
        can_write=body.can_write,
        **_limits(mine, body, account.user),
    )
    return Answer(201, {**key_json(key), "key": secret})


@router.post("keys/{number:pk}/revoke", auth=BY_KEY, response=KeyOut)
def keys_revoke(request: HttpRequest, pk: int) -> Any:
    """Revoke a key for good."""
    member = member_of(request)
    key = people.get_key(member.workspace, pk)
    services.revoke_key(actor=member, key=key)
    return key_json(key)


def _limits(mine: ApiKey, body: KeyIn, service: User) -> KeyLimits:
    """Return the limits of a new key: those asked for, within those of the key that asks."""
    networks = read_networks(" ".join(body.networks)) or mine.networks.split()
    outer = [ip_network(network) for network in mine.networks.split()]
    if outer and not all(_is_inside(network, outer) for network in networks):
        text = _("A new key may be used only where yours may.")
        raise ApiRefusal(403, "out_of_scope", text, field="networks")
    days = body.expires_in_days
    ends = [timezone.now() + timedelta(days=days)] if days else []
    ends += [mine.expires_at] if mine.expires_at else []
    return {
        "networks": networks,
        "expires_at": min(ends, default=None),
        "service": service,
        "opens": ApiKey.Opens.API,
    }


def _is_inside(text: str, outer: list[Any]) -> bool:
    network: Any = ip_network(text)
    return any(network.version == one.version and network.subnet_of(one) for one in outer)


def key_json(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "prefix": key.prefix,
        "opens": key.opens,
        "service_account": key.service.name if key.service else None,
        "can_write": key.can_write,
        "assistants": key.assistant_ids.split(),
        "networks": key.networks.split(),
        "created_at": key.created_at,
        "created_by": str(key.created_by) if key.created_by else None,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
        "last_used_from": key.last_used_from or None,
    }
