"""What somebody sent after their session had ended, kept until that same person signs in again.

Their browser still carries a signed cookie that names who signed in there last. It opens nothing;
it only says whose text this is. A stash is encrypted (a form may hold a credential), one for each
person and page, the newest few, for a few days.
"""

import zlib
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from admin_ui.accounts.models import Stash, User
from admin_ui.encryption import Undecryptable, decrypt_bytes, encrypt_bytes

KEPT_FOR = timedelta(days=7)
KEPT_PER_USER = 20
MAX_SIZE = 16 * 1024 * 1024
"""Bytes of a form, url-encoded."""
MAX_PATH = 500
"""Characters of a page's path; ours are shorter."""
CSRF_FIELD = "csrfmiddlewaretoken"


def keep(user: User, request: HttpRequest) -> bool:
    """Keep the form in `request` for `user`; returns whether it could be kept.

    It replaces what was kept for the same page. Files are not kept.
    """
    form = request.POST.copy()
    form.pop(CSRF_FIELD, None)
    text = form.urlencode().encode()
    if not text or len(text) > MAX_SIZE or len(request.path) > MAX_PATH:
        return False
    body = encrypt_bytes(zlib.compress(text))
    with transaction.atomic():
        Stash.objects.update_or_create(
            user=user, path=request.path, defaults={"body": body, "created_at": timezone.now()}
        )
        newest = Stash.objects.filter(user=user).order_by("-created_at", "-pk")
        beyond = list(newest.values_list("pk", flat=True)[KEPT_PER_USER:])
        Stash.objects.filter(pk__in=beyond).delete()
        Stash.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return True


def peek(user: User, path: str) -> QueryDict | None:
    """Return the form that `user` sent to `path` while signed out, if one is kept."""
    since = timezone.now() - KEPT_FOR
    stash = Stash.objects.filter(user=user, path=path, created_at__gte=since).first()
    if stash is None:
        return None
    try:
        body = zlib.decompress(decrypt_bytes(bytes(stash.body)))
    except Undecryptable:
        return None
    return QueryDict(body)


def take(user: User, path: str) -> QueryDict | None:
    """Return what `peek` would, and keep it no longer."""
    form = peek(user, path)
    if form is not None:
        Stash.objects.filter(user=user, path=path).delete()
    return form
