"""Mails, sent at once or in the background, where no request shows how long it takes."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connections
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

MOST_WAITING_MAILS = 50
"""Most jobs that wait for a slow mail server; later ones are dropped."""

_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
_pending: set["Future[None]"] = set()


def send_from_template(template: str, *, to: str, **context: object) -> None:
    """Mail the templates `<template>_subject.txt` and `<template>_message.txt` to one address.

    Takes up to `EMAIL_TIMEOUT` seconds for each step. Raises `OSError` (as which SMTP's refusals
    count) or `ValueError` when the mail could not be handed over.
    """
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    text = render_to_string(f"{template}_message.txt", context).strip()
    send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text, None, [to])


def send_in_both(template: str, *, to: str, headers: Mapping[str, str], **context: object) -> None:
    """Mail `<template>_message.txt` and `<template>_message.html` as two parts of one mail.

    The subject, the errors and the time are those of `send_from_template`.
    """
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    text = render_to_string(f"{template}_message.txt", context).strip()
    mail = EmailMultiAlternatives(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", f"{text}\n", None, [to]
    )
    mail.extra_headers = dict(headers)
    mail.attach_alternative(render_to_string(f"{template}_message.html", context), "text/html")
    mail.send()


def run_in_background(work: Callable[[str], None], email: str) -> None:
    """Do `work` for that address in a background thread, best effort; returns at once.

    Failures are logged, and so is work dropped because the mail server is slow.
    """
    if len(_pending) >= MOST_WAITING_MAILS:
        logger.warning("the mail server is too slow: a mail was not sent")
        return
    future = _worker.submit(copy_context().run, _do, work, email)
    _pending.add(future)
    future.add_done_callback(_pending.discard)


def wait_until_sent(seconds: float) -> bool:
    """Return whether all that was begun with `run_in_background` is done within so many seconds."""
    return not wait(set(_pending), timeout=seconds).not_done


def _do(work: Callable[[str], None], email: str) -> None:
    try:
        work(email)
    except Exception:
        logger.exception("a mail could not be sent")
    finally:
        connections.close_all()
