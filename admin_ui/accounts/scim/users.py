"""What a directory does to accounts. It never touches an owner, the way back into everything."""

from typing import TypedDict

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from admin_ui.accounts.identity.joining import without_other_access
from admin_ui.accounts.leaving.leaving import deactivate, reactivate
from admin_ui.accounts.models import Directory, DirectoryUser, User
from admin_ui.accounts.permissions import SYSTEM
from admin_ui.accounts.scim.errors import ScimError, invalid
from admin_ui.accounts.scim.roles import settle_roles
from admin_ui.accounts.selectors import people
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record


class UserFields(TypedDict, total=False):
    """What a request says of a user; what it does not say is not there."""

    user_name: str
    name: str
    active: bool
    external_id: str


def directory_users(directory: Directory) -> QuerySet[User]:
    """Return the accounts that exist for a directory, by age: those with an address of its domains.

    A deactivated one exists only while the directory has not deleted it.
    """
    ours = Q()
    for domain in directory.domains.split():
        ours |= Q(email__endswith=f"@{domain}")
    kept = Q(is_active=True) | Q(
        pk__in=DirectoryUser.objects.filter(directory=directory).values("user")
    )
    return people().filter(ours, kept).order_by("pk")


def get_user_of(directory: Directory, pk: str) -> User:
    """Return that account. Raises `Http404` for any that does not exist for the directory."""
    found = directory_users(directory).filter(pk=pk).first() if _is_key(pk) else None
    if found is None:
        raise Http404
    return found


@transaction.atomic
def provision_user(*, directory: Directory, fields: UserFields) -> User:
    """Create an account that signs in by a provider, or by a password link.

    One that was deactivated and deleted before comes back. Raises `ScimError`.
    """
    email = _checked(directory, fields["user_name"])
    user, is_new = User.objects.select_for_update().get_or_create(
        email=email, defaults={"name": fields.get("name", ""), "password": make_password(None)}
    )
    if not is_new and directory_users(directory).filter(pk=user.pk).exists():
        raise _taken()
    if is_new:
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True})
        details = {"address_proven": False, "directory": directory.name}
        record(EventKind.ACCOUNT, about=email, details=details)
    return change_user(directory=directory, user=user, fields={"active": True, **fields})


@transaction.atomic
def change_user(*, directory: Directory, user: User, fields: UserFields) -> User:
    """Change an account as `fields` says; returns it as it is then. Raises `ScimError`.

    Deactivating is what owners do on the page: sessions, keys and links end, drafts are left.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    row, is_new = DirectoryUser.objects.get_or_create(directory=directory, user=user)
    if is_new:
        user = _taken_over(user)
    if "external_id" in fields and row.external_id != fields["external_id"]:
        row.external_id = fields["external_id"]
        row.save(update_fields=["external_id"])
    email = user.email
    if fields.get("user_name", email).lower() != email:
        email = _checked(directory, fields["user_name"])
    name = fields.get("name", user.name)[:150]
    active = fields.get("active", user.is_active)
    if (email, name, active) == (user.email, user.name, user.is_active):
        return user
    _spare_owners(user)
    _rename(user, name)
    _move(user, email)
    if active != user.is_active:
        _switch(user, active=active)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def unprovision_user(*, directory: Directory, user: User) -> None:
    """Deactivate an account and forget that the directory had it; the roles of groups end.

    What the person did stays. Raises `ScimError`.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _spare_owners(user)
    deactivate(actor=SYSTEM, user=user)  # first, since no workspace waits for its last admin then
    user.directory_groups.remove(*user.directory_groups.filter(directory=directory))
    settle_roles([user])
    DirectoryUser.objects.filter(directory=directory, user=user).delete()


def _taken_over(user: User) -> User:
    """Return an account that the directory has from now on, without strangers in it.

    Otherwise they would have the roles that groups give to its address.
    """
    if user.is_owner:
        return user
    user, ended = without_other_access(user)
    if ended:
        record(EventKind.PASSWORD, about=user.email, details={"access_ended": True})
    return user


def _switch(user: User, *, active: bool) -> None:
    if not active:
        deactivate(actor=SYSTEM, user=user)
        return
    reactivate(actor=SYSTEM, user=user)
    settle_roles([User.objects.get(pk=user.pk)])


def _rename(user: User, name: str) -> None:
    if name == user.name:
        return
    details = {"name_before": user.name, "name": name}
    User.objects.filter(pk=user.pk).update(name=name)
    record(EventKind.PROFILE, about=user.email, details=details)


def _move(user: User, email: str) -> None:
    """Give an account another address, which nobody has proven; its password links end."""
    if email == user.email:
        return
    if User.objects.filter(email=email).exists():
        raise _taken()
    EmailAddress.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(email=email, link_seed="")
    EmailAddress.objects.create(user=user, email=email, primary=True)
    details = {"email_before": user.email, "email": email}
    record(EventKind.PROFILE, about=email, details=details)


def _spare_owners(user: User) -> None:
    if user.is_owner:
        raise ScimError(403, _("This person is an owner. Only owners change owners, on the pages."))


def _checked(directory: Directory, user_name: str) -> str:
    """Return the address of an account. Raises `ScimError` for one that is not the directory's."""
    try:
        validate_email(user_name)
    except ValidationError as error:
        text = _("userName must be an email address of at most 254 characters.")
        raise invalid(text) from error
    if len(user_name) > 254 or not directory.speaks_for(user_name):
        raise invalid(_("userName is not an address of a domain of this directory."))
    return user_name.lower()


def _taken() -> ScimError:
    return ScimError(409, _("There is an account with this userName already."), "uniqueness")


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
