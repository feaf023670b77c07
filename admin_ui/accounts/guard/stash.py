"""Forms that could not be stored where they belong, kept as they were typed for who typed them.

They were sent after a session had ended, after a role was lowered, or by an editor whose text
cannot be read yet. Where nobody is signed in, the browser carries a signed cookie that names who
signed in there last. It opens nothing; it only says whose text this is.

A stash is encrypted, one for each person, page and mark, the newest
few, for a few days. A mark is the open page that the form comes from (its field `tab`), or what it
is about (`about`), so that what was typed about one thing is not shown with another. Either begins
with the key of the person whose page it is.
"""

import json
import zlib
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
from admin_ui.posted import is_too_large, read_form

FORM_KEPT_FOR = timedelta(days=7)
MOST_COPIES = 200
MOST_BYTES = 50_000_000
"""Of one person, compressed. The newest copy is always kept."""
MAX_PATH = 500
"""Characters of a page's path and mark together; the dashboard's own are shorter."""
TAB_FIELD, ABOUT_FIELD = "tab", "about"
CSRF_FIELD = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Copy:
    """A form that is kept: which it is, of which open page ("" for none), and since when."""

    pk: int
    tab: str
    at: datetime


def keep_form(user: User, request: HttpRequest) -> bool:
    """Keep the form in `request` for `user` where it was sent; returns whether it could be kept.

    It replaces what was kept there under the same mark, and nothing else. Files are not kept. Nor
    are forms that no page would show again (`is_typed`), such as one with a password.
    """
    return is_typed(request.POST) and keep_form_at(user, request.path, request.POST)


def keep_form_at(user: User, path: str, form: QueryDict) -> bool:
    """Keep `form` for `user`, to be found at `path`; an older save of its page changes nothing.

    What somebody else typed is not kept: a page that was opened while they were signed in says so.
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
        Stash.objects.filter(created_at__lt=timezone.now() - FORM_KEPT_FOR).delete()
    return True


def _beyond(user: User) -> list[int]:
    """Return the oldest copies of `user`, which are more than is kept of one person."""
    newest = Stash.objects.filter(user=user).order_by("-created_at", "-pk")
    rows = list(newest.values_list("pk", Length("body")))
    sizes = accumulate(size for _, size in rows)
    return [
        pk
        for number, ((pk, _), size) in enumerate(zip(rows, sizes, strict=True))
        if number >= MOST_COPIES or (number and size > MOST_BYTES)
    ]


def is_typed(form: QueryDict) -> bool:
    """Return whether a form comes from an editor, or has a note: somebody typed it."""
    return "note" in form or TAB_FIELD in form


def is_anothers(user: User, form: QueryDict) -> bool:
    """Return whether the page that sent `form` was opened by somebody else than `user`."""
    mark = _mark(form)
    return bool(mark) and not mark.startswith(f"{user.pk}-")


def mark_about(user: User, thing: str) -> str:
    """Return the mark of what `user` types about `thing`: the value of a form's field `about`."""
    return f"{user.pk}-{thing}"


def _mark(form: QueryDict) -> str:
    return form.get(TAB_FIELD) or form.get(ABOUT_FIELD, "")


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


def kept_copies(user: User, path: str) -> list[Copy]:
    """Return what is kept of `user` for `path`, of whatever mark, the newest first."""
    since = timezone.now() - FORM_KEPT_FOR
    found = _all(user, path).filter(created_at__gte=since).order_by("-created_at", "-pk")
    return [Copy(*row) for row in found.values_list("pk", "tab", "created_at")]


def read_copy(user: User, pk: int) -> QueryDict | None:
    """Return the form of `user` that is kept as `pk`; None if it is not, or cannot be read."""
    stash = Stash.objects.filter(user=user, pk=pk).first()
    return _form_of(stash) if stash else None


def _form_of(stash: Stash) -> QueryDict | None:
    try:
        body = zlib.decompress(decrypt_bytes(bytes(stash.body)))
    except Undecryptable:
        return None
    return _unpacked(body)


def _turn(form: QueryDict | None) -> int:
    """Return which save of its page a form is."""
    turn = form.get("turn", "") if form else ""
    return int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 10 else 0


def newest_form(user: User, path: str, about: str | None = None) -> QueryDict | None:
    """Return the newest form of `user` that is kept for `path`, if any is: with `about`, only one
    about just that."""
    found = kept_copies(user, path)
    newest = next((copy for copy in found if about is None or copy.tab == about), None)
    return read_copy(user, newest.pk) if newest else None


def take_form(user: User, path: str) -> QueryDict | None:
    """Return what `newest_form` would, and keep nothing for `path` any longer."""
    form = newest_form(user, path)
    drop_forms(user, path)
    return form


def drop_forms(user: User, path: str) -> None:
    """Keep nothing of `user` for `path` any longer, of whatever mark."""
    _delete(_all(user, path))


def drop_forms_of_tabs(user: User, path: str, *tabs: str) -> None:
    """Keep no longer what these tabs sent, nor what a form without a mark sent to `path`."""
    unmarked = Q(path=path, tab="")
    _delete(Stash.objects.filter(unmarked | Q(tab__in=[tab for tab in tabs if tab]), user=user))


def drop_copy(user: User, path: str, pk: int) -> None:
    """Keep the form `pk` of `user` at `path` no longer."""
    _delete(_all(user, path).filter(pk=pk))


def _delete(found: QuerySet[Stash]) -> None:
    if found.exists():  # as a rule there is none, and a delete would be a write all the same
        found.delete()


def _all(user: User, path: str) -> QuerySet[Stash]:
    return Stash.objects.filter(user=user, path=path)
