"""What somebody sent after their session had ended, kept until that same person signs in again.

Their browser still carries a signed cookie that names who signed in there last. It opens nothing;
it only says whose text this is. A stash is encrypted (a form may hold a credential), one for each
person, page and tab (a form's field `tab` names the open page that it comes from), the newest few,
for a few days.
"""

import json
import zlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from admin_ui.accounts.models import Stash, User
from admin_ui.encryption import Undecryptable, decrypt_bytes, encrypt_bytes
from admin_ui.posted import is_too_large, read_form

KEPT_FOR = timedelta(days=7)
KEPT_PER_USER = 20
MAX_PATH = 500
"""Characters of a page's path and tab; ours are shorter."""
TAB_FIELD = "tab"
CSRF_FIELD = "csrfmiddlewaretoken"


def keep(user: User, request: HttpRequest, *, path: str = "") -> bool:
    """Keep the form in `request` for `user`; returns whether it could be kept.

    It is found at `path`, or where it was sent. It replaces what was kept of the same tab there,
    and nothing else. Files are not kept.
    """
    form = request.POST.copy()
    form.pop(CSRF_FIELD, None)
    place = _place(path or request.path, form.get(TAB_FIELD, ""))
    if not form or is_too_large(form) or len(place) > MAX_PATH:
        return False
    body = encrypt_bytes(zlib.compress(_packed(form), 1))
    with transaction.atomic():
        Stash.objects.update_or_create(
            user=user, path=place, defaults={"body": body, "created_at": timezone.now()}
        )
        newest = Stash.objects.filter(user=user).order_by("-created_at", "-pk")
        beyond = list(newest.values_list("pk", flat=True)[KEPT_PER_USER:])
        Stash.objects.filter(pk__in=beyond).delete()
        Stash.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return True


def _packed(form: QueryDict) -> bytes:
    """Write a form as the lengths of its names and values, and then all of them in one."""
    texts = [text for name, values in form.lists() for value in values for text in (name, value)]
    lengths = json.dumps([len(text) for text in texts])
    return "\n".join((lengths, "".join(texts))).encode(errors="surrogatepass")


def _unpacked(body: bytes) -> QueryDict:
    if not body.startswith(b"["):  # url-encoded, as forms were kept before
        return read_form(body)
    lengths, _end, text = body.decode(errors="surrogatepass").partition("\n")
    form, start, texts = QueryDict(mutable=True), 0, list[str]()
    for length in json.loads(lengths):
        texts.append(text[start : start + length])
        start += length
    for name, value in zip(texts[::2], texts[1::2], strict=True):
        form.appendlist(name, value)
    form._mutable = False
    return form


def _place(path: str, tab: str) -> str:
    return f"{path}#{tab}" if tab else path


def peek(user: User, path: str) -> QueryDict | None:
    """Return the newest form of `user` that is kept for `path`, of whatever tab, if any is."""
    since = timezone.now() - KEPT_FOR
    stash = _all(user, path).filter(created_at__gte=since).order_by("-created_at", "-pk").first()
    if stash is None:
        return None
    try:
        body = zlib.decompress(decrypt_bytes(bytes(stash.body)))
    except Undecryptable:
        return None
    return _unpacked(body)


def take(user: User, path: str) -> QueryDict | None:
    """Return what `peek` would, and keep nothing for `path` any longer."""
    form = peek(user, path)
    if form is not None:
        _all(user, path).delete()
    return form


def forget(user: User, path: str, *tabs: str) -> None:
    """Keep no longer what these tabs sent, nor what a form without a tab sent to `path`."""
    places = Q(path=path)
    for tab in filter(None, tabs):
        places |= Q(path__endswith=f"#{tab}")
    found = Stash.objects.filter(places, user=user)
    if found.exists():  # as a rule there is none, and a delete would be a write all the same
        found.delete()


def _all(user: User, path: str) -> QuerySet[Stash]:
    return Stash.objects.filter(Q(path=path) | Q(path__startswith=f"{path}#"), user=user)
