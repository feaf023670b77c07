"""Keeps forms that could not be saved, as typed, for the person who typed them.

Such a form was sent after a session ended or a role was lowered, or its text cannot be parsed yet.
For a signed-out person, a signed cookie names the last user of the browser. It gives no access; it
only says who typed the text.

The stash is encrypted and holds the newest forms for a few days: one for each person, page and
mark. The mark is the open page that sent the form (its field `tab`), or its subject (`about`), so
that a text never appears with another subject. Both begin with the ID of the page's person.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from admin_ui.accounts.models import Stash, User
from admin_ui.encryption import Undecryptable, decrypt_bytes, encrypt_bytes
from admin_ui.request.posted import is_too_large, read_form

FORM_KEPT_FOR = timedelta(days=7)
MOST_COPIES = 200
MOST_BYTES = 50_000_000
"""Limit for one person, compressed. The newest copy is always kept."""
MAX_PATH = 500
"""Most characters of a page's path and mark."""
AUTOSAVE = "autosave/"
"""What follows a form's address in the address to which its page saves it automatically."""
TAB_FIELD, ABOUT_FIELD = "tab", "about"
CSRF_FIELD = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Copy:
    """A kept form: its ID, the open page that sent it ("" for none), and when."""

    pk: int
    tab: str
    at: datetime


def keep_form(user: User, request: HttpRequest) -> bool:
    """Keep the form in `request` for `user` at its address; returns whether that worked.

    A form that was saved automatically belongs to the address before `AUTOSAVE`.

    It replaces only the form with the same mark. Files are not kept, nor are forms that no page
    would show again (`is_typed`), such as one with a password.
    """
    path = request.path.removesuffix(AUTOSAVE)
    return is_typed(request.POST) and keep_form_at(user, path, request.POST)


def keep_form_at(user: User, path: str, form: QueryDict) -> bool:
    """Keep `form` for `user` at `path`; an older save of the same page changes nothing.

    A form that another person typed is not kept; its mark names that person.
    """
    form = form.copy()
    form.pop(CSRF_FIELD, None)
    mark = _mark(form)
    if not form or is_anothers(user, form) or is_too_large(form) or len(path + mark) > MAX_PATH:
        return False
    body = encrypt_bytes(zlib.compress(_packed(form), 1))
    with transaction.atomic():
        same = Stash.objects.select_for_update().filter(user=user, path=path, tab=mark)
        before = same.first()
        if before is not None and _turn(_form_of(before)) > _turn(form):
            return True
        Stash.objects.update_or_create(
            user=user,
            path=path,
            tab=mark,
            defaults={"body": body, "created_at": timezone.now()},
        )
        Stash.objects.filter(pk__in=_beyond(user)).delete()
        expired_forms().delete()
    return True


def expired_forms() -> QuerySet[Stash]:
    """Return the forms that were kept too long ago to be shown."""
    return Stash.objects.filter(created_at__lt=timezone.now() - FORM_KEPT_FOR)


def _beyond(user: User) -> list[int]:
    """Return the oldest copies of `user`, beyond the limits for one person."""
    newest = Stash.objects.filter(user=user).order_by("-created_at", "-pk")
    rows = list(newest.values_list("pk", Length("body")))
    sizes = accumulate(size for _, size in rows)
    return [
        pk
        for number, ((pk, _), size) in enumerate(zip(rows, sizes, strict=True))
        if number >= MOST_COPIES or (number and size > MOST_BYTES)
    ]


def is_typed(form: QueryDict) -> bool:
    """Return whether a form comes from an editor or has a note, so holds typed text."""
    return "note" in form or TAB_FIELD in form


def is_anothers(user: User, form: QueryDict) -> bool:
    """Return whether another person than `user` opened the page that sent `form`."""
    mark = _mark(form)
    return bool(mark) and not mark.startswith(f"{user.pk}-")


def mark_about(user: User, thing: str) -> str:
    """Return the mark for texts of `user` about `thing`: the value of a form's field `about`."""
    return f"{user.pk}-{thing}"


def _mark(form: QueryDict) -> str:
    return form.get(TAB_FIELD) or form.get(ABOUT_FIELD, "")


def _packed(form: QueryDict) -> bytes:
    """Encode a form as the lengths of its names and values, then all of them joined."""
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


def kept_copies(user: User, path: str) -> list[Copy]:
    """Return the kept forms of `user` for `path`, of any mark, newest first."""
    if not user.may_have_copies:
        return []
    since = timezone.now() - FORM_KEPT_FOR
    found = _all(user, path).filter(created_at__gte=since).order_by("-created_at", "-pk")
    return [Copy(*row) for row in found.values_list("pk", "tab", "created_at")]


def read_copy(user: User, pk: int) -> QueryDict | None:
    """Return the kept form `pk` of `user`; None if there is none or it cannot be decrypted."""
    stash = Stash.objects.filter(user=user, pk=pk).first()
    return _form_of(stash) if stash else None


def _form_of(stash: Stash) -> QueryDict | None:
    try:
        body = zlib.decompress(decrypt_bytes(bytes(stash.body)))
    except Undecryptable:
        return None
    return _unpacked(body)


def _turn(form: QueryDict | None) -> int:
    """Return the number of the save that sent a form."""
    turn = form.get("turn", "") if form else ""
    return int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 10 else 0


def newest_form(user: User, path: str, about: str | None = None) -> QueryDict | None:
    """Return the newest kept form of `user` for `path`, if any; with `about`, only one with that
    mark."""
    found = kept_copies(user, path)
    newest = next((copy for copy in found if about is None or copy.tab == about), None)
    return read_copy(user, newest.pk) if newest else None


def take_form(user: User, path: str) -> QueryDict | None:
    """Return what `newest_form` would, and drop all forms for `path`."""
    form = newest_form(user, path)
    drop_forms(user, path)
    return form


def drop_forms(user: User, path: str) -> None:
    """Drop all forms of `user` for `path`, of any mark."""
    _delete(_all(user, path))


def drop_forms_of_tabs(user: User, path: str, *tabs: str) -> None:
    """Drop the forms that these tabs sent, and the one without a mark for `path`."""
    unmarked = Q(path=path, tab="")
    _delete(Stash.objects.filter(unmarked | Q(tab__in=[tab for tab in tabs if tab]), user=user))


def drop_copy(user: User, path: str, pk: int) -> None:
    """Drop the form `pk` of `user` for `path`."""
    _delete(_all(user, path).filter(pk=pk))


def _delete(found: QuerySet[Stash]) -> None:
    if found.exists():  # usually there is none, and a delete would still be a write
        found.delete()


def _all(user: User, path: str) -> QuerySet[Stash]:
    return Stash.objects.filter(user=user, path=path)


def rewrite_forms(change: Callable[[str], str], *, write: bool) -> int:
    """Change the texts of all kept forms, or only count the forms that would change.

    What no key decrypts stays.
    """
    changed = 0
    for row in Stash.objects.iterator(chunk_size=20):
        form = _form_of(row)
        if form is None:
            continue
        new = QueryDict(mutable=True)
        for name, values in form.lists():
            new.setlist(name, [change(value) for value in values])
        if dict(new.lists()) == dict(form.lists()):
            continue
        changed += 1
        if write:
            body = encrypt_bytes(zlib.compress(_packed(new), 1))
            Stash.objects.filter(pk=row.pk).update(body=body)
    return changed
