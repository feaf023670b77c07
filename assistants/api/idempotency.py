"""A request sent twice with one `Idempotency-Key` is carried out once, and answered twice."""

import zlib
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.encryption import Undecryptable, decrypt_bytes, encrypt_bytes
from admin_ui.serving.writers import in_any_case
from assistants.api.errors import ApiRefusal
from assistants.api.models import ANSWERS_KEPT, KeptAnswer

LONGEST_KEY = 200
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "x-request-id")
LONGEST_REQUEST = timedelta(minutes=5)
"""After this a request without an answer has died with its server."""


def answer_once(
    request: HttpRequest, caller: str, respond: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return the answer of `respond`, or the one that it gave when the request was sent before.

    An answer that may be another one later (429, 5xx) is not kept. Raises `ApiRefusal` for another
    request with the same key, and while the first one is being worked on.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return respond()
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        text = _("An Idempotency-Key has 1 to %(most)d printable ASCII characters.")
        raise ApiRefusal(400, "wrong_idempotency_key", text % {"most": LONGEST_KEY})
    row, is_new = _begin(caller, _sha256(key.encode()), _mark(request))
    if not is_new:
        return _again(row, _mark(request))
    try:
        response = respond()
    except BaseException:
        _forget(row)
        raise
    if response.status_code == 429 or response.status_code >= 500:
        _forget(row)
    else:
        _keep(row, response)
    return response


def _begin(caller: str, key: str, mark: str) -> tuple[KeptAnswer, bool]:
    expired = KeptAnswer.objects.filter(created_at__lt=timezone.now() - ANSWERS_KEPT)
    expired.filter(caller=caller, key=key).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(caller=caller, key=key, request=mark), True
    except IntegrityError:
        found = KeptAnswer.objects.filter(caller=caller, key=key).first()
        # None where the other request has just failed: its caller may send it again.
        return found or KeptAnswer(caller=caller, key=key, request=mark), False


def _again(row: KeptAnswer, mark: str) -> HttpResponse:
    if row.request != mark:
        text = _("This Idempotency-Key was used for another request. Use a new one.")
        raise ApiRefusal(422, "idempotency_key_reused", text)
    if row.status is None and row.created_at < timezone.now() - LONGEST_REQUEST:
        raise _unknown_outcome()
    if row.status is None:
        text = _("This request is being worked on. Ask again in a second.")
        raise ApiRefusal(409, "in_progress", text, headers={"Retry-After": "1"})
    try:
        content = zlib.decompress(decrypt_bytes(bytes(row.body or b"")))
    except Undecryptable as error:
        raise _unknown_outcome() from error
    response = HttpResponse(content, status=row.status)
    for name, value in row.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _keep(row: KeptAnswer, response: HttpResponse) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = encrypt_bytes(zlib.compress(response.content))  # it may show a new key
    with in_any_case():
        rows = KeptAnswer.objects.filter(pk=row.pk)
        rows.update(status=response.status_code, headers=headers, body=body)


def _unknown_outcome() -> ApiRefusal:
    text = _("The answer to this request is lost. Read the history to see whether it took effect.")
    return ApiRefusal(409, "outcome_unknown", text)


def _forget(row: KeptAnswer) -> None:
    with in_any_case():
        KeptAnswer.objects.filter(pk=row.pk).delete()


def _mark(request: HttpRequest) -> str:
    parts = (request.method, request.get_full_path(), request.headers.get("If-Match", ""))
    return _sha256("\0".join(map(str, parts)).encode(errors="replace") + b"\0" + request.body)


def _sha256(data: bytes) -> str:
    return sha256(data).hexdigest()


def rewrite_answers(change: Callable[[str], str], *, write: bool) -> int:
    """Change the texts of all kept answers, or only count the answers that would change.

    What no key decrypts stays.
    """
    changed = 0
    for row in KeptAnswer.objects.filter(body__isnull=False).iterator(chunk_size=20):
        try:
            old = zlib.decompress(decrypt_bytes(bytes(row.body or b""))).decode(errors="replace")
        except Undecryptable:
            continue
        if (new := change(old)) != old:
            changed += 1
            if write:
                body = encrypt_bytes(zlib.compress(new.encode()))
                KeptAnswer.objects.filter(pk=row.pk).update(body=body)
    return changed
