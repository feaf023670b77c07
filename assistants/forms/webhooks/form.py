"""The form of a webhook. Its address is never shown again: it may be a secret."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from admin_ui.notices.kinds import NoticeKind
from assistants.definition import Problem
from assistants.gateway.webhooks.targets import LONGEST_TARGET
from assistants.models.webhooks.webhook import Webhook
from assistants.services.webhooks.saving import LONGEST_WEBHOOK_NAME

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

USUAL_KINDS = (
    NoticeKind.PUBLISHED,
    NoticeKind.DELETED,
    NoticeKind.FAILED,
    NoticeKind.REFUSED,
    NoticeKind.CHANGED_OUTSIDE,
    NoticeKind.IN_DOUBT,
)
"""What a new webhook hears of, until somebody chooses."""
_SENTENCES: dict[tuple[str, str], "_StrPromise"] = {
    ("name", "taken"): _("Another webhook already has this name."),
    ("name", "too_many"): _("A workspace can have 20 webhooks. Delete one first."),
    ("address", "required"): _("Enter the address."),
    ("address", "invalid_url"): _(
        "Enter an address that begins with https:// and has no password, space or #."
    ),
    ("address", "unencrypted"): _(
        "Over http://, others could read the messages. Enter an address that begins with https://."
    ),
    ("address", "private_host"): _(
        "This address is private. The person who runs the server can allow it by naming the host"
        " in GATEWAY_PRIVATE_HOSTS."
    ),
    ("kinds", "required"): _("Choose at least one."),
}


class WebhookForm(forms.Form):
    """`webhook` is the row to change, None for a new one."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_WEBHOOK_NAME)
    format = forms.ChoiceField(label=_("Format"), choices=Webhook.Format.choices)
    address = forms.CharField(label=_("Address"), max_length=LONGEST_TARGET, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("What to send"), choices=NoticeKind.choices, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        webhook: Webhook | None,
        typed: QueryDict | None = None,
    ) -> None:
        """`typed` is a form that nobody has sent yet."""
        initial: dict[str, Any] = {"format": Webhook.Format.STANDARD, "kinds": list(USUAL_KINDS)}
        if webhook is not None:
            initial = {name: getattr(webhook, name) for name in ("name", "format", "kinds")}
        if typed is not None:
            initial |= {**typed.dict(), "kinds": typed.getlist("kinds")}
        super().__init__(data, initial=initial)
        self.webhook = webhook
        if webhook is not None:
            self.fields["format"].disabled = True

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field, one at most."""
        wrong = set(self.errors)
        for problem in problems:
            if problem.field not in wrong:
                text = _SENTENCES.get((problem.field, problem.code), _("This is too long."))
                self.add_error(problem.field, text)
                wrong.add(problem.field)

    @property
    def chosen_format(self) -> str:
        return str(self["format"].value())

    @property
    def chosen_kinds(self) -> list[tuple[str, str, bool]]:
        """Each kind with its label, and whether it is ticked."""
        ticked = {str(kind) for kind in self["kinds"].value() or ()}
        return [(kind, str(label), kind in ticked) for kind, label in NoticeKind.choices]
