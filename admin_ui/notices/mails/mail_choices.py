"""Which notices a person gets by e-mail, and when."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Mail, MailChoice

AT_FIRST: dict[str, Mail] = {
    **dict.fromkeys(NoticeKind.values, Mail.DAILY),
    NoticeKind.ASKED: Mail.AT_ONCE,
    NoticeKind.MENTIONED: Mail.AT_ONCE,
    NoticeKind.CHANGES_REQUESTED: Mail.AT_ONCE,
    NoticeKind.FAILED: Mail.AT_ONCE,
    NoticeKind.IN_DOUBT: Mail.AT_ONCE,
    NoticeKind.WITHOUT_APPROVAL: Mail.AT_ONCE,
    NoticeKind.POLICY_LOOSENED: Mail.AT_ONCE,
    NoticeKind.OVERRIDDEN: Mail.AT_ONCE,
    NoticeKind.REFUSED: Mail.NONE,  # who publishes sees that on the page
    NoticeKind.WITHDRAWN: Mail.NONE,
}
"""What holds until a person decides: at once where somebody waits or something went wrong."""


def mail_of(people: Iterable[int], kind: str) -> dict[int, str]:
    """Return when each of `people` (ids) gets notices of `kind` by e-mail, without those who get
    none. One query."""
    found = dict.fromkeys(people, str(AT_FIRST[kind]))
    rows = MailChoice.objects.filter(user__in=found, kind=kind)
    found.update(rows.values_list("user_id", "mail"))
    return {user: mail for user, mail in found.items() if mail != Mail.NONE}


def choices_of(user: User) -> dict[str, str]:
    """Return when `user` gets notices of each kind by e-mail."""
    chosen = MailChoice.objects.filter(user=user).values_list("kind", "mail")
    return {kind: str(mail) for kind, mail in {**AT_FIRST, **dict(chosen)}.items()}


def mail_context(user: User) -> dict[str, Any]:
    """Return what the form of these choices shows, by the names of its template."""
    chosen = choices_of(user)
    return {
        "mail_choices": [(kind, label, chosen[kind]) for kind, label in NoticeKind.choices],
        "mail_times": Mail.choices,
        "is_proven": has_proven_address(user),
    }


@transaction.atomic
def choose_mail(*, user: User, chosen: Mapping[str, str]) -> None:
    """Store when `user` gets notices by e-mail, by kind. What makes no sense changes nothing."""
    rows = [
        MailChoice(user=user, kind=kind, mail=mail)
        for kind, mail in chosen.items()
        if kind in NoticeKind.values and mail in Mail.values
    ]
    MailChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["mail"]
    )
