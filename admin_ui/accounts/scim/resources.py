"""The addresses of users and groups."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpResponse

from admin_ui.accounts.models import Directory, DirectoryGroup, DirectoryUser, User
from admin_ui.accounts.scim import described
from admin_ui.accounts.scim.endpoint import ScimRequest, scim
from admin_ui.accounts.scim.errors import scim_answer
from admin_ui.accounts.scim.groups import (
    change_group,
    create_group,
    delete_group,
    directory_groups,
    get_group_of,
)
from admin_ui.accounts.scim.patches import group_fields, patched_group, patched_user, user_fields
from admin_ui.accounts.scim.queries import filtered, key_is, leaves_out, listed, shaped
from admin_ui.accounts.scim.users import (
    change_user,
    directory_users,
    get_user_of,
    provision_user,
    unprovision_user,
)


def users_list(request: ScimRequest) -> HttpResponse:
    directory = request.directory

    def is_address(value: Any) -> Q:
        return Q(email=str(value).lower())

    def is_external(value: Any) -> Q:
        rows = DirectoryUser.objects.filter(directory=directory, external_id=str(value))
        return Q(pk__in=rows.exclude(external_id="").values("user"))

    conditions = {
        "username": is_address,
        "emails.value": is_address,
        'emails[type eq "work"].value': is_address,
        "externalid": is_external,
        "id": key_is,
        "active": lambda value: Q(is_active=value is True),
    }
    rows = filtered(directory_users(directory), request.GET, conditions)
    page = listed(rows, request.GET, lambda user: user)
    external = _external_ids(directory, page["Resources"])
    page["Resources"] = [
        shaped(user_json(user, external.get(user.pk, "")), request.GET)
        for user in page["Resources"]
    ]
    return scim_answer(page)


def users_create(request: ScimRequest) -> HttpResponse:
    user = provision_user(directory=request.directory, fields=user_fields(request.data))
    return _user_answer(request, user, status=201)


def user_read(request: ScimRequest, pk: str) -> HttpResponse:
    return _user_answer(request, get_user_of(request.directory, pk))


def user_replace(request: ScimRequest, pk: str) -> HttpResponse:
    return _change(request, pk, user_fields(request.data))


def user_patch(request: ScimRequest, pk: str) -> HttpResponse:
    return _change(request, pk, patched_user(request.data))


def user_delete(request: ScimRequest, pk: str) -> HttpResponse:
    unprovision_user(directory=request.directory, user=get_user_of(request.directory, pk))
    return HttpResponse(status=204)


def _change(request: ScimRequest, pk: str, fields: Any) -> HttpResponse:
    user = get_user_of(request.directory, pk)
    changed = change_user(directory=request.directory, user=user, fields=fields)
    return _user_answer(request, changed)


def _user_answer(request: ScimRequest, user: User, status: int = 200) -> HttpResponse:
    external = _external_ids(request.directory, [user]).get(user.pk, "")
    found = user_json(user, external)
    return scim_answer(shaped(found, request.GET), status, Location=found["meta"]["location"])


def _external_ids(directory: Directory, users: list[User]) -> dict[int, str]:
    rows = DirectoryUser.objects.filter(directory=directory, user__in=users)
    return dict(rows.values_list("user_id", "external_id"))


def user_json(user: User, external_id: str) -> dict[str, Any]:
    return {
        "schemas": [described.USER_SCHEMA],
        "id": str(user.pk),
        **({"externalId": external_id} if external_id else {}),
        "userName": user.email,
        **({"displayName": user.name, "name": {"formatted": user.name}} if user.name else {}),
        "active": user.is_active,
        "emails": [{"value": user.email, "type": "work", "primary": True}],
        "meta": described.meta("User", "Users", user.pk),
    }


def groups_list(request: ScimRequest) -> HttpResponse:
    conditions = {
        "displayname": lambda value: Q(display_name=str(value)),
        "externalid": lambda value: Q(external_id=str(value)) & ~Q(external_id=""),
        "id": key_is,
        "members": lambda value: Q(people__pk__in=_keys(value)),
        "members.value": lambda value: Q(people__pk__in=_keys(value)),
    }
    rows = filtered(directory_groups(request.directory), request.GET, conditions)
    return scim_answer(listed(rows, request.GET, lambda group: group_json(request, group)))


def groups_create(request: ScimRequest) -> HttpResponse:
    group = create_group(directory=request.directory, fields=group_fields(request.data))
    return _group_answer(request, group, status=201)


def group_read(request: ScimRequest, pk: str) -> HttpResponse:
    return _group_answer(request, get_group_of(request.directory, pk))


def group_replace(request: ScimRequest, pk: str) -> HttpResponse:
    group = get_group_of(request.directory, pk)
    return _group_answer(request, change_group(group=group, fields=group_fields(request.data)))


def group_patch(request: ScimRequest, pk: str) -> HttpResponse:
    group = get_group_of(request.directory, pk)
    return _group_answer(request, change_group(group=group, fields=patched_group(request.data)))


def group_delete(request: ScimRequest, pk: str) -> HttpResponse:
    delete_group(group=get_group_of(request.directory, pk))
    return HttpResponse(status=204)


def _group_answer(request: ScimRequest, group: DirectoryGroup, status: int = 200) -> HttpResponse:
    found = group_json(request, group)
    return scim_answer(found, status, Location=found["meta"]["location"])


def group_json(request: ScimRequest, group: DirectoryGroup) -> dict[str, Any]:
    found: dict[str, Any] = {
        "schemas": [described.GROUP_SCHEMA],
        "id": str(group.pk),
        **({"externalId": group.external_id} if group.external_id else {}),
        "displayName": group.display_name,
        "meta": described.meta("Group", "Groups", group.pk),
    }
    if not leaves_out(request.GET, "members"):
        found["members"] = [
            {
                "value": str(user.pk),
                "$ref": described.location("Users", user.pk),
            }
            for user in group.people.order_by("pk")
        ]
    return shaped(found, request.GET)


def _keys(value: Any) -> list[int]:
    text = str(value)
    return [int(text)] if text.isascii() and text.isdecimal() and len(text) <= 18 else []


def of_itself(found: Callable[[], dict[str, Any]], *, many: bool = True) -> Callable[..., Any]:
    """Return the view of one of the descriptions: of a single one, of all, or of those by name."""

    def read(_request: ScimRequest, name: str = "") -> HttpResponse:
        if not many:
            return scim_answer(found())
        return scim_answer(
            described.single(found(), name) if name else described.all_listed(found())
        )

    return scim(GET=read)


users = scim(GET=users_list, POST=users_create)
user = scim(GET=user_read, PUT=user_replace, PATCH=user_patch, DELETE=user_delete)
groups = scim(GET=groups_list, POST=groups_create)
group = scim(GET=group_read, PUT=group_replace, PATCH=group_patch, DELETE=group_delete)
provider_config = of_itself(described.provider_described, many=False)
resource_types = of_itself(described.types_described)
schemas = of_itself(described.schemas_described)
