"""Why a member with narrowed rights cannot do something, in a sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assistants.wording.labels import fields_told


def not_theirs(fields: Sequence[str]) -> str:
    """Return why they cannot publish a change of `fields`; of none, of the whole assistant."""
    if not fields:
        return _("You cannot publish this: you can only read this assistant.")
    text = _("You cannot publish this, because you cannot change all of its fields: %(fields)s.")
    return text % {"fields": fields_told(fields)}


def not_created() -> str:
    return _("You cannot publish this: you cannot create assistants.")


def not_restored(fields: Sequence[str]) -> str:
    """Return why they cannot restore a version that differs from live in `fields`."""
    if not fields:
        return _("You cannot restore this: you can only read this assistant.")
    text = _("You cannot restore this version, because you cannot change %(fields)s.")
    return text % {"fields": fields_told(fields)}
