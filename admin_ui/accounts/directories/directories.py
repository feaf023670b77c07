"""Directories and their tokens. A token is shown once; only its SHA-256 is stored."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.accounts.domains.domains import ascii_domain
from admin_ui.accounts.domains.public_domains import PUBLIC_DOMAINS
from admin_ui.accounts.keys.keys import STORED_PREFIX_LENGTH, key_digest
from admin_ui.accounts.models import Directory, User
from admin_ui.accounts.workspaces.workspaces import check_owner
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

TOKEN_PREFIX = "scim_"  # noqa: S105  # how tokens begin, so that one is recognised
MOST_DOMAINS = 20


@transaction.atomic
def create_directory(*, actor: User, name: str, domains: str) -> tuple[Directory, str]:
    """Create a directory that speaks for these domains; returns it and its token, to show once.

    Only owners may. Raises `NotAllowed`, and `ValidationError` with the field that is wrong.
    """
    check_owner(actor)
    name = name.strip()
    if Directory.objects.filter(name=name).exists():
        raise ValidationError({"name": _("Another directory has this name. Choose another.")})
    token = _new_token()
    directory = Directory(
        name=name, domains=" ".join(_read(domains)), created_by=actor, **_stored(token)
    )
    directory.clean_fields(exclude=["created_by", "last_used_at", "ended_at"])
    directory.save()
    _note(directory, created=True, domains=directory.domains)
    return directory, token


@transaction.atomic
def replace_token(*, actor: User, directory: Directory) -> str:
    """Return a new token of a directory, to show once; the old one ends. Raises `NotAllowed`."""
    check_owner(actor)
    token = _new_token()
    Directory.objects.filter(pk=directory.pk, ended_at=None).update(**_stored(token))
    _note(directory, new_token=True)
    return token


@transaction.atomic
def end_directory(*, actor: User, directory: Directory) -> None:
    """Refuse the token of a directory for good. Accounts and roles stay. Raises `NotAllowed`."""
    check_owner(actor)
    rows = Directory.objects.filter(pk=directory.pk, ended_at=None)
    if rows.update(ended_at=timezone.now()):
        _note(directory, ended=True)


def find_directory(token: str) -> Directory | None:
    """Return the directory with that token, unless it has ended."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    return Directory.objects.filter(digest=key_digest(token), ended_at=None).first()


def _new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def _stored(token: str) -> dict[str, str]:
    return {"prefix": token[: STORED_PREFIX_LENGTH + 2], "digest": key_digest(token)}


def _read(domains: str) -> list[str]:
    try:
        found = list(dict.fromkeys(map(ascii_domain, domains.replace(",", " ").split())))
    except ValidationError as error:
        raise ValidationError({"domains": error.messages}) from error
    if not 1 <= len(found) <= MOST_DOMAINS:
        text = _("Name 1 to %(most)d domains.") % {"most": MOST_DOMAINS}
        raise ValidationError({"domains": text})
    if public := PUBLIC_DOMAINS.intersection(found):
        text = _("Anybody can get an address at %(domain)s.") % {"domain": min(public)}
        raise ValidationError({"domains": text})
    return found


def _note(directory: Directory, **details: object) -> None:
    record(EventKind.DIRECTORY, about=directory.name, details=details)
