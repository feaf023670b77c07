"""The groups of a directory, and who is in them."""

from collections.abc import Iterable
from typing import TypedDict

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Directory, DirectoryGroup, User
from admin_ui.accounts.scim.errors import ScimError, invalid
from admin_ui.accounts.scim.roles import settle_roles
from admin_ui.accounts.scim.users import directory_users
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record


class GroupFields(TypedDict, total=False):
    """What a request says of a group; members are IDs."""

    display_name: str
    external_id: str
    members: list[str]
    added: list[str]
    removed: list[str]


def directory_groups(directory: Directory) -> QuerySet[DirectoryGroup]:
    return directory.groups.order_by("pk")


def get_group_of(directory: Directory, pk: str) -> DirectoryGroup:
    """Return that group. Raises `Http404` for one of another directory."""
    known = pk.isascii() and pk.isdecimal() and len(pk) <= 18
    found = directory_groups(directory).filter(pk=pk).first() if known else None
    if found is None:
        raise Http404
    return found


@transaction.atomic
def create_group(*, directory: Directory, fields: GroupFields) -> DirectoryGroup:
    """Create a group, which gives no role until an owner says so. Raises `ScimError`."""
    name = fields["display_name"]
    group, is_new = DirectoryGroup.objects.get_or_create(directory=directory, display_name=name)
    if not is_new:
        raise _group_taken()
    record(EventKind.DIRECTORY, about=directory.name, details={"group": name, "created": True})
    return change_group(group=group, fields=fields)


@transaction.atomic
def change_group(*, group: DirectoryGroup, fields: GroupFields) -> DirectoryGroup:
    """Change a group; its role is given to those who come and taken from those who go.

    Raises `ScimError`, and `LastAdmin` where a workspace would lose its last admin.
    """
    group = DirectoryGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    name = fields.get("display_name", group.display_name)
    others = directory_groups(group.directory).exclude(pk=group.pk)
    if name != group.display_name and others.filter(display_name=name).exists():
        raise _group_taken()
    group.display_name = name
    group.external_id = fields.get("external_id", group.external_id)
    group.save(update_fields=["display_name", "external_id"])
    before = set(group.people.values_list("pk", flat=True))
    after = set(_found(group.directory, fields["members"])) if "members" in fields else set(before)
    after |= set(_found(group.directory, fields.get("added", [])))
    after -= {int(pk) for pk in fields.get("removed", []) if pk.isascii() and pk.isdecimal()}
    _move_people(group, before, after)
    return group


@transaction.atomic
def delete_group(*, group: DirectoryGroup) -> None:
    """Delete a group, and take what it gave. Raises `LastAdmin`."""
    people = set(group.people.values_list("pk", flat=True))
    details = {"group": group.display_name, "removed": True}
    record(EventKind.DIRECTORY, about=group.directory.name, details=details)
    group.delete()
    settle_roles(User.objects.filter(pk__in=people))


def _move_people(group: DirectoryGroup, before: set[int], after: set[int]) -> None:
    if before == after:
        return
    group.people.add(*(after - before))
    group.people.remove(*(before - after))
    details = {"group": group.display_name, "people": len(after), "people_before": len(before)}
    record(EventKind.DIRECTORY, about=group.directory.name, details=details)
    settle_roles(User.objects.filter(pk__in=before ^ after))


def _found(directory: Directory, pks: Iterable[str]) -> Iterable[int]:
    wanted = {int(pk) for pk in pks if pk.isascii() and pk.isdecimal() and len(pk) <= 18}
    found = set(directory_users(directory).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(found) < len(set(pks)):
        raise invalid(_("A member of this group is no user of this directory."))
    return found


def _group_taken() -> ScimError:
    return ScimError(409, _("There is a group with this displayName already."), "uniqueness")
