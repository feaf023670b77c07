"""Who else is editing, and what they published meanwhile, as sentences."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.accounts.models import User
from admin_ui.display.isolation import isolated
from assistants.models import Assistant, Revision

OVERTAKEN: dict[str, Promise] = {
    Revision.Kind.OUTSIDE: gettext_lazy(
        "Changed outside this dashboard: v%(version)s is live now."
    ),
    Revision.Kind.RESTORE: gettext_lazy("%(name)s restored an older version, as v%(version)s."),
    Revision.Kind.RECREATE: gettext_lazy("%(name)s recreated this assistant, as v%(version)s."),
}
PUBLISHED = gettext_lazy("%(name)s has published v%(version)s since this draft was started.")
PUBLISHED_MYSELF = gettext_lazy("You have published v%(version)s since this draft was started.")


def editing(names: Sequence[str]) -> str:
    """Return "Maria is editing", for any number of names; "" for none."""
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is editing") % {"name": isolated(names[0])}
    if len(names) == 2:
        return _("%(name)s and %(other)s are editing") % {
            "name": isolated(names[0]),
            "other": isolated(names[1]),
        }
    others = len(names) - 1
    text = ngettext(
        "%(name)s and %(others)d other are editing",
        "%(name)s and %(others)d others are editing",
        others,
    )
    return text % {"name": isolated(names[0]), "others": others}


def overtaken_headline(assistant: Assistant, reader: User) -> str:
    """Return what happened to `assistant`, as `reader` sees it.

    That is who published which version, or that it is gone. It has a live revision.
    """
    if assistant.state == Assistant.State.DELETED:
        return _("%(name)s deleted this assistant.") % {"name": isolated(assistant.changed_by)}
    if assistant.state == Assistant.State.MISSING:
        return _("The gateway no longer has this assistant.")
    live = assistant.live
    assert live is not None
    text = OVERTAKEN.get(live.kind)
    if text is None:
        text = PUBLISHED_MYSELF if live.author_id == reader.pk else PUBLISHED
    return str(text) % {"name": isolated(live.author_name), "version": assistant.live_version}
